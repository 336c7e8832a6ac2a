/** Rows of a result (Arrow) as text, each cell as Spark's `show` prints it. */
import { RecordBatchReader, type Data, type Timestamp, Type } from 'apache-arrow';
import type { DataType, Schema } from '../plan/types.ts';
import { doubleText, floatText } from './number-text.ts';
import { dateText, timestampText } from './time-text.ts';

export interface ResultBlock {
  /** A complete Arrow IPC stream. */
  readonly data: Uint8Array;
  readonly rows: number;
}

/** At most `limit` rows; NULL is null. `timeZone` is the session's, for timestamps. */
export function resultRows(schema: Schema, blocks: Iterable<ResultBlock>, limit: number, timeZone: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  for (const block of blocks) {
    if (rows.length >= limit) break;
    for (const batch of RecordBatchReader.from(block.data)) {
      for (let index = 0; index < batch.numRows && rows.length < limit; index += 1) {
        rows.push(schema.map((field, column) => cellText(field.type, childOf(batch.data, column), index, timeZone)));
      }
    }
  }
  return rows;
}

function childOf(data: Data, index: number): Data {
  const child = data.children[index];
  if (child === undefined) throw new Error(`a result has ${data.children.length} columns where its schema has more`);
  return child;
}

/** One value; nested NULLs print as `NULL`, a NULL cell is null. */
function cellText(type: DataType, data: Data, index: number, timeZone: string): string | null {
  if (!data.getValid(index)) return null;
  const nested = (inner: DataType, child: Data, at: number): string => cellText(inner, child, at, timeZone) ?? 'NULL';
  switch (type.kind) {
    case 'null':
      return null;
    case 'boolean':
      return String((numberAt(data.values, (data.offset + index) >> 3) & (1 << ((data.offset + index) & 7))) !== 0);
    case 'byte': case 'short': case 'int': case 'long':
      return String(valueAt(data.values, index));
    case 'float':
      return floatText(numberAt(data.values, index));
    case 'double':
      return doubleText(numberAt(data.values, index));
    case 'decimal':
      return decimalText(data, index, type.scale);
    case 'string':
      return new TextDecoder().decode(bytesAt(data, index));
    case 'binary':
      return `[${[...bytesAt(data, index)].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ')}]`;
    case 'date':
      return dateText(numberAt(data.values, index));
    case 'timestamp':
      return timestampText(microsAt(data, index), timeZone);
    case 'timestamp_ntz':
      return timestampText(microsAt(data, index));
    case 'array':
      return `[${range(data, index).map((at) => nested(type.element, childOf(data, 0), at)).join(', ')}]`;
    case 'map': {
      const entries = childOf(data, 0);
      return `{${range(data, index).map((at) => `${nested(type.key, childOf(entries, 0), at)} -> ${nested(type.value, childOf(entries, 1), at)}`).join(', ')}}`;
    }
    case 'struct':
      return `{${type.fields.map((field, column) => nested(field.type, childOf(data, column), index)).join(', ')}}`;
    default:
      return type satisfies never;
  }
}

type Values = ArrayLike<number | bigint>;

function valueAt(values: Values, index: number): number | bigint {
  const value = values[index];
  if (value === undefined) throw new Error('a column of a result is shorter than its batch');
  return value;
}

function numberAt(values: Values, index: number): number {
  return Number(valueAt(values, index));
}

/** Positions of a list's or map's elements in its child. */
function range(data: Data, index: number): readonly number[] {
  const from = numberAt(data.valueOffsets, index);
  return Array.from({ length: numberAt(data.valueOffsets, index + 1) - from }, (_, at) => from + at);
}

function bytesAt(data: Data, index: number): Uint8Array {
  return (data.values as Uint8Array).subarray(numberAt(data.valueOffsets, index), numberAt(data.valueOffsets, index + 1));
}

const unitsPerSecond = [1n, 1000n, 1_000_000n, 1_000_000_000n];

function microsAt(data: Data, index: number): bigint {
  const perSecond = unitsPerSecond[data.typeId === Type.Timestamp ? (data.type as Timestamp).unit : 2] ?? 1_000_000n;
  return (BigInt(valueAt(data.values, index)) * 1_000_000n) / perSecond;
}

/** 128-bit little-endian two's complement in four words. */
function decimalText(data: Data, index: number, scale: number): string {
  const words = data.values as Uint32Array;
  const bits = [3, 2, 1, 0].reduce((sum, word) => (sum << 32n) | BigInt(numberAt(words, index * 4 + word)), 0n);
  const unscaled = BigInt.asIntN(128, bits);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
