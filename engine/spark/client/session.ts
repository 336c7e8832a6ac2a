/** SparkSession: where a script begins. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { badArgument } from './client-error.ts';
import { Connection } from './connection.ts';
import { DataFrame } from './data-frame.ts';
import { literalOf, type Value } from './literal.ts';
import type { LocalRow } from './local-data.ts';
import { DataFrameReader } from './reader.ts';
import { parseRemote } from './remote.ts';
import { Column } from './column.ts';

/** Values for `:name` (an object) or `?` (an array) in SQL text. */
export type SqlArguments = Readonly<Record<string, Value | Column>> | readonly (Value | Column)[];

const remoteVariable = 'SPARK_REMOTE';
const tokenVariable = 'SPARK_CONNECT_AUTHENTICATE_TOKEN';

/**
 * A session with a Spark Connect server: its settings and temporary views.
 * @example
 * const spark = await SparkSession.builder.getOrCreate();
 * await spark.sql('SELECT 1 AS one').then((frame) => frame.show());
 */
export class SparkSession implements AsyncDisposable {
  readonly #connection: Connection;
  /** Settings of this session, under Spark's names. */
  readonly conf: RuntimeConfig;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.conf = new RuntimeConfig(connection);
  }

  static get builder(): SessionBuilder {
    return new SessionBuilder({ url: undefined, settings: {} });
  }

  /** Spark's version that the server speaks. */
  version(signal?: AbortSignal): Promise<string> {
    return this.#connection.version(signal);
  }

  get read(): DataFrameReader {
    return new DataFrameReader(this.#connection);
  }

  /** Runs a command at once; a query becomes a DataFrame and runs when its rows are asked for. */
  async sql(text: string, args: SqlArguments = [], signal?: AbortSignal): Promise<DataFrame> {
    const values = Array.isArray(args)
      ? { posArguments: (args as readonly (Value | Column)[]).map(argumentOf) }
      : { namedArguments: Object.fromEntries(Object.entries(args as Readonly<Record<string, Value | Column>>).map(([name, value]) => [name, argumentOf(value)])) };
    const relation = await this.#connection.command({ commandType: { case: 'sqlCommand', value: { sql: text, ...values } } }, signal);
    if (relation?.relType === undefined || relation.relType.case === undefined) throw badArgument('the server answered the SQL text without a relation.');
    return new DataFrame(this.#connection, relation.relType);
  }

  /** A temporary view. */
  table(name: string): DataFrame {
    return this.read.table(name);
  }

  /** One column `id` from `start` (0) up to `end`, which is left out. */
  range(start: number | bigint, end?: number | bigint, step: number | bigint = 1, partitions?: number): DataFrame {
    const [from, to] = end === undefined ? [0n, BigInt(start)] : [BigInt(start), BigInt(end)];
    const spread = partitions === undefined ? {} : { numPartitions: partitions };
    return new DataFrame(this.#connection, { case: 'range', value: { start: from, end: to, step: BigInt(step), ...spread } });
  }

  /**
   * Rows of the script itself: objects, or arrays with `names`. Whole numbers become BIGINT, others DOUBLE, Date TIMESTAMP;
   * for other types cast: `frame.withColumn('day', col('day').cast('date'))`.
   */
  async createDataFrame(rows: readonly LocalRow[], names?: readonly string[]): Promise<DataFrame> {
    const { arrowOf } = await import('./local-data.ts');
    return new DataFrame(this.#connection, { case: 'localRelation', value: { data: arrowOf(rows, names) } });
  }

  /** Ends the session on the server. */
  stop(): Promise<void> {
    return this.#connection.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function argumentOf(value: Value | Column): Column['expression'] {
  return value instanceof Column ? value.expression : { exprType: { case: 'literal', value: literalOf(value) } };
}

/** `spark.conf`. */
export class RuntimeConfig {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async set(key: string, value: string | number | boolean, signal?: AbortSignal): Promise<void> {
    await this.#connection.config({ case: 'set', value: { pairs: [{ key, value: String(value) }] } }, signal);
  }

  /** Throws `SparkError` SQL_CONF_NOT_FOUND for a key that is not set and has no default, unless `fallback` is given. */
  async get(key: string, fallback?: string, signal?: AbortSignal): Promise<string | undefined> {
    const pairs = await this.#connection.config(
      fallback === undefined ? { case: 'get', value: { keys: [key] } } : { case: 'getWithDefault', value: { pairs: [{ key, value: fallback }] } }, signal,
    );
    return pairs[0]?.value;
  }

  async unset(key: string, signal?: AbortSignal): Promise<void> {
    await this.#connection.config({ case: 'unset', value: { keys: [key] } }, signal);
  }
}

interface BuilderSettings {
  readonly url: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** The session that `getOrCreate` gives again. */
let active: { readonly url: string; readonly session: SparkSession } | undefined;

export class SessionBuilder {
  readonly #settings: BuilderSettings;

  constructor(settings: BuilderSettings) {
    this.#settings = settings;
  }

  /** `sc://host:15002`. Default: the variable SPARK_REMOTE, which a SparkJob's driver sets for its script. */
  remote(url: string): SessionBuilder {
    return new SessionBuilder({ ...this.#settings, url });
  }

  appName(name: string): SessionBuilder {
    return this.config('spark.app.name', name);
  }

  config(key: string, value: string | number | boolean): SessionBuilder {
    return new SessionBuilder({ ...this.#settings, settings: { ...this.#settings.settings, [key]: String(value) } });
  }

  /** The session of this process with the same server, else a new one. */
  async getOrCreate(): Promise<SparkSession> {
    const url = this.#url();
    const session = active?.url === url ? active.session : this.#open(url);
    active = { url, session };
    for (const [key, value] of Object.entries(this.#settings.settings)) await session.conf.set(key, value);
    return session;
  }

  /** A session of its own. */
  async create(): Promise<SparkSession> {
    const session = this.#open(this.#url());
    for (const [key, value] of Object.entries(this.#settings.settings)) await session.conf.set(key, value);
    return session;
  }

  #url(): string {
    const url = this.#settings.url ?? process.env[remoteVariable];
    if (url === undefined || url === '') throw badArgument(`there is no server: call SparkSession.builder.remote('sc://host:15002') or set ${remoteVariable}.`);
    return url;
  }

  #open(url: string): SparkSession {
    const remote = parseRemote(url, process.env[tokenVariable]);
    return new SparkSession(new Connection({
      transport: async () => new (await import('./grpc-transport.ts')).GrpcTransport(remote),
      identity: { sessionId: remote.sessionId ?? randomUUID(), userContext: { userId: remote.userId }, clientType: 'headrace-typescript' },
      newId: randomUUID,
      sleep: async (ms, signal) => {
        await delay(ms, undefined, signal === undefined ? {} : { signal });
      },
    }));
  }
}
