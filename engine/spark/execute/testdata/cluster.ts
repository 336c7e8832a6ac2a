/** For tests: a driver's scheduler and executors on this machine, and plans written by hand. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environment } from '../../../contract.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger, type Logger } from '../../../core/logger.ts';
import { systemRandom } from '../../../core/random.ts';
import type { FileSystem } from '../../../storage/file-system.ts';
import { realFileSystem } from '../../../storage/real.ts';
import { openStores, type StoreSettings, type Stores } from '../../../storage/stores.ts';
import type { DataType, Schema } from '../../plan/types.ts';
import type { Fragment, PhysicalPlan, Stage, StageOutput } from '../../physical/stage.ts';
import { createJobScheduler } from '../../schedule/job-scheduler.ts';
import type { JobScheduler, SchedulerLimits } from '../../schedule/job-scheduler-options.ts';
import { startExecutor, type Executor } from '../executor.ts';

export const root = fileURLToPath(new URL('../../../..', import.meta.url));
export const flights = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
export const secret = Buffer.from('a secret of thirty-two characters');

const settings: StoreSettings = { namespace: 'default', user: 'spark' };
const localStores = (given: StoreSettings): Stores => openStores(realFileSystem({ workingDirectory: root }), { settings: given, clock: systemClock(), signal: new AbortController().signal });

export interface ClusterOptions {
  readonly executors?: number;
  readonly slots?: number;
  readonly limits?: Partial<SchedulerLimits>;
  readonly logger?: Logger;
  readonly fileSystem?: FileSystem;
}

export class Cluster {
  readonly directory: string;
  readonly scheduler: JobScheduler;
  readonly executors: Executor[] = [];
  readonly processes: ChildProcess[] = [];
  readonly #options: ClusterOptions;

  private constructor(directory: string, scheduler: JobScheduler, options: ClusterOptions) {
    this.directory = directory;
    this.scheduler = scheduler;
    this.#options = options;
  }

  /** With `executors` executors in this process. */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const directory = await mkdtemp(join(tmpdir(), 'headrace-cluster-'));
    const count = options.executors ?? 2;
    const scheduler = await createJobScheduler({
      listen: { host: '127.0.0.1', port: 0 }, secret, applicationId: 'app-1', expected: { executors: count, slotsPerExecutor: options.slots ?? 1 },
      clock: systemClock(), random: systemRandom(), logger: options.logger ?? silentLogger,
      fileSystem: options.fileSystem ?? localStores(settings).files, stores: settings, ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    const cluster = new Cluster(directory, scheduler, options);
    try {
      for (let i = 0; i < count; i += 1) await cluster.addExecutor(String(i));
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  async addExecutor(id: string, overrides: { readonly secret?: Uint8Array; readonly fileSystem?: FileSystem } = {}): Promise<Executor> {
    const executor = await startExecutor({
      id, slots: this.#options.slots ?? 1, memoryBytes: 1024 ** 3, driver: this.scheduler.address(), secret, connectTimeoutMs: 10_000,
      blocks: { host: '127.0.0.1', port: 0, advertisedHost: '127.0.0.1' }, workDirectory: join(this.directory, `executor-${id}`),
      taskProgram: join(root, 'engine/spark/map-reduce/task-process.ts'),
      openStores: (given) => ({ ...localStores(given), ...(overrides.fileSystem === undefined ? {} : { files: overrides.fileSystem }) }),
      clock: systemClock(), random: systemRandom(), logger: this.#options.logger ?? silentLogger, ...(overrides.secret === undefined ? {} : { secret: overrides.secret }),
    }, new AbortController().signal);
    this.executors.push(executor);
    return executor;
  }

  /** A process of its own, as the image starts it, on a loopback address of its own. */
  async spawnExecutor(id: string, host: string, secretText = secret.toString()): Promise<ChildProcess> {
    const secretFile = join(this.directory, `secret-${id}`);
    await writeFile(secretFile, secretText);
    const { host: driverHost, port } = this.scheduler.address();
    const child = spawn(process.execPath, [join(root, 'cli/main.ts'), 'executor'], {
      cwd: root, stdio: ['pipe', 'ignore', 'inherit'],
      env: {
        ...process.env, NODE_TEST_CONTEXT: '', [environment.executorId]: id, [environment.driverAddress]: `${driverHost}:${port}`, [environment.podIp]: host,
        [environment.listenHost]: host, [environment.secretFile]: secretFile, [environment.workDir]: this.directory, [environment.logLevel]: 'silent',
        [environment.terminationFile]: join(this.directory, `termination-${id}`), HEADRACE_PARENT_WATCH: 'stdin',
      },
    });
    this.processes.push(child);
    return child;
  }

  async close(): Promise<void> {
    await this.scheduler.close();
    await Promise.all(this.executors.map((each) => each.ended));
    await Promise.all(this.processes.map(exited));
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The exit code, or the signal's name. */
export async function exited(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
    });
  }
  return child.exitCode ?? child.signalCode;
}

/** Waits until the condition holds; fails after ten seconds. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`still waiting until ${what}`);
    await systemClock().sleep(5);
  }
}

export function columns(...types: readonly (DataType['kind'] | DataType)[]): Schema {
  return types.map((type, i) => ({ name: `c${i}`, nullable: true, type: typeof type === 'string' ? { kind: type } as DataType : type }));
}

export function stage(id: number, schema: Schema, output: StageOutput, ...fragments: readonly Fragment[]): Stage {
  return { id, description: `stage ${id}`, fragments, output, schema };
}

/** One stage whose only task gives the rows of `sql`. */
export function query(sql: string, schema: Schema, tasks = 1): PhysicalPlan {
  return { stages: [stage(0, schema, { kind: 'result' }, { inputs: [], sql, tasks })], schema };
}

export const flightsRowGroups = 11;
const flightsRowGroupRows = 272_727;

/** Flights per origin with the sum of delays, through a shuffle; one map task for each row group. */
export function flightsPerOrigin(partitions: number, reduceSql = 'SELECT c0, CAST(sum(c1) AS BIGINT) AS c1, CAST(sum(c2) AS BIGINT) AS c2 FROM partial GROUP BY c0'): PhysicalPlan {
  const splits = Array.from({ length: flightsRowGroups }, (_, i) => [{
    path: flights, bytes: 1_200_000, rows: { from: i * flightsRowGroupRows, to: i === flightsRowGroups - 1 ? 3_000_000 : (i + 1) * flightsRowGroupRows },
  }]);
  const schema = columns('string', 'long', 'long');
  return {
    schema,
    stages: [
      stage(0, schema, { kind: 'shuffle', keys: ['c0'], partitions }, {
        inputs: [{ kind: 'files', name: 'flights', scan: 'read_parquet($path, file_row_number=true)', splits }], tasks: flightsRowGroups,
        sql: 'SELECT origin AS c0, count(*) AS c1, CAST(sum(delay) AS BIGINT) AS c2 FROM flights GROUP BY origin',
      }),
      stage(1, schema, { kind: 'result' }, { inputs: [{ kind: 'shuffle', name: 'partial', stage: 0 }], sql: reduceSql, tasks: partitions }),
    ],
  };
}
