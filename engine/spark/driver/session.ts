import type { Progress } from '../../contract.ts';
import { resultBytesMax } from '../plan/conf.ts';
import type { PlannerContext } from '../plan/context.ts';
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { Schema } from '../plan/types.ts';
import type { PhysicalPlan } from '../physical/stage.ts';
import type { JobResult } from '../physical/job.ts';
import { SessionConf } from './session-conf.ts';
import type { ExplainMode, SessionServices, WriteCommand } from './session-services.ts';
import type { ResultBlock } from './result-text.ts';
import { inlineViews } from './view-inlining.ts';

/** What a command answers. */
export type CommandResult =
  | { readonly kind: 'rows'; readonly schema: Schema; readonly blocks: readonly ResultBlock[] }
  | { readonly kind: 'files'; readonly path: string; readonly rows: number; readonly bytes: number; readonly files: number }
  /** EXPLAIN and SET: few rows, text only. */
  | { readonly kind: 'text'; readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'nothing' };

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

const viewsMax = 10_000;

/** Settings and temporary views of one user of the driver, and the way from a command to its result. */
export class Session {
  readonly conf: SessionConf;
  readonly #services: SessionServices;
  readonly #views = new Map<string, LogicalPlan>();

  constructor(services: SessionServices, applicationConf: ReadonlyMap<string, string>) {
    this.#services = services;
    this.conf = new SessionConf(applicationConf);
  }

  get parser(): SessionServices['parser'] {
    return this.#services.parser;
  }

  get timeZone(): string {
    return this.conf.getOrDefault('spark.sql.session.timeZone') ?? 'UTC';
  }

  viewNames(): readonly string[] {
    return [...this.#views.keys()];
  }

  /** Throws `SparkError` when the command or its job fails, and the signal's reason when it is cancelled. */
  async execute(command: Command, options: ExecuteOptions): Promise<CommandResult> {
    options.signal.throwIfAborted();
    switch (command.kind) {
      case 'query':
        return this.#query(command.plan, options);
      case 'write':
        return this.#write(command, options);
      case 'createTempView':
        await this.#createView(command, options.signal);
        return { kind: 'nothing' };
      case 'dropView':
        if (!this.dropView(command.name) && !command.ifExists) throw viewNotFound(command.name);
        return { kind: 'nothing' };
      case 'setConf':
        this.conf.set(command.key, command.value);
        return { kind: 'text', columns: ['key', 'value'], rows: [[command.key, command.value]] };
      case 'explain':
        return { kind: 'text', columns: ['plan'], rows: [[await this.#explain(command.command, command.mode, options.signal)]] };
      default:
        return command satisfies never;
    }
  }

  /** Analyses only. */
  async schemaOf(plan: LogicalPlan, signal: AbortSignal): Promise<Schema> {
    return this.#services.planner.schemaOf(plan, this.#context(), signal);
  }

  async explain(plan: LogicalPlan, mode: ExplainMode, signal: AbortSignal): Promise<string> {
    return this.#services.planner.explain(plan, mode, this.#context(), signal);
  }

  /** Whether there was one. */
  dropView(name: string): boolean {
    return this.#views.delete(name.toLowerCase());
  }

  #context(): PlannerContext {
    const { sources, parser, jobs } = this.#services;
    return { conf: this.conf, views: this.#views, sources, slots: Math.max(1, jobs.slots()), parse: parser };
  }

  async #query(plan: LogicalPlan, options: ExecuteOptions): Promise<CommandResult> {
    const physical = await this.#services.planner.planQuery(plan, this.#context(), options.signal);
    const result = await this.#run(physical, options);
    if (result.kind !== 'rows') throw new Error('the job of a query wrote files');
    return { kind: 'rows', schema: physical.schema, blocks: result.blocks };
  }

  async #write(command: WriteCommand, options: ExecuteOptions): Promise<CommandResult> {
    const physical = await this.#services.planner.planWrite(command, this.#context(), options.signal);
    const result = await this.#run(physical, options);
    if (result.kind !== 'files') throw new Error('the job of a write returned rows');
    return { kind: 'files', path: result.path, rows: result.rows, bytes: result.bytes, files: result.files.length };
  }

  async #run(plan: PhysicalPlan, options: ExecuteOptions): Promise<JobResult> {
    const bytesMax = resultBytesMax(this.conf);
    return this.#services.jobs.run(plan, {
      signal: options.signal, resultBytesMax: bytesMax === 0 ? Number.MAX_SAFE_INTEGER : bytesMax,
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
  }

  /** Analysed at once, so that a wrong view fails where it is made. */
  async #createView(command: Extract<Command, { kind: 'createTempView' }>, signal: AbortSignal): Promise<void> {
    const key = command.name.toLowerCase();
    if (!command.replace && this.#views.has(key)) {
      throw new SparkError({
        errorClass: 'TEMP_TABLE_OR_VIEW_ALREADY_EXISTS', sqlState: '42P07', parameters: { relationName: `\`${command.name}\`` },
        message: `Cannot create the temporary view \`${command.name}\` because it already exists. Choose a different name, drop or replace the existing view.`,
      });
    }
    if (this.#views.size >= viewsMax && !this.#views.has(key)) {
      throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE', sqlState: '0A000', message: `A session holds at most ${viewsMax} temporary views.` });
    }
    const plan = inlineViews(command.plan, this.#views);
    await this.schemaOf(plan, signal);
    this.#views.set(key, plan);
  }

  async #explain(command: Command, mode: ExplainMode, signal: AbortSignal): Promise<string> {
    if (command.kind === 'query' || command.kind === 'write' || command.kind === 'createTempView') return this.explain(command.plan, mode, signal);
    throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE', sqlState: '0A000', message: `EXPLAIN of the command ${command.kind} is not supported.` });
  }
}

function viewNotFound(name: string): SparkError {
  return new SparkError({
    errorClass: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01', parameters: { relationName: `\`${name}\`` },
    message: `The table or view \`${name}\` cannot be found. Verify the spelling, or use DROP VIEW IF EXISTS.`,
  });
}
