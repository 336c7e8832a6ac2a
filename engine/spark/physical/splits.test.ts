import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { splitFiles } from './splits.ts';

const megabyte = 1 << 20;
const file = fc.record({ bytes: fc.integer({ min: 0, max: 40 * megabyte }), rowGroups: fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 8 }) });

test('every row of every file is read by exactly one task, in order', () => {
  fc.assert(fc.property(fc.array(file, { maxLength: 6 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 64 * megabyte }), (shapes, slots, partitionBytesMax) => {
    const files = shapes.map((shape, i) => ({ path: `/f${i}`, ...shape }));
    const splits = splitFiles(files, { slots, partitionBytesMax }, []).flat();
    assert.deepEqual([...new Set(splits.map((split) => split.path))], files.map((each) => each.path));
    for (const { path, rowGroups } of files) {
      const own = splits.filter((split) => split.path === path);
      if (own[0]?.rows === undefined) {
        assert.equal(own.length, 1);
        continue;
      }
      let next = 0;
      for (const { rows } of own) {
        assert.equal(rows?.from, next);
        next = rows?.to ?? -1;
      }
      assert.equal(next, rowGroups.reduce((sum, rows) => sum + rows, 0));
    }
  }));
});

test('a large file gives about three tasks a slot, small files share a task', () => {
  const large = splitFiles([{ path: '/a', bytes: 60 * megabyte, rowGroups: Array.from({ length: 60 }, () => 100) }], { slots: 2, partitionBytesMax: 128 * megabyte }, []);
  assert.equal(large.length, 6);
  const small = splitFiles(Array.from({ length: 10 }, (_, i) => ({ path: `/s${i}`, bytes: 1000 })), { slots: 4, partitionBytesMax: 128 * megabyte }, []);
  assert.equal(small.length, 1);
});

test('no task reads more than the most bytes of a partition, unless a piece alone is larger', () => {
  const splits = splitFiles([{ path: '/a', bytes: 100 * megabyte, rowGroups: Array.from({ length: 10 }, () => 1) }, { path: '/b', bytes: 50 * megabyte }], { slots: 1, partitionBytesMax: 20 * megabyte }, []);
  for (const task of splits) assert.ok(task.length === 1 || task.reduce((sum, split) => sum + split.bytes, 0) <= 20 * megabyte);
});
