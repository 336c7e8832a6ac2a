/** One session with the server: what DataFrames ask it. The gRPC transport is loaded with the first call, because a script's start counts. */
import type { AnalyzePlanRequest_Explain_ExplainMode, ExecutePlanResponse } from '../connect/generated/spark/connect/base_pb.ts';
import type { DataType } from '../connect/generated/spark/connect/types_pb.ts';
import { SparkError } from './client-error.ts';
import { execute, type ClientIdentity } from './execution.ts';
import { explainModes, type CommandInit, type RelationInit } from './message.ts';
import type { Answer, RequestInit, Transport } from './transport.ts';

export interface ConnectionOptions {
  readonly transport: () => Promise<Transport>;
  readonly identity: ClientIdentity;
  readonly newId: () => string;
  /** Waits between attempts to reattach. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

type Analysis = NonNullable<Exclude<RequestInit<'analyzePlan'>, { $typeName: string }>['analyze']>;
type ConfigOperation = NonNullable<NonNullable<Exclude<RequestInit<'config'>, { $typeName: string }>['operation']>['opType']>;
type Result = Answer<'analyzePlan'>['result'];

/** One batch of rows, and the schema if the server sent one before it. */
export interface ArrowBatch {
  readonly data: Uint8Array;
  readonly schema: DataType | undefined;
}

export class Connection {
  readonly #options: ConnectionOptions;
  #transport: Promise<Transport> | undefined;
  #planIds = 0n;
  #closed = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  /** Names a DataFrame within its session, so that `frame.col(name)` means this frame's column also in a self-join. */
  nextPlanId(): bigint {
    this.#planIds += 1n;
    return this.#planIds;
  }

  async *rows(relation: RelationInit, signal?: AbortSignal): AsyncGenerator<ArrowBatch> {
    let schema: DataType | undefined;
    for await (const response of this.#execute({ opType: { case: 'root', value: relation } }, signal)) {
      schema = response.schema ?? schema;
      if (response.responseType.case === 'arrowBatch') yield { data: response.responseType.value.data, schema };
    }
  }

  /** Runs a command to its end; answers what stands for its rows, where it has some. */
  async command(command: CommandInit, signal?: AbortSignal): Promise<RelationInit | undefined> {
    let relation: RelationInit | undefined;
    for await (const response of this.#execute({ opType: { case: 'command', value: command } }, signal)) {
      if (response.responseType.case === 'sqlCommandResult') relation = response.responseType.value.relation;
    }
    return relation;
  }

  async schema(relation: RelationInit, signal?: AbortSignal): Promise<DataType | undefined> {
    const result = await this.#analyze({ case: 'schema', value: { plan: { opType: { case: 'root', value: relation } } } }, signal);
    return expected(result, 'schema').schema;
  }

  async explain(relation: RelationInit, mode: keyof typeof explainModes, signal?: AbortSignal): Promise<string> {
    const explainMode: AnalyzePlanRequest_Explain_ExplainMode = explainModes[mode];
    const result = await this.#analyze({ case: 'explain', value: { plan: { opType: { case: 'root', value: relation } }, explainMode } }, signal);
    return expected(result, 'explain').explainString;
  }

  async treeString(relation: RelationInit, signal?: AbortSignal): Promise<string> {
    const result = await this.#analyze({ case: 'treeString', value: { plan: { opType: { case: 'root', value: relation } } } }, signal);
    return expected(result, 'treeString').treeString;
  }

  async version(signal?: AbortSignal): Promise<string> {
    return expected(await this.#analyze({ case: 'sparkVersion', value: {} }, signal), 'sparkVersion').version;
  }

  /** The pairs that the server answers. */
  async config(opType: ConfigOperation, signal?: AbortSignal): Promise<readonly { readonly key: string; readonly value?: string | undefined }[]> {
    const transport = await this.#connected();
    return (await transport.unary('config', { ...this.#options.identity, operation: { opType } }, signal)).pairs;
  }

  /** Lets the server forget the session. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const transport = await this.#transport;
    if (transport === undefined) return;
    try {
      await transport.unary('releaseSession', this.#options.identity);
    } catch (error) {
      // The server may be gone already, and with it the session.
      if (!(error instanceof SparkError)) throw error;
    } finally {
      transport.close();
    }
  }

  async *#execute(plan: Parameters<typeof execute>[0], signal?: AbortSignal): AsyncGenerator<ExecutePlanResponse> {
    const { identity, newId, sleep } = this.#options;
    yield* execute(plan, { transport: await this.#connected(), identity, newId, sleep }, signal);
  }

  async #analyze(analyze: Analysis, signal?: AbortSignal): Promise<Result> {
    const transport = await this.#connected();
    return (await transport.unary('analyzePlan', { ...this.#options.identity, analyze }, signal)).result;
  }

  #connected(): Promise<Transport> {
    if (this.#closed) throw new SparkError({ errorClass: 'SESSION_CLOSED', message: '[SESSION_CLOSED] The session has been stopped; make another with SparkSession.builder.' });
    this.#transport ??= this.#options.transport();
    return this.#transport;
  }
}

type Answered = Exclude<Result, { case: undefined }>;
type ValueOf<Case extends Answered['case']> = Extract<Answered, { readonly case: Case }>['value'];

function expected<Case extends Answered['case']>(result: Result, name: Case): ValueOf<Case> {
  if (result.case === name) return result.value as ValueOf<Case>;
  throw new SparkError({ errorClass: 'INVALID_HANDLE', message: `[INVALID_HANDLE] The server answered ${result.case ?? 'nothing'} where ${name} was asked.` });
}
