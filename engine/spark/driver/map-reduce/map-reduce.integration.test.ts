/** MapReduce jobs of real driver and executor processes, against what the machine's own tools make of the same text. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exitCode, mapReduceApplicationSchema, type ApplicationFile } from '../../../contract.ts';
import { seededRandom } from '../../../core/random.ts';
import { fakeWebHdfs, type FakeWebHdfs } from '../../../storage/testdata/fake-webhdfs.ts';
import { runCluster, type ClusterEnd, type ClusterOptions } from '../testdata/local-cluster.ts';

let folder: string;
let text: string;
let hdfs: FakeWebHdfs;
/** word → count, as `tr | sort | uniq -c` say. */
let counts: ReadonlyMap<string, number>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-mapreduce-'));
  hdfs = await fakeWebHdfs({ blockBytes: 64 * 1024 });
  text = words(40_000);
  await mkdir(join(folder, 'in'));
  await writeFile(join(folder, 'in/a.txt'), text);
  await writeFile(join(folder, 'in/b.txt'), 'the last line has no end: größer Straße');
  await writeFile(join(folder, 'in/_hidden'), 'not read');
  await hdfs.files.makeDirectory('/in');
  for (const name of ['a.txt', 'b.txt']) await hdfs.files.write(`/in/${name}`, await readFile(join(folder, 'in', name)));
  const counted = execFileSync('/bin/sh', ['-c', `cat ${folder}/in/*.txt | tr -s ' ' '\\n' | LC_ALL=C sort | uniq -c`], { encoding: 'utf8' });
  counts = new Map([...counted.matchAll(/^\s*(\d+) (.*)$/gm)].map(([, count, word]) => [word ?? '', Number(count)]));
});
after(async () => {
  await hdfs.close();
  await rm(folder, { recursive: true, force: true });
});

/** Lines of words, some of which come much more often than others. */
function words(lines: number): string {
  const random = seededRandom(7);
  const syllables = ['ba', 'co', 'di', 'fu', 'ge', 'ha', 'ki', 'lo'];
  const word = (): string => Array.from({ length: 1 + Math.floor(random.fraction() ** 3 * 4) }, () => syllables[Math.floor(random.fraction() * 8)]).join('');
  return Array.from({ length: lines }, () => `${Array.from({ length: 1 + Math.floor(random.fraction() * 8) }, word).join(' ')}\n`).join('');
}

type Spec = Omit<Extract<ApplicationFile['application'], { kind: 'mapReduce' }>, 'kind' | 'fieldSeparator' | 'keyFields' | 'sort' | 'environment' | 'numReduceTasks'>
  & Partial<Extract<ApplicationFile['application'], { kind: 'mapReduce' }>>;

async function run(spec: Spec, options: Partial<ClusterOptions> = {}): Promise<ClusterEnd> {
  const application = mapReduceApplicationSchema.parse({
    kind: 'mapReduce', numReduceTasks: 1, fieldSeparator: '\t', keyFields: 1, sort: { by: 'Bytes', order: 'Ascending' }, environment: {}, splitBytes: 100_000, ...spec,
  });
  return await runCluster({ application, sparkConf: { 'spark.headrace.mapReduce.bufferBytes': '64k' }, ...options });
}

const command = (line: string): { kind: 'command'; command: string } => ({ kind: 'command', command: line });

async function program(name: string, source: string): Promise<{ kind: 'function'; location: string }> {
  const location = join(folder, `${name}.ts`);
  await writeFile(location, source);
  return { kind: 'function', location };
}

async function parts(output: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(join(folder, output))).toSorted();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, output, name), 'utf8')] as const)));
}

function counted(lines: string, pattern: RegExp): ReadonlyMap<string, number> {
  return new Map([...lines.matchAll(pattern)].map(({ groups }) => [groups?.['word'] ?? '', Number(groups?.['count'])]));
}

const succeeded = (end: ClusterEnd): void => {
  assert.equal(end.exitCode, exitCode.succeeded, `${end.message.error?.message ?? ''}\n${end.log}`);
};

