import { strict as assert } from 'node:assert';
import { readdir } from 'node:fs/promises';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import type { JobOptions, JobResult } from '../physical/job.ts';
import type { PhysicalPlan } from '../physical/stage.ts';
import { SparkError } from '../plan/spark-error.ts';
import { Cluster, columns, exited, flights, flightsPerOrigin, flightsRowGroups, query, stage, until } from './testdata/cluster.ts';

const clusters: Cluster[] = [];
after(async () => {
  await Promise.all(clusters.map((each) => each.close()));
});
async function start(options: Parameters<typeof Cluster.start>[0] = {}): Promise<Cluster> {
  const cluster = await Cluster.start(options);
  clusters.push(cluster);
  return cluster;
}
async function run(cluster: Cluster, plan: PhysicalPlan, options: Partial<JobOptions> = {}): Promise<JobResult> {
  return await cluster.scheduler.run(plan, { signal: new AbortController().signal, resultBytesMax: 1e8, ...options });
}
/** Rows as text, sorted. */
function rowsOf(result: JobResult): readonly string[] {
  assert.equal(result.kind, 'rows');
  const tables = result.kind === 'rows' ? result.blocks.map((block) => tableFromIPC(block.data)) : [];
  return tables.flatMap((table) => table.toArray().map((row: object) => JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)))).toSorted();
}
async function expectedPerOrigin(): Promise<readonly string[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(`SELECT origin, count(*)::VARCHAR, sum(delay)::VARCHAR FROM '${flights}' GROUP BY origin`);
  const rows = reader.getRows().map(([c0, c1, c2]) => JSON.stringify({ c0, c1, c2 })).toSorted();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
const failsWith = (errorClass: string, message = /./) => (error: unknown): boolean => {
  assert.ok(error instanceof SparkError, String(error));
  assert.equal(error.errorClass, errorClass, error.message);
  assert.match(error.message, message);
  assert.doesNotMatch(error.message, /\n\s+at /);
  return true;
};

for (const partitions of [1, 4, 150]) {
  test(`scan, shuffle over ${partitions} partitions and aggregate give what the kernel alone gives`, async () => {
    const cluster = await start();
    assert.deepEqual(rowsOf(await run(cluster, flightsPerOrigin(partitions))), await expectedPerOrigin());
    const status = cluster.scheduler.status();
    assert.deepEqual(status.progress.tasks, { total: flightsRowGroups + partitions, completed: flightsRowGroups + partitions, running: 0, failed: 0 });
    assert.ok(status.executors.every((each) => each.completedTasks > 0 && each.shuffleBytes === 0));
    assert.ok(status.firstTaskAtMs !== null);
  });
}

test('a broadcast table is joined by every task, rows of the plan are read, and fragments of one stage follow each other', async () => {
  const cluster = await start();
  const { encodeBlock } = await import('./arrow-block.ts');
  const local = encodeBlock(columns('int', 'string'), [[1, 2, 3], ['one', 'two', null]], 3);
  const plan: PhysicalPlan = {
    schema: columns('int', 'string'),
    stages: [
      stage(0, columns('int', 'string'), { kind: 'broadcast' }, { inputs: [{ kind: 'local', name: 'given', data: local }], sql: 'SELECT c0, c1 FROM given WHERE c0 > 1', tasks: 1 }),
      stage(1, columns('int', 'string'), { kind: 'result' },
        { inputs: [{ kind: 'broadcast', name: 'b', stage: 0 }], sql: 'SELECT b.c0, b.c1 FROM b JOIN range(3) r ON r.range = b.c0', tasks: 2 },
        { inputs: [], sql: "SELECT CAST(7 AS INTEGER) AS c0, 'seven' AS c1", tasks: 1 }),
    ],
  };
  assert.deepEqual(rowsOf(await run(cluster, plan)), ['{"c0":2,"c1":"two"}', '{"c0":2,"c1":"two"}', '{"c0":7,"c1":"seven"}']);
});

test('an empty result is one block without rows', async () => {
  const cluster = await start();
  const result = await run(cluster, query('SELECT 1 AS c0 WHERE false', columns('int'), 3));
  assert.ok(result.kind === 'rows' && result.blocks.length === 1 && result.blocks[0]?.rows === 0);
  assert.deepEqual(tableFromIPC(result.blocks[0]?.data).schema.names, ['c0']);
});

test('rows without keys are dealt out evenly, and a partition that got none is empty', async () => {
  const cluster = await start();
  const plan = (rows: number): PhysicalPlan => ({
    schema: columns('long'),
    stages: [
      stage(0, columns('int'), { kind: 'shuffle', keys: [], partitions: 4 }, { inputs: [], sql: `SELECT CAST(1 AS INTEGER) AS c0 FROM range(${rows})`, tasks: 1 }),
      stage(1, columns('long'), { kind: 'result' }, { inputs: [{ kind: 'shuffle', name: 's', stage: 0 }], sql: 'SELECT count(*) AS c0 FROM s', tasks: 4 }),
    ],
  });
  assert.deepEqual(rowsOf(await run(cluster, plan(100))), ['{"c0":"25"}', '{"c0":"25"}', '{"c0":"25"}', '{"c0":"25"}']);
  assert.deepEqual(rowsOf(await run(cluster, plan(1))), ['{"c0":"0"}', '{"c0":"0"}', '{"c0":"0"}', '{"c0":"1"}']);
});

test('a large result is streamed to the driver, and one that is too large fails the job', async () => {
  const cluster = await start();
  const plan = query('SELECT range AS c0, repeat(\'x\', 100) AS c1 FROM range(100000)', columns('long', 'string'), 2);
  const result = await run(cluster, plan);
  assert.ok(result.kind === 'rows' && result.blocks.length > 4);
  assert.equal(result.kind === 'rows' ? result.blocks.reduce((sum, block) => sum + block.rows, 0) : 0, 200_000);
  await assert.rejects(run(cluster, plan, { resultBytesMax: 1_000_000 }), failsWith('DRIVER_RESULT_SIZE_EXCEEDED'));
  await assert.rejects(run(cluster, plan, { resultBytesMax: 15_000_000 }), failsWith('DRIVER_RESULT_SIZE_EXCEEDED'));
});

test('an error that a fragment raises fails the job at once, with its class', async () => {
  const cluster = await start();
  const check = async (sql: string, errorClass: string, message?: RegExp): Promise<void> => {
    await assert.rejects(run(cluster, query(sql, columns('int'))), failsWith(errorClass, message));
  };
  await check("SELECT error('[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012') AS c0", 'DIVIDE_BY_ZERO', /^\[DIVIDE_BY_ZERO\] Division by zero\. SQLSTATE: 22012$/);
  await check("SELECT CAST('abc' AS INTEGER) AS c0", 'CAST_INVALID_INPUT', /abc/);
  await check("SELECT c0 FROM read_parquet('/nowhere.parquet')", 'FAILED_READ_FILE.FILE_NOT_EXIST', /nowhere/);
  await check('SELECT nonsense FROM nowhere', 'INTERNAL_ERROR');
  assert.equal(cluster.scheduler.status().progress.tasks.failed, 4);
});

test('a cancelled job stops its tasks and leaves no block behind', async () => {
  const cluster = await start();
  const controller = new AbortController();
  const slow = flightsPerOrigin(4, 'SELECT p.c0, p.c1, p.c2 FROM partial p, range(100000000) a WHERE hash(a.range) = p.c1');
  const job = run(cluster, slow, { signal: controller.signal });
  await until('the reduce stage runs', () => cluster.scheduler.status().progress.tasks.completed >= flightsRowGroups);
  controller.abort(new Error('not wanted any more'));
  await assert.rejects(job, /not wanted any more/);
  await until('the executors are idle', () => cluster.scheduler.executors().every((each) => each.runningTasks === 0));
  // A directory that goes while it is read is one that was still there.
  const left = async (): Promise<readonly string[]> => (await readdir(cluster.directory, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return ['job-going'];
  })).filter((name) => /parquet|job-/.test(name));
  await until('the blocks are gone', async () => (await left()).length === 0);
  assert.equal((await run(cluster, query('SELECT CAST(1 AS INTEGER) AS c0', columns('int')))).kind, 'rows');
});

