/** Puts progress lines on a terminal, redrawn in place; elsewhere one line per change of what matters. */
import type { SparkJob } from '../../operator/api/spark-job.ts';
import type { Clock } from '../../operator/runtime/clock.ts';
import { fitted, progressLine, type JobView } from './progress-view.ts';

export function viewOf(job: SparkJob): JobView {
  const status = job.status;
  const reconciling = status?.conditions?.find((condition) => condition.type === 'Reconciling' && condition.status === 'True');
  const phase = status?.phase ?? 'Pending';
  return {
    name: job.metadata.name,
    phase,
    executors: { target: status?.executors?.target ?? 0, running: status?.executors?.running ?? 0 },
    stages: { total: status?.progress?.stages.total ?? 0, completed: status?.progress?.stages.completed ?? 0 },
    tasks: status?.progress?.tasks ?? { total: 0, completed: 0, running: 0, failed: 0 },
    ...(phase === 'Running' || reconciling === undefined ? {} : { message: reconciling.message }),
  };
}

/** Off a terminal a job gets at most one line in this time, except when its phase changes: what changes sooner is said when it is over. */
const plainIntervalMs = 1000;

interface Said {
  readonly phase: string;
  readonly line: string;
  readonly atMs: number;
  /** Ends the wait of a line that came too soon. */
  readonly cancelLater: () => void;
}

export class ProgressDisplay {
  readonly #out: NodeJS.WriteStream;
  readonly #clock: Clock;
  #drawn = 0;
  readonly #said = new Map<string, Said>();

  constructor(out: NodeJS.WriteStream, clock: Clock) {
    this.#out = out;
    this.#clock = clock;
  }

  show(jobs: readonly SparkJob[]): void {
    const views = jobs.map(viewOf);
    if (this.#out.isTTY) this.#redraw(views.map((view) => fitted(progressLine(view), this.#out.columns)));
    else for (const view of views) this.#say(view);
  }

  /** Leaves the last state of the lines in place. */
  end(): void {
    for (const said of this.#said.values()) said.cancelLater();
    if (this.#drawn > 0) this.#out.write('\n');
    this.#drawn = 0;
  }

  #redraw(lines: readonly string[]): void {
    const up = this.#drawn > 1 ? `\u001b[${this.#drawn - 1}A` : '';
    this.#out.write(`\r${up}${lines.map((line) => `\u001b[2K${line}`).join('\n')}`);
    this.#drawn = lines.length;
  }

  #say(view: JobView): void {
    const line = progressLine(view);
    const last = this.#said.get(view.name);
    last?.cancelLater();
    if (last?.line === line) return;
    const atMs = this.#clock.monotonic();
    const waitMs = last === undefined || last.phase !== view.phase ? 0 : last.atMs + plainIntervalMs - atMs;
    if (last !== undefined && waitMs > 0) {
      this.#said.set(view.name, { ...last, cancelLater: this.#clock.after(waitMs, () => this.#say(view)) });
      return;
    }
    this.#said.set(view.name, { phase: view.phase, line, atMs, cancelLater: () => {} });
    this.#out.write(`${line}\n`);
  }
}
