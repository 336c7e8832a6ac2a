/** Grouping, spilling and merging against a plain sort of the same records. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { keyOrder, type KeyOrder } from './key-order.ts';
import { MapOutput, type Combine } from './map-output.ts';
import { fanInMax, mergedGroups, reduceFanIn } from './merge.ts';
import { partitioner } from './partitioner.ts';
import { RunWriter, type Segment } from './run-file.ts';

let directory: string;
let made = 0;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'headrace-sort-'));
});
after(() => rmSync(directory, { recursive: true }));
const fresh = (): string => {
  made += 1;
  return join(directory, String(made));
};

type Record = readonly [key: string, value: string];

function sortedByHand(records: readonly Record[], order: KeyOrder): readonly (readonly [string, readonly string[]])[] {
  const groups = Map.groupBy(records, ([key]) => key);
  const bytes = (text: string): Buffer => Buffer.from(text);
  return [...groups].map(([key, all]) => [key, all.map(([, value]) => value)] as const).toSorted(([a], [b]) => {
    const [x, y] = [bytes(a), bytes(b)];
    return order.rank(x, 0, x.length) - order.rank(y, 0, y.length) || order.compare(x, 0, x.length, y, 0, y.length);
  });
}

function read(segments: readonly Segment[], order: KeyOrder): readonly (readonly [string, readonly string[]])[] {
  return Array.from(mergedGroups(segments, order), ({ key, entries }) =>
    [key.toString(), Array.from(entries(), ({ value, repetitions }) => Array.from({ length: repetitions }, () => value.toString())).flat()] as const);
}

interface Options {
  readonly bufferBytes: number;
  readonly partitions?: number;
  readonly order?: KeyOrder;
  readonly combine?: Combine;
}

function output(records: readonly Record[], { bufferBytes, partitions = 1, order = keyOrder({ by: 'bytes', order: 'ascending' }), combine }: Options): { readonly runs: readonly Segment[]; readonly spilled: number } {
  const out = new MapOutput({ bufferBytes, partitions, partition: partitioner(partitions, undefined, Buffer.from('\t')), order, combine, scratchDirectory: fresh() });
  for (const [key, value] of records) {
    const data = Buffer.from(key + value);
    const middle = Buffer.byteLength(key);
    out.add(data, 0, middle, middle, data.length);
  }
  return { runs: out.finish(fresh()).map(({ path, bytes }) => ({ path, from: 0, to: bytes })), spilled: out.spilledRecords };
}

const word = fc.oneof(fc.constantFrom('', 'a', 'ab', 'abcdefg', 'abcdefgh', 'abcdefgi', 'ab\0', 'ß'), fc.string({ maxLength: 12 }));
const records = fc.array(fc.tuple(word, fc.constantFrom('', '1', '2', 'long value '.repeat(5))), { maxLength: 200 });

test('whatever is spilled, a partition has each key once, in order, with its values as they came', () => {
  fc.assert(fc.property(records, fc.integer({ min: 300, max: 4000 }), fc.constantFrom('ascending' as const, 'descending' as const), (given, bufferBytes, direction) => {
    const order = keyOrder({ by: 'bytes', order: direction });
    assert.deepEqual(read(output(given, { bufferBytes, order }).runs, order), sortedByHand(given, order));
  }), { numRuns: 300 });
});

test('partitions divide the keys, and runs of several tasks merge', () => {
  fc.assert(fc.property(records, records, fc.integer({ min: 1, max: 5 }), (first, second, partitions) => {
    const order = keyOrder({ by: 'bytes', order: 'ascending' });
    const all = output(first, { bufferBytes: 500, partitions }).runs;
    const more = output(second, { bufferBytes: 500, partitions }).runs;
    // All partitions of both: each task's are disjoint, so that merging them gives every key once.
    assert.deepEqual(read([...all, ...more], order).map(([key, values]) => [key, values.length]), sortedByHand([...first, ...second], order).map(([key, values]) => [key, values.length]));
  }), { numRuns: 100 });
});

test('numbers are sorted as numbers, what begins with none as 0', () => {
  const order = keyOrder({ by: 'number', order: 'ascending' });
  const { runs } = output(['10', '9', '-1', 'x', '9.5', '1e3', '', '09'].map((key) => [key, ''] as const), { bufferBytes: 400, order });
  assert.deepEqual(read(runs, order).map(([key]) => key), ['-1', '', 'x', '1e3', '09', '9', '9.5', '10']);
});

test('a combiner sees the groups of each spill and of the merge, and only what it emits is kept', () => {
  const combine: Combine = (groups, emit) => {
    for (const { key, entries } of groups) {
      let sum = 0;
      for (const { value, repetitions } of entries()) sum += Number(value.toString()) * repetitions;
      emit(key, Buffer.from(String(sum)));
    }
  };
  const given = Array.from({ length: 5000 }, (_, i) => [`key ${i % 40}`, String(i % 3)] as const);
  const { runs, spilled } = output(given, { bufferBytes: 2000, combine });
  assert.equal(spilled, 5000);
  const expected = sortedByHand(given, keyOrder({ by: 'bytes', order: 'ascending' })).map(([key, values]) => [key, [String(values.reduce((sum, value) => sum + Number(value), 0))]]);
  assert.deepEqual(read(runs, keyOrder({ by: 'bytes', order: 'ascending' })), expected);
});

test('a record that does not fit is an error, one that fills the buffer is not', () => {
  assert.throws(() => output([['a', 'x'.repeat(2000)]], { bufferBytes: 1000 }), /does not fit/);
  assert.equal(read(output([['a', 'x'.repeat(999)], ['a', 'x'.repeat(999)]], { bufferBytes: 1000 }).runs, keyOrder({ by: 'bytes', order: 'ascending' }))[0]?.[1].length, 2);
});

test('more runs than are read at once are merged in turns, and large groups pass through', () => {
  const order = keyOrder({ by: 'bytes', order: 'ascending' });
  const segments = Array.from({ length: fanInMax * 2 + 3 }, (_, i): Segment => {
    const writer = new RunWriter(fresh());
    const value = Buffer.from(String(i).padStart(100, '0'));
    for (const key of ['a', 'b'].map((each) => Buffer.from(each))) {
      writer.group(key, 0, 1, 100);
      for (let entry = 0; entry < 100; entry += 1) writer.entry(value, 0, value.length, 1 + (entry % 2));
    }
    writer.close();
    return { path: writer.path, from: 0, to: writer.position };
  });
  const scratch = join(directory, 'turns');
  rmSync(scratch, { recursive: true, force: true });
  const out = new MapOutput({ bufferBytes: 1000, partitions: 1, partition: () => 0, order, combine: undefined, scratchDirectory: scratch });
  assert.deepEqual(out.finish(join(scratch, 'empty')), []);
  const left = reduceFanIn(segments, order, scratch);
  assert.ok(left.length <= fanInMax);
  const groups = read(left, order);
  assert.deepEqual(groups.map(([key, values]) => [key, values.length]), [['a', segments.length * 150], ['b', segments.length * 150]]);
  assert.deepEqual(groups[0]?.[1], groups[0]?.[1].toSorted());
});

test('a group whose values nobody reads is passed over', () => {
  const order = keyOrder({ by: 'bytes', order: 'ascending' });
  const { runs } = output([['a', '1'], ['a', '2'], ['b', '3'], ['c', '4']], { bufferBytes: 100 });
  assert.deepEqual(Array.from(mergedGroups(runs, order), ({ key }) => key.toString()), ['a', 'b', 'c']);
});