test('several jobs run at the same time', async () => {
  const cluster = await start();
  const expected = await expectedPerOrigin();
  const results = await Promise.all([run(cluster, flightsPerOrigin(3)), run(cluster, flightsPerOrigin(2)), run(cluster, query('SELECT CAST(1 AS INTEGER) AS c0', columns('int')))]);
  assert.deepEqual(rowsOf(results[0]), expected);
  assert.deepEqual(rowsOf(results[1]), expected);
});

test('an executor that says goodbye is missed by nobody', async () => {
  const cluster = await start({ executors: 3 });
  const job = run(cluster, flightsPerOrigin(6));
  await until('the reduce stage runs', () => cluster.scheduler.status().progress.tasks.completed >= flightsRowGroups);
  await cluster.executors[0]?.drain(5000);
  assert.deepEqual(await cluster.executors[0]?.ended, { kind: 'drained' });
  assert.deepEqual(rowsOf(await job), await expectedPerOrigin());
});

test('without any executor a job fails in time, and says where to look', async () => {
  const cluster = await start({ executors: 0, limits: { executorTimeoutMs: 10 } });
  await assert.rejects(run(cluster, query('SELECT 1 AS c0', columns('int'))), failsWith('NO_EXECUTORS', /executor pods/));
});

test('an executor process killed in the middle of the reduce stage costs only its own outputs', async () => {
  const cluster = await start({ executors: 0 });
  const first = await cluster.spawnExecutor('a', '127.0.0.2');
  await cluster.spawnExecutor('b', '127.0.0.3');
  await until('both are there', () => cluster.scheduler.executors().length === 2);
  // The last column keeps each reduce task busy for a while.
  const slow = 'SELECT c0, CAST(sum(c1) AS BIGINT) AS c1, CAST(sum(c2) + (SELECT count(*) FROM range(150000000) WHERE hash(range) = 0) * 0 AS BIGINT) AS c2 FROM partial GROUP BY c0';
  const job = run(cluster, flightsPerOrigin(4, slow));
  const mapsOf = (id: string): number => cluster.scheduler.executors().find((each) => each.id === id)?.completedTasks ?? 0;
  await until('the reduce stage runs', () => cluster.scheduler.status().progress.tasks.completed >= flightsRowGroups && cluster.scheduler.status().progress.tasks.running === 2);
  const lost = Math.min(mapsOf('a'), flightsRowGroups);
  const kept = mapsOf('b');
  first.kill('SIGKILL');
  assert.deepEqual(rowsOf(await job), await expectedPerOrigin());
  assert.equal(await exited(first), 'SIGKILL');
  // b has run its own maps, those that were lost with a, and all reduce tasks.
  assert.equal(mapsOf('b'), kept + lost + 4);
  assert.equal(kept + lost, flightsRowGroups);
});

test('an executor process with another secret is refused and says so', async () => {
  const cluster = await start({ executors: 0 });
  const child = await cluster.spawnExecutor('a', '127.0.0.4', 'another secret of enough characters');
  assert.equal(await exited(child), 2);
  assert.deepEqual(cluster.scheduler.executors(), []);
});
