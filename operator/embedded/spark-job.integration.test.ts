/** Whole jobs in embedded mode, as `headrace run` starts them: real operator, real engine, real processes. */
import { DuckDBInstance } from '@duckdb/node-api';
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { sparkJobType, type SparkJob } from '../api/spark-job.ts';
import { podType, type Pod } from '../kube/resource-types.ts';
import { operateEmbedded } from './main.ts';
import { realClock } from '../runtime/clock.ts';
import { silentLogger } from '../runtime/logger.ts';
import { startEmbedded, type Embedded } from './embedded.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { signal } = new AbortController();
const flights = join(root, 'node_modules/vega-datasets/data/flights-3m.parquet');
const airports = join(root, 'node_modules/vega-datasets/data/airports.csv');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `headrace run` as a person calls it. */
function headraceRun(args: readonly string[], options: { readonly interruptAt?: RegExp } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['cli/main.ts', 'run', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += String(chunk)));
    child.stdout.on('data', (chunk) => {
      stdout += String(chunk);
      if (options.interruptAt?.test(stdout) === true) child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function withHome<T>(body: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'headrace-job-'));
  try {
    return await body(home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function duckdb(query: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(query)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

function job(name: string, spec: object): string {
  return stringify({ apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', metadata: { name }, spec });
}

/** Processes whose command line names this home: what a run left behind. */
function processesOf(home: string): readonly string[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(home);
    } catch {
      return false;
    }
  });
}

test('the example runs to its table, its files are committed, and nothing is left running', async () => {
  await withHome(async (home) => {
    const ended = await headraceRun(['-f', 'examples/flights.yaml', '--home', home]);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    assert.match(ended.stdout, /flights {2}Completed .* stages (\d+)\/\1 {2}tasks (\d+)\/\2/);
    const [worst] = await duckdb(`
      WITH routes AS (SELECT origin, destination, count(*) AS n, round(avg(delay), 2) AS delay FROM '${flights}' GROUP BY ALL HAVING count(*) >= 180)
      SELECT origin, destination, n, delay FROM routes JOIN '${airports}' o ON origin = o.iata JOIN '${airports}' d ON destination = d.iata ORDER BY delay DESC, 1, 2 LIMIT 1`);
    const line = new RegExp(`^${String(worst?.[0])} .*${String(worst?.[1])} .*${String(worst?.[2])} +${String(worst?.[3])}$`, 'm');
    assert.match(ended.stdout, line);
    const output = join(home, 'volumes/default/flights-output/airports');
    assert.ok(ended.stdout.includes('volumes/default/flights-output/airports'), 'it says where the output lies');
    assert.ok(existsSync(join(output, '_SUCCESS')));
    const differences = await duckdb(`
      WITH expected AS (SELECT f.origin, a.name, count(*) AS n, round(avg(f.delay), 9) AS delay FROM '${flights}' f JOIN '${airports}' a ON f.origin = a.iata GROUP BY ALL),
           actual AS (SELECT origin, name, flights AS n, round(mean_delay, 9) AS delay FROM '${output}/*.parquet')
      (FROM expected EXCEPT ALL FROM actual) UNION ALL (FROM actual EXCEPT ALL FROM expected)`);
    assert.deepEqual(differences, []);
    assert.deepEqual(processesOf(home), []);
  });
});

test('the script of the examples runs to its table', async () => {
  await withHome(async (home) => {
    const ended = await headraceRun(['-f', 'examples/script.yaml', '--home', home]);
    assert.equal(ended.code, 0, ended.stdout + ended.stderr);
    const expected = await duckdb(`SELECT origin, count(*) FROM '${flights}' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5`);
    for (const [origin, departures] of expected) assert.match(ended.stdout, new RegExp(`^${String(origin)} +${String(departures)}$`, 'm'));
  });
});

const failures: readonly { readonly title: string; readonly application: object; readonly says: RegExp }[] = [
  { title: 'a syntax error', application: { sql: 'SELECT 1;\nSELEC 2' }, says: /PARSE_SYNTAX_ERROR[\s\S]*'SELEC'[\s\S]*line 2/ },
  { title: 'an unknown column', application: { sql: `SELECT orign FROM parquet.\`${flights}\`` }, says: /UNRESOLVED_COLUMN.*`orign`.*`origin`/ },
  { title: 'a missing file', application: { sql: 'SELECT * FROM parquet.`/nowhere/x.parquet`' }, says: /PATH_NOT_FOUND.*\/nowhere\/x\.parquet/ },
  { title: 'a file of another format', application: { sql: `SELECT * FROM parquet.\`${airports}\`` }, says: /airports\.csv/ },
  { title: 'a value that cannot be cast', application: { sql: `SELECT CAST(origin AS INT) FROM parquet.\`${flights}\`` }, says: /CAST_INVALID_INPUT/ },
  { title: 'a division by zero', application: { sql: 'SELECT 1 / (id - id) FROM range(5)' }, says: /DIVIDE_BY_ZERO/ },
  { title: 'a script that throws', application: { script: { inline: 'export default () => {\n  throw new TypeError("no such luck");\n};\n' } }, says: /SCRIPT_FAILED.*main\.ts:2:9: TypeError: no such luck/ },
  { title: 'a script with a syntax error', application: { script: { inline: 'const a = ;\n' } }, says: /SCRIPT_FAILED.*main\.ts:1: SyntaxError/ },
  { title: 'a script that is not there', application: { script: { path: '/nowhere/job.ts' } }, says: /\/nowhere\/job\.ts/ },
];
for (const { title, application, says } of failures) {
  test(`${title} fails the job, with the place in the message and 1 as exit code`, async () => {
    await withHome(async (home) => {
      const file = join(home, 'job.yaml');
      writeFileSync(file, job('fails', { application }));
      const ended = await headraceRun(['-f', file, '--home', home, '--timeout', '60']);
      assert.equal(ended.code, 1, ended.stdout + ended.stderr);
      assert.match(ended.stdout, says);
      assert.doesNotMatch(ended.stdout, /\n\s+at .*:\d+:\d+/, 'no stack trace');
    });
  });
}

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ['a field out of range', job('bad', { application: { sql: 'SELECT 1' }, executor: { instances: 0 } }), /spec\.executor\.instances.*greater than or equal to 1/],
  ['two forms of application', job('bad', { application: { sql: 'SELECT 1', script: { inline: 'x' } } }), /exactly one of sql, script and mapReduce/],
  ['no YAML', 'a: [', /job\.yaml/],
  ['an unknown kind', 'apiVersion: headrace.dev/v1\nkind: SparkJobb\nmetadata: {name: x}\n', /no matches for kind "SparkJobb"/],
  ['no job', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n', /hold no SparkJob and no HdfsCluster/],
];
for (const [title, text, says] of wrong) {
  test(`a manifest with ${title} is refused with 2 as exit code`, async () => {
    await withHome(async (home) => {
      const file = join(home, 'job.yaml');
      writeFileSync(file, text);
      const ended = await headraceRun(['-f', file, '--home', home]);
      assert.equal(ended.code, 2, ended.stdout + ended.stderr);
      assert.match(ended.stderr, says);
    });
  });
}

test('an interrupted run ends its processes and says so', async () => {
  await withHome(async (home) => {
    const file = join(home, 'job.yaml');
    writeFileSync(file, job('long', { application: { sql: 'SELECT sum(id % 7) FROM range(0, 20000000000)' } }));
    const ended = await headraceRun(['-f', file, '--home', home, '--timeout', '120'], { interruptAt: /tasks \d+\/\d+ \(1 running/ });
    assert.equal(ended.code, 130, ended.stdout + ended.stderr);
    assert.match(ended.stderr, /interrupted/);
    assert.deepEqual(processesOf(home), []);
  });
});

async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const deadline = AbortSignal.timeout(60_000);
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    deadline.throwIfAborted();
    await realClock().sleep(20, deadline).catch(() => assert.fail(`not within a minute: ${what}`));
  }
}

async function withEmbedded(body: (embedded: Embedded) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    const embedded = await startEmbedded({ clock: realClock(), logger: silentLogger, runOperator: operateEmbedded, workingDirectory: root, home, env: process.env });
    try {
      await body(embedded);
    } finally {
      await embedded.close();
    }
  });
}