test('words are counted by tr and uniq, over several reducers, through spills', async () => {
  const output = join(folder, 'by-command');
  const end = await run({ input: [join(folder, 'in')], output, mapper: command("tr -s ' ' '\\n'"), reducer: command('cut -f1 | uniq -c'), numReduceTasks: 3 });
  succeeded(end);
  const files = await parts('by-command');
  assert.deepEqual([...files.keys()], ['_SUCCESS', 'part-00000', 'part-00001', 'part-00002']);
  assert.deepEqual(new Map([...counted([...files.values()].join(''), /^\s*(?<count>\d+) (?<word>.*)$/gm)].toSorted()), new Map([...counts].toSorted()));
  for (const part of [...files.values()].slice(1)) {
    const order = [...part.matchAll(/^\s*\d+ (.*)$/gm)].map((match) => Buffer.from(match[1] ?? ''));
    assert.ok(order.length > 10 && order.every((word, i) => i === 0 || Buffer.compare(order[i - 1] ?? word, word) < 0), 'a part is not sorted');
  }
  assert.equal(end.message.result?.output, output);
  assert.equal(end.message.result?.rows, counts.size);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const framework = end.message.result?.counters?.['Map-Reduce Framework'];
  assert.deepEqual([framework?.['MAP_INPUT_RECORDS'], framework?.['MAP_OUTPUT_RECORDS'], framework?.['REDUCE_INPUT_RECORDS'], framework?.['REDUCE_INPUT_GROUPS']], [40_001, total, total, counts.size]);
});

const mapWords = "export function map(offset: number, line: string, emit: (key: string, value: number) => void): void { for (const word of line.split(' ')) if (word !== '') emit(word, 1); }";
const sumValues = 'export function reduce(word: string, values: Iterable<string>, emit: (key: string, value: number) => void): void { let sum = 0; for (const value of values) sum += Number(value); emit(word, sum); }';

test('words are counted by functions with a combiner, in HDFS', async () => {
  const root = `hdfs://127.0.0.1:${hdfs.port}`;
  const reduce = await program('sum', sumValues);
  const end = await run({ input: [`${root}/in/*.txt`], output: `${root}/out/words`, mapper: await program('words', mapWords), combiner: reduce, reducer: reduce, numReduceTasks: 2 });
  succeeded(end);
  const listed = (await hdfs.files.list('/out/words')).map((each) => each.path);
  assert.deepEqual(listed, ['/out/words/_SUCCESS', '/out/words/part-00000', '/out/words/part-00001']);
  const all = Buffer.concat(await Promise.all(listed.map((path) => hdfs.files.read(path)))).toString();
  assert.deepEqual(new Map([...counted(all, /^(?<word>.*)\t(?<count>\d+)$/gm)].toSorted()), new Map([...counts].toSorted()));
});

test('a command combiner, a function reducer, counters and status by lines on standard error', async () => {
  const output = join(folder, 'mixed');
  const end = await run({
    input: [join(folder, 'in/a.txt')], output, reducer: await program('sum', sumValues),
    mapper: { kind: 'command', command: ['awk', '{ for (i = 1; i <= NF; i++) print $i "\\t1" } END { print "reporter:counter:words,lines," NR > "/dev/stderr"; print "reporter:status:done with " ENVIRON["mapreduce_map_input_start"] > "/dev/stderr" }'] },
    combiner: command("awk -F'\\t' 'NR > 1 && $1 != word { print word \"\\t\" sum; sum = 0 } { word = $1; sum += $2 } END { if (NR > 0) print word \"\\t\" sum }'"),
  });
  succeeded(end);
  const files = await parts('mixed');
  const found = counted(files.get('part-00000') ?? '', /^(?<word>.*)\t(?<count>\d+)$/gm);
  assert.equal([...found.values()].reduce((sum, count) => sum + count, 0), text.split(/\s+/).filter(Boolean).length);
  assert.deepEqual(end.message.result?.counters?.['words'], { lines: 40_000 });
});

