import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { FunctionOutput, loadFunction, textOf, type Emit, type Emitted } from './function.ts';
import { keyOrder } from './key-order.ts';
import { KeyTable } from './key-table.ts';
import { MapOutput } from './map-output.ts';
import { mergedGroups } from './merge.ts';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'headrace-function-'));
});
after(() => rmSync(directory, { recursive: true }));

const order = keyOrder({ by: 'bytes', order: 'ascending' });
let made = 0;

function emitted(records: readonly (readonly [Emitted, Emitted])[], bytesMax: number, combine?: (key: string, values: Iterable<string>, emit: Emit) => void, keyFields = 1): Readonly<Record<string, readonly string[]>> {
  made += 1;
  const output = new MapOutput({ bufferBytes: 1 << 16, partitions: 1, partition: () => 0, order, combine: undefined, scratchDirectory: join(directory, `s${made}`) });
  const held = new FunctionOutput({ output, separator: '\t', keyFields, combine, bytesMax });
  for (const [key, value] of records) held.emit(key, value);
  held.flush();
  assert.equal(held.records, records.length);
  const runs = output.finish(join(directory, `r${made}`)).map(({ path, bytes }) => ({ path, from: 0, to: bytes }));
  return Object.fromEntries(Array.from(mergedGroups(runs, order), ({ key, entries }) =>
    [`=${key.toString()}`, Array.from(entries(), ({ value, repetitions }) => Array.from({ length: repetitions }, () => value.toString())).flat()]));
}

const value = fc.oneof(fc.constantFrom<Emitted>(1, 2, '1', '', null, undefined, true), fc.constantFrom('a long value of its own', 'a long value of its own'));

test('values come under their keys in the order in which they were emitted, however little is held', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'a key that is rather long', 'ß', ''), value), { maxLength: 60 }), fc.constantFrom(1, 500, 1e6), (records, bytesMax) => {
    const expected = Map.groupBy(records, ([key]) => `=${key}`);
    assert.deepEqual(emitted(records, bytesMax), Object.fromEntries([...expected].map(([key, all]) => [key, all.map(([, each]) => textOf(each))])));
  }));
});

test('a combiner sees the values of a key and must keep the key', () => {
  const records = Array.from({ length: 100 }, (_, i) => [`k${i % 3}`, 1] as const);
  const sum = (key: string, values: Iterable<string>, emit: Emit): void => emit(key, [...values].reduce((total, each) => total + Number(each), 0));
  assert.deepEqual(emitted(records, 1e6, sum), { '=k0': ['34'], '=k1': ['33'], '=k2': ['33'] });
  assert.throws(() => emitted(records, 1e6, (_key, _values, emit) => emit('other', 1)), /must keep keys as they are/);
});

test('what would not be read back as it was emitted is refused', () => {
  assert.throws(() => emitted([['a\nb', 1]], 1e6), /line break/);
  assert.throws(() => emitted([['a', 'x\ny']], 1e6), /line break/);
  assert.throws(() => emitted([['a\tb', 1]], 1e6), /more fields than keyFields says \(1\)/);
  assert.deepEqual(emitted([['a\tb', 1]], 1e6, undefined, 2), { '=a\tb': ['1'] });
  assert.throws(() => emitted([['a', {} as never]], 1e6), /not object/);
});

test('a table finds what was added, also when it has grown and when it was cleared', () => {
  const table = new KeyTable<number>();
  for (const round of [1, 2]) {
    for (let i = 0; i < 5000; i += 1) {
      assert.equal(table.get(`key ${i}`), undefined);
      table.add(`key ${i}`, i * round);
    }
    for (let i = 0; i < 5000; i += 1) assert.equal(table.get(`key ${i}`), i * round);
    assert.equal([...table].length, 5000);
    table.clear();
  }
});

test('a module is loaded by the first name that it exports', async () => {
  const loaded = await loadFunction('export function reduce(x: number): number { return x + 1; }', 'a.ts', 'combiner', ['combine', 'reduce'], directory);
  assert.equal((loaded.call as (x: number) => number)(1), 2);
  await assert.rejects(loadFunction('const x: = 1;', 'b.ts', 'mapper', ['map'], join(directory, 'b')), /the module of the mapper cannot be loaded: SyntaxError/);
  await assert.rejects(loadFunction('export const map = 1;', 'c.js', 'mapper', ['map'], join(directory, 'c')), /exports no function map/);
});