test('an executor killed in the middle is replaced, what it held is computed again, and the answer is right', async () => {
  await withEmbedded(async (embedded) => {
    const get = async (): Promise<SparkJob> => (await embedded.client.get<SparkJob>(sparkJobType, 'default', 'wounded', signal)) ?? assert.fail('the job is gone');
    const rows = 60_000_000;
    await embedded.applyManifest(job('wounded', {
      application: { sql: `WITH parts AS (SELECT id % 1000 AS k, id % 7 AS d, count(*) AS n, sum(id) AS s FROM range(0, ${rows}) GROUP BY id % 1000, id % 7)
                           SELECT k, sum(n) AS n, sum(s) AS s FROM parts GROUP BY k ORDER BY k LIMIT 2` },
      sparkConf: { 'spark.sql.shuffle.partitions': '4' },
      executor: { instances: 2 },
    }), 'wounded', signal);
    const victim = await until('a task has completed and the job goes on', async () => {
      const { status } = await get();
      assert.notEqual(status?.phase, 'Completed', 'the job was over before it could be wounded');
      if ((status?.progress?.tasks.completed ?? 0) === 0 || status?.executors?.running !== 2) return undefined;
      const pods = (await embedded.client.list<Pod>(podType, { namespace: 'default' }, signal)).items;
      return pods.find((pod) => pod.metadata.name.includes('-exec-') && pod.status?.phase === 'Running');
    });
    // As a node's failure would: no farewell.
    await embedded.client.delete(podType, 'default', victim.metadata.name, { gracePeriodSeconds: 0 }, signal);
    const ended = await until('the job is over', async () => {
      const current = await get();
      return current.status?.phase === 'Completed' || current.status?.phase === 'Failed' ? current : undefined;
    });
    assert.equal(ended.status?.phase, 'Completed', JSON.stringify(ended.status?.error));
    const n = BigInt(rows / 1000);
    const sum = (k: bigint): string => String(k * n + (1000n * n * (n - 1n)) / 2n);
    assert.deepEqual(ended.status.result?.firstRows, [['0', String(n), sum(0n)], ['1', String(n), sum(1n)]]);
    assert.equal(ended.status.attempts?.number, 1);
    assert.equal(ended.status.executors?.failed, 1);
  });
});