test('maps alone write what they emit, a record that is no text is sorted by number, and a reducer may be left out', async () => {
  const numbers = Array.from({ length: 500 }, (_, i) => (i * 7919) % 1000);
  await writeFile(join(folder, 'numbers'), numbers.join('\n'));
  const only = await run({ input: [join(folder, 'numbers')], output: join(folder, 'only'), numReduceTasks: 0, splitBytes: 600,
    mapper: await program('twice', 'export function map(offset: number, line: string, emit: (key: number) => void): void { emit(2 * Number(line)); }') });
  succeeded(only);
  const twice = [...(await parts('only')).values()].join('').trim().split('\n').map(Number);
  assert.deepEqual(twice, numbers.map((each) => 2 * each));
  const sorted = await run({ input: [join(folder, 'only')], output: join(folder, 'sorted'), mapper: command('cat'), sort: { by: 'Number', order: 'Descending' } });
  succeeded(sorted);
  const lines = [...(await parts('sorted')).values()].join('').trim().split('\n').map(Number);
  assert.deepEqual(lines, twice.toSorted((a, b) => b - a));
});

test('an executor that is killed in the middle of the shuffle costs nothing but its work', async () => {
  const output = join(folder, 'killed');
  const marker = join(folder, 'reducing');
  let killed = false;
  const end = await run({
    input: [join(folder, 'in')], output, numReduceTasks: 4, mapper: command("tr -s ' ' '\\n'"),
    // The first reducer shows itself and waits until its end; those that come later do not wait.
    reducer: command(`if mkdir ${marker} 2>/dev/null; then echo reducing >&2; sleep 600; fi; cut -f1 | uniq -c`),
  }, {
    executors: 2, sparkConf: {},
    onTaskLog: (line, cluster, executor) => {
      if (killed || !line.includes('reducing')) return;
      killed = true;
      cluster.executors[executor]?.kill('SIGKILL');
    },
  });
  succeeded(end);
  assert.ok(killed, 'no executor was killed');
  const files = await parts('killed');
  assert.deepEqual(new Map([...counted([...files.values()].join(''), /^\s*(?<count>\d+) (?<word>.*)$/gm)].toSorted()), new Map([...counts].toSorted()));
  assert.ok((end.message.progress?.tasks.failed ?? 0) > 0);
});

const failures: readonly (readonly [string, () => Promise<Partial<Spec>>, string, RegExp])[] = [
  ['a command that fails', async () => ({ mapper: command('echo broken pump >&2; exit 3') }), 'MAP_REDUCE_TASK_FAILED', /the mapper ended with exit code 3[\s\S]*broken pump/],
  ['a command that is not there', async () => ({ mapper: { kind: 'command', command: ['no-such-program'] } }), 'MAP_REDUCE_TASK_FAILED', /the mapper cannot be started/],
  ['a function that throws', async () => ({ mapper: await program('throws', 'export function map(): void {\n  throw new TypeError(\'no pump\');\n}') }), 'MAP_REDUCE_TASK_FAILED', /TypeError: no pump \(at mapper:2:\d+\)/],
  ['a module without a map', async () => ({ mapper: await program('none', 'export const x = 1;') }), 'MAP_REDUCE_TASK_FAILED', /exports no function map/],
  ['a function that ends its process', async () => ({ mapper: await program('exits', 'export function map(): void { process.exit(4); }') }), 'MAP_REDUCE_TASK_FAILED', /ended with exit code 4/],
  ['an output that is there', async () => ({ mapper: command('cat'), output: join(folder, 'in') }), 'PATH_ALREADY_EXISTS', /in already exists/],
  ['an input that is not there', async () => ({ mapper: command('cat'), input: [join(folder, 'nothing-*')] }), 'PATH_NOT_FOUND', /nothing-\*/],
  ['too many counters', async () => ({ mapper: command('for i in $(seq 200); do echo reporter:counter:g,c$i,1 >&2; done; cat') }), 'MAP_REDUCE_COUNTER_LIMIT', /120 counters/],
];
for (const [name, spec, errorClass, message] of failures) {
  test(`${name} fails the job, and leaves no output`, async () => {
    const end = await run({ input: [join(folder, 'in/b.txt')], output: join(folder, 'never'), mapper: command('cat'), reducer: command('cat'), ...await spec() }, { executors: 1 });
    assert.equal(end.exitCode, exitCode.applicationFailed, end.log);
    assert.equal(end.message.error?.errorClass, errorClass, end.message.error?.message);
    assert.match(end.message.error?.message ?? '', message);
    await assert.rejects(readdir(join(folder, 'never')), /ENOENT/);
  });
}
