/** Puts progress lines on a terminal, redrawn in place; elsewhere one line per change of what matters. */
import type { SparkJob } from '../../operator/api/spark-job.ts';
import type { Clock } from '../../operator/runtime/clock.ts';
import { fitted, progressLine, type JobView } from './progress-view.ts';

/** One line, and the phase in which its subject is. */
export interface ProgressLine {
  /** Tells lines of different subjects apart. */
  readonly key: string;
  readonly phase: string;
  readonly text: string;
}

export function jobLine(job: SparkJob): ProgressLine {
  const view = viewOf(job);
  return { key: `job/${view.name}`, phase: view.phase, text: progressLine(view) };
}

function viewOf(job: SparkJob): JobView {
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

/** Off a terminal each gets at most one line in this time, except when its phase changes: what changes sooner is said when it is over. */
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

  show(lines: readonly ProgressLine[]): void {
    if (this.#out.isTTY) this.#redraw(lines.map((line) => fitted(line.text, this.#out.columns)));
    else for (const line of lines) this.#say(line);
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

  #say(line: ProgressLine): void {
    const { key, phase, text } = line;
    const last = this.#said.get(key);
    last?.cancelLater();
    if (last?.line === text) return;
    const atMs = this.#clock.monotonic();
    const waitMs = last === undefined || last.phase !== phase ? 0 : last.atMs + plainIntervalMs - atMs;
    if (last !== undefined && waitMs > 0) {
      this.#said.set(key, { ...last, cancelLater: this.#clock.after(waitMs, () => this.#say(line)) });
      return;
    }
    this.#said.set(key, { phase, line: text, atMs, cancelLater: () => {} });
    this.#out.write(`${text}\n`);
  }
}
