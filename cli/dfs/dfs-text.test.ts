import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { humanBytes, modeText } from './format.ts';
import { hasPattern, patternOf } from './glob.ts';
import { locationOf } from './location.ts';
import { targetOf } from './target.ts';
import { transferLine } from './transfer-bar.ts';

function checkPattern(pattern: string, matches: readonly string[], not: readonly string[]): void {
  test(`${pattern} means ${matches.join(', ')} and not ${not.join(', ')}`, () => {
    assert.ok(hasPattern(pattern));
    for (const name of matches) assert.match(name, patternOf(pattern));
    for (const name of not) assert.doesNotMatch(name, patternOf(pattern));
  });
}

checkPattern('part-*', ['part-', 'part-00000.parquet'], ['xpart-1', 'Part-1']);
checkPattern('a?c', ['abc', 'a.c'], ['ac', 'abbc']);
checkPattern('[a-c]1', ['a1', 'c1'], ['d1', '-1']);
checkPattern('[^a]x', ['bx'], ['ax', 'x']);
checkPattern('{2025,2026}-*', ['2025-1', '2026-'], ['2024-1', '{2025']);
checkPattern('a\\*', ['a*'], ['ab']);
checkPattern('x.[y', ['x.[y'], ['xa[y']);

test('paths are absolute, below the home directory, or URIs of the same file system', () => {
  const path = (typed: string): string => locationOf(typed, 'hdfs://store.data', 'ada').path;
  assert.equal(path('/a//b/'), '/a/b');
  assert.equal(path('x/../y'), '/user/ada/y');
  assert.equal(path('hdfs://store.data/z'), '/z');
  assert.throws(() => path('hdfs://other/z'), /is not in hdfs:\/\/store\.data/);
});

test('a file system is named by its cluster or by the address of its WebHDFS', () => {
  const target = (fs: string): unknown => {
    const { scheme, host, port, uri } = targetOf({ fs, user: 'u' }, {});
    return [scheme, host, port, uri];
  };
  assert.deepEqual(target('hdfs://store.data'), ['http', 'store.data.svc', 9870, 'hdfs://store.data']);
  assert.deepEqual(target('http://10.0.0.1:9870/'), ['http', '10.0.0.1', 9870, 'webhdfs://10.0.0.1:9870']);
  assert.deepEqual(target('https://store.data.svc'), ['https', 'store.data.svc', 9871, 'webhdfs://store.data.svc']);
});

test('amounts, modes and progress are told as people read them', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 3 * 2 ** 30].map(humanBytes), ['0', '1023', '1 K', '1.5 K', '3 G']);
  const status = { name: '', bytes: 0, modifiedMs: 0, accessedMs: 0, fileId: 0, blockBytes: 0, replication: 0, owner: '', group: '' };
  assert.equal(modeText({ ...status, kind: 'directory', permission: 0o1777 }), 'drwxrwxrwt');
  assert.equal(modeText({ ...status, kind: 'file', permission: 0o640 }), '-rw-r-----');
  assert.equal(transferLine('big.bin', 50, 100, 1000, 80), 'big.bin  [############············]  50 %  50  50/s');
  assert.equal(transferLine('-', 2048, undefined, 1000, 80), '-  2 K  2 K/s');
  assert.ok(transferLine('a'.repeat(200), 1, 2, 1000, 80).length < 80);
});
