import { strict as assert } from 'node:assert';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { faultyFileSystem } from '../../storage/faulty.ts';
import { FileError } from '../../storage/file-system.ts';
import { realFileSystem } from '../../storage/real.ts';
import type { JobResult } from '../physical/job.ts';
import type { PhysicalPlan, StageOutput } from '../physical/stage.ts';
import type { SaveMode } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import { Cluster, columns, root, stage } from './testdata/cluster.ts';

const clusters: Cluster[] = [];
after(async () => {
  await Promise.all(clusters.map((each) => each.close()));
});
async function start(options: Parameters<typeof Cluster.start>[0] = {}): Promise<Cluster> {
  const cluster = await Cluster.start(options);
  clusters.push(cluster);
  return cluster;
}

/** Two tasks write five rows each of (number, k). */
function writePlan(path: string, mode: SaveMode, changes: Partial<StageOutput & { kind: 'files' }> = {}, sql = "SELECT range AS c0, CASE WHEN range % 2 = 0 THEN 'even' END AS c1 FROM range(5)"): PhysicalPlan {
  const output: StageOutput = {
    kind: 'files', format: 'parquet', path, mode, columns: ['number', 'k'], partitionBy: [], copyOptions: 'FORMAT parquet, COMPRESSION snappy', extension: 'snappy.parquet', ...changes,
  };
  return { schema: columns('long', 'string'), stages: [stage(0, columns('long', 'string'), output, { inputs: [], sql, tasks: 2 })] };
}
async function run(cluster: Cluster, plan: PhysicalPlan, signal = new AbortController().signal): Promise<JobResult & { kind: 'files' }> {
  const result = await cluster.scheduler.run(plan, { signal, resultBytesMax: 1e8 });
  assert.ok(result.kind === 'files');
  return result;
}
async function sumOf(relation: string): Promise<string> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const value = (await connection.runAndReadAll(`SELECT count(*) || ' rows, sum ' || sum(number) FROM ${relation}`)).value(0, 0);
  connection.closeSync();
  instance.closeSync();
  return String(value);
}
const tree = async (path: string): Promise<readonly string[]> => (await readdir(path, { recursive: true })).toSorted();

test('parquet files are written side by side and committed with a _SUCCESS file', async () => {
  const cluster = await start();
  const path = join(cluster.directory, 'out');
  const result = await run(cluster, writePlan(path, 'error'));
  assert.equal(result.rows, 10);
  assert.equal(result.files.length, 2);
  assert.ok(result.bytes > 0);
  assert.match(String(result.files[0]), /\/out\/part-00000-[0-9a-f]{16}\.snappy\.parquet$/);
  assert.equal((await tree(path)).length, 3);
  assert.equal(await sumOf(`'${path}/*.parquet'`), '10 rows, sum 20');
  await assert.rejects(run(cluster, writePlan(path, 'error')), (error: unknown) => error instanceof SparkError && error.errorClass === 'PATH_ALREADY_EXISTS');
  assert.deepEqual((await run(cluster, writePlan(path, 'ignore'))).files, []);
  await run(cluster, writePlan(path, 'append'));
  assert.equal(await sumOf(`'${path}/*.parquet'`), '20 rows, sum 40');
  await run(cluster, writePlan(path, 'overwrite'));
  assert.equal(await sumOf(`'${path}/*.parquet'`), '10 rows, sum 20');
});

test('csv, json and partition directories as Spark names them', async () => {
  const cluster = await start();
  const csv = join(cluster.directory, 'csv');
  await run(cluster, writePlan(csv, 'error', { format: 'csv', copyOptions: 'FORMAT csv, HEADER true', extension: 'csv' }));
  const [name] = (await tree(csv)).filter((each) => each.startsWith('part-'));
  assert.equal((await readFile(join(csv, String(name)), 'utf8')).split('\n')[0], 'number,k');
  const json = join(cluster.directory, 'json');
  await run(cluster, writePlan(json, 'error', { format: 'json', copyOptions: '', extension: 'json', partitionBy: ['k'] }));
  const directories = (await tree(json)).filter((each) => !each.includes('/'));
  assert.deepEqual(directories, ['_SUCCESS', 'k=__HIVE_DEFAULT_PARTITION__', 'k=even']);
  assert.equal((await tree(json)).filter((each) => each.endsWith('.json')).length, 4);
  assert.equal(await sumOf(`read_json('${json}/*/*.json')`), '10 rows, sum 20');
});

test('no rows make one file with the columns', async () => {
  const cluster = await start();
  const path = join(cluster.directory, 'out');
  const result = await run(cluster, writePlan(path, 'error', {}, "SELECT range AS c0, 'k' AS c1 FROM range(0)"));
  assert.equal(result.rows, 0);
  assert.equal(result.files.length, 1);
  assert.equal(await sumOf(`'${path}/*.parquet'`), 'null');
});

test('a job that fails or is cancelled leaves the old data and nothing else', async () => {
  const cluster = await start();
  const path = join(cluster.directory, 'out');
  await mkdir(path);
  await writeFile(join(path, 'old'), 'old');
  await assert.rejects(run(cluster, writePlan(path, 'overwrite', {}, "SELECT CASE WHEN range = 4 THEN error('[BAD] no') ELSE range END AS c0, 'k' AS c1 FROM range(5)")), /\[BAD\] no/);
  assert.deepEqual(await tree(path), ['old']);
  const controller = new AbortController();
  const job = run(cluster, writePlan(path, 'overwrite', {}, "SELECT range AS c0, 'k' AS c1 FROM range(3000000000) WHERE hash(range) = 0"), controller.signal);
  setTimeout(() => controller.abort(new Error('stop')), 50);
  await assert.rejects(job, /stop/);
  assert.deepEqual(await tree(path), ['old']);
});

test('a disk that fails in the middle of the commit leaves the old data', async () => {
  let moved = 0;
  const fileSystem = faultyFileSystem(realFileSystem({ workingDirectory: root }), (operation, path) => {
    if (operation === 'rename') moved += 1;
    return operation === 'rename' && moved === 2 ? new FileError('Io', path, 'the disk broke') : undefined;
  });
  const cluster = await start({ fileSystem });
  const path = join(cluster.directory, 'out');
  await mkdir(path);
  await writeFile(join(path, 'old'), 'old');
  await assert.rejects(run(cluster, writePlan(path, 'overwrite')), /OUTPUT_COMMIT_FAILED.*the old data is unchanged/);
  assert.deepEqual(await tree(path), ['old']);
});

test('an executor that does not see the storage of the driver is told apart from a failure', async () => {
  const cluster = await start({ executors: 0, fileSystem: realFileSystem({ workingDirectory: root, mounts: { '/shared': join(tmpdir(), `headrace-not-shared-${process.pid}`) } }) });
  await cluster.addExecutor('a', { fileSystem: realFileSystem({ workingDirectory: root, mounts: { '/shared': join(cluster.directory, 'other') } }) });
  await assert.rejects(run(cluster, writePlan('/shared/out', 'error')), /OUTPUT_STORAGE_NOT_SHARED.*volume that is mounted/);
});
