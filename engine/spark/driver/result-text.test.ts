import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { Field, RecordBatch, Schema as ArrowSchema, Struct, makeData, vectorFromArray } from 'apache-arrow';
import { arrowStream } from '../connect/arrow-stream.ts';
import { toArrowType } from '../execute/arrow.ts';
import type { DataType } from '../plan/types.ts';
import { doubleText, floatText } from './number-text.ts';
import { resultRows } from './result-text.ts';
import { dateText, timestampText } from './time-text.ts';

function texts(type: DataType, values: readonly unknown[], timeZone = 'UTC'): readonly (string | null)[] {
  const arrowType = toArrowType(type);
  const field = new Field('c0', arrowType, true);
  const child = vectorFromArray(values as never[], arrowType).data[0];
  assert.ok(child !== undefined);
  const batch = new RecordBatch(new ArrowSchema([field]), makeData({ type: new Struct([field]), length: values.length, nullCount: 0, children: [child] }) as never);
  return resultRows([{ name: 'c0', type, nullable: true }], [{ data: arrowStream(batch), rows: values.length }], 100, timeZone).map(([cell]) => cell ?? null);
}

const check = (name: string, type: DataType, values: readonly unknown[], expected: readonly (string | null)[]): void =>
  void test(name, () => assert.deepEqual(texts(type, values), expected));

const int: DataType = { kind: 'int' };
check('integers, and NULL', int, [1, null, -2], ['1', null, '-2']);
check('64-bit integers are whole', { kind: 'long' }, [9_223_372_036_854_775_807n, -1n], ['9223372036854775807', '-1']);
check('booleans', { kind: 'boolean' }, [true, null, false, true], ['true', null, 'false', 'true']);
check('text', { kind: 'string' }, ['a', '', null, 'é'], ['a', '', null, 'é']);
check('doubles', { kind: 'double' }, [1, 0.1, null], ['1.0', '0.1', null]);
check('bytes', { kind: 'binary' }, [Uint8Array.of(0, 255), null], ['[00 FF]', null]);
check('dates', { kind: 'date' }, [new Date(0), null], ['1970-01-01', null]);
check('arrays', { kind: 'array', element: int, containsNull: true }, [[1, null], [], null, [3]], ['[1, NULL]', '[]', null, '[3]']);
check('structs', { kind: 'struct', fields: [{ name: 'a', type: int, nullable: true }, { name: 'b', type: { kind: 'string' }, nullable: true }] },
  [{ a: 1, b: 'x' }, { a: null, b: 'y' }], ['{1, x}', '{NULL, y}']);
check('maps', { kind: 'map', key: { kind: 'string' }, value: int, valueContainsNull: true }, [new Map([['k', 1], ['l', 2]]), null], ['{k -> 1, l -> 2}', null]);

test('decimals keep their scale and sign', () => {
  const type: DataType = { kind: 'decimal', precision: 10, scale: 2 };
  const words = (value: bigint): Uint32Array => Uint32Array.from([0n, 32n, 64n, 96n].map((shift) => Number(BigInt.asUintN(32, value >> shift))));
  assert.deepEqual(texts(type, [words(12_345n), words(-5n), null, words(0n)]), ['123.45', '-0.05', null, '0.00']);
});

test('rows stop at the limit across batches', () => {
  const field = new Field('c0', toArrowType(int), true);
  const child = vectorFromArray([1, 2], toArrowType(int)).data[0];
  assert.ok(child !== undefined);
  const block = { data: arrowStream(new RecordBatch(new ArrowSchema([field]), makeData({ type: new Struct([field]), length: 2, nullCount: 0, children: [child] }) as never)), rows: 2 };
  assert.deepEqual(resultRows([{ name: 'c0', type: int, nullable: true }], [block, block, block], 3, 'UTC'), [['1'], ['2'], ['1']]);
});

test('floating-point numbers are written as Java writes them', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0'], [-0, '-0.0'], [1, '1.0'], [123.25, '123.25'], [0.001, '0.001'], [0.0001, '1.0E-4'], [9_999_999, '9999999.0'], [1e7, '1.0E7'], [1.5e10, '1.5E10'],
    [1.234e-5, '1.234E-5'], [Number.NaN, 'NaN'], [Number.NEGATIVE_INFINITY, '-Infinity'], [5e-324, '4.9E-324'], [1.7976931348623157e308, '1.7976931348623157E308'],
  ];
  for (const [value, text] of cases) assert.equal(doubleText(value), text);
  assert.equal(floatText(Math.fround(0.1)), '0.1');
  assert.equal(floatText(Math.fround(16_777_216)), '1.6777216E7');
});

test('timestamps show the wall clock of the zone, with the fraction they have', () => {
  assert.equal(timestampText(0n, 'UTC'), '1970-01-01 00:00:00');
  assert.equal(timestampText(-1n), '1969-12-31 23:59:59.999999');
  assert.equal(timestampText(1_720_000_000_500_000n, 'Europe/Berlin'), '2024-07-03 11:46:40.5');
  assert.equal(timestampText(1_700_000_000_000_000n, 'America/New_York'), '2023-11-14 17:13:20');
  assert.equal(timestampText(1_700_000_000_000_000n, '+05:30'), '2023-11-15 03:43:20');
});

test('dates of every year', () => {
  for (const day of [-719_162, -141_428, -1, 0, 11_016, 19_782, 2_932_896]) {
    const expected = new Date(day * 86_400_000).toISOString().slice(0, 10);
    assert.equal(dateText(day), expected);
  }
  assert.equal(dateText(2_932_897), '+10000-01-01');
});
