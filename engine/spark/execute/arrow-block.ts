/** Kernel rows as Arrow IPC streams, exact to the plan's schema. */
import {
  DuckDBBlobValue, DuckDBDateValue, DuckDBDecimalValue, DuckDBListValue, DuckDBMapValue, DuckDBStructValue, DuckDBTimestampTZValue,
  DuckDBTimestampValue, type DuckDBDataChunk, type DuckDBValue,
} from '@duckdb/node-api';
import { RecordBatch, RecordBatchStreamWriter, Struct, makeData, type Data, type DataType as ArrowType } from 'apache-arrow';
import { unreachable } from '../../core/assert.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { typeName } from '../plan/types.ts';
import { SparkError } from '../plan/spark-error.ts';
import { toArrowSchema, toArrowType } from './arrow.ts';

export interface ArrowBlock {
  readonly data: Uint8Array;
  readonly rows: number;
}

type Values = readonly (DuckDBValue | undefined)[];

/** A block is cut when it has about so many bytes, so that it fits into a message to any client. */
const blockBytesTarget = 2 * 1024 * 1024;
const blockRowsMax = 65_536;

/** Collects chunks of rows; cuts blocks. */
export class ArrowBlockWriter {
  readonly #schema: Schema;
  readonly #onBlock: (block: ArrowBlock) => void;
  #columns: DuckDBValue[][];
  #rows = 0;
  #bytes = 0;

  constructor(schema: Schema, onBlock: (block: ArrowBlock) => void) {
    this.#schema = schema;
    this.#onBlock = onBlock;
    this.#columns = schema.map(() => []);
  }

  /** Throws `SparkError` when the kernel's types are not those of the schema. */
  write(chunk: DuckDBDataChunk): void {
    // The kernel has no result without columns: rows of no columns come with one that nobody asked for.
    if (chunk.columnCount !== this.#schema.length && this.#schema.length > 0) throw mismatch(`the kernel gave ${chunk.columnCount} columns, the plan says ${this.#schema.length}`);
    chunk.visitColumns((values, index) => {
      const column = this.#columns[index] ?? [];
      for (const value of values) column.push(value);
      this.#bytes += estimateBytes(values);
    });
    this.#rows += chunk.rowCount;
    if (this.#bytes >= blockBytesTarget || this.#rows >= blockRowsMax) this.flush();
  }

  flush(): void {
    if (this.#rows === 0) return;
    this.#onBlock({ data: encodeBlock(this.#schema, this.#columns, this.#rows), rows: this.#rows });
    this.#columns = this.#schema.map(() => []);
    this.#rows = 0;
    this.#bytes = 0;
  }
}

/** A complete IPC stream of one batch. */
export function encodeBlock(schema: Schema, columns: readonly Values[], rows: number): Uint8Array {
  const arrow = toArrowSchema(schema);
  const children = schema.map((field, i) => toData(field.type, columns[i] ?? [], field.name));
  const struct = makeData({ type: new Struct(arrow.fields), length: rows, nullCount: 0, children });
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(arrow, struct));
  writer.finish();
  return writer.toUint8Array(true);
}

function estimateBytes(values: Values): number {
  const sample = values.find((value) => value !== null);
  if (typeof sample === 'string') return values.reduce<number>((sum, value) => sum + 4 + (typeof value === 'string' ? value.length : 0), 0);
  if (sample instanceof DuckDBBlobValue) return values.reduce<number>((sum, value) => sum + 4 + (value instanceof DuckDBBlobValue ? value.bytes.length : 0), 0);
  if (sample instanceof DuckDBListValue) return values.reduce<number>((sum, value) => sum + 4 + (value instanceof DuckDBListValue ? value.items.length * 16 : 0), 0);
  if (sample instanceof DuckDBMapValue) return values.reduce<number>((sum, value) => sum + 4 + (value instanceof DuckDBMapValue ? value.entries.length * 32 : 0), 0);
  if (sample instanceof DuckDBStructValue) return values.length * Object.keys(sample.entries).length * 16;
  return values.length * (sample instanceof DuckDBDecimalValue ? 16 : 8);
}

function toData(type: DataType, values: Values, name: string): Data {
  const fail = (value: DuckDBValue | undefined): never => {
    throw mismatch(`column ${name} holds ${describe(value)} where the plan says ${typeName(type)}`);
  };
  switch (type.kind) {
    case 'null': return makeData({ type: toArrowType(type) as never, length: values.length });
    case 'boolean': return booleans(type, values, fail);
    case 'byte': return fixed(type, values, new Int8Array(values.length), (value) => smallInteger(value, 0x7f) ?? fail(value));
    case 'short': return fixed(type, values, new Int16Array(values.length), (value) => smallInteger(value, 0x7fff) ?? fail(value));
    case 'int': return fixed(type, values, new Int32Array(values.length), (value) => smallInteger(value, 0x7fff_ffff) ?? fail(value));
    case 'long': return fixed(type, values, new BigInt64Array(values.length), (value) => longInteger(value) ?? fail(value));
    case 'float': return fixed(type, values, new Float32Array(values.length), (value) => (typeof value === 'number' ? value : fail(value)));
    case 'double': return fixed(type, values, new Float64Array(values.length), (value) => (typeof value === 'number' ? value : fail(value)));
    case 'date': return fixed(type, values, new Int32Array(values.length), (value) => (value instanceof DuckDBDateValue ? value.days : fail(value)));
    case 'timestamp': return fixed(type, values, new BigInt64Array(values.length), (value) => (value instanceof DuckDBTimestampTZValue ? value.micros : fail(value)));
    case 'timestamp_ntz': return fixed(type, values, new BigInt64Array(values.length), (value) => (value instanceof DuckDBTimestampValue ? value.micros : fail(value)));
    case 'string': return variable(type, values, (value) => (typeof value === 'string' ? Buffer.from(value, 'utf8') : fail(value)));
    case 'binary': return variable(type, values, (value) => (value instanceof DuckDBBlobValue ? value.bytes : fail(value)));
    case 'decimal': return decimals(type, values, fail);
    case 'array': return lists(type, values, (value) => (value instanceof DuckDBListValue ? value.items : fail(value)), (items) => toData(type.element, items, `${name}.element`));
    case 'map': return lists(type, values, (value) => (value instanceof DuckDBMapValue ? value.entries : fail(value)), (entries) => mapEntries(type, entries, name));
    case 'struct': return structs(type, values, name, fail);
    default: return unreachable(type);
  }
}

type Fail = (value: DuckDBValue | undefined) => never;
type Validity = { readonly nullCount: number; readonly nullBitmap: Uint8Array | null };

/** Bit i is set where row i has a value; least significant bit first. */
function validity(values: Values): Validity {
  let nullCount = 0;
  for (const value of values) if (value === null) nullCount += 1;
  if (nullCount === 0) return { nullCount, nullBitmap: null };
  const nullBitmap = new Uint8Array((values.length + 7) >> 3);
  for (const [i, value] of values.entries()) {
    if (value !== null) nullBitmap[i >> 3] = (nullBitmap[i >> 3] ?? 0) | (1 << (i & 7));
  }
  return { nullCount, nullBitmap };
}

/** `makeData`'s overloads do not take a type known at run time only; this is the one place that says so. */
function data(type: ArrowType, length: number, valid: Validity, parts: object): Data {
  return makeData({ type, length, ...valid, ...parts } as never);
}

function fixed<Cell extends number | bigint>(type: DataType, values: Values, cells: { [index: number]: Cell }, convert: (value: DuckDBValue | undefined) => Cell): Data {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value !== null) cells[i] = convert(value);
  }
  return data(toArrowType(type), values.length, validity(values), { data: cells });
}

function booleans(type: DataType, values: Values, fail: Fail): Data {
  const bits = new Uint8Array((values.length + 7) >> 3);
  for (const [i, value] of values.entries()) {
    if (value === true) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
    else if (value !== false && value !== null) fail(value);
  }
  return data(toArrowType(type), values.length, validity(values), { data: bits });
}

function variable(type: DataType, values: Values, bytesOf: (value: DuckDBValue | undefined) => Uint8Array): Data {
  const valueOffsets = new Int32Array(values.length + 1);
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [i, value] of values.entries()) {
    if (value !== null) {
      const part = bytesOf(value);
      parts.push(part);
      offset += part.length;
    }
    valueOffsets[i + 1] = offset;
  }
  return data(toArrowType(type), values.length, validity(values), { valueOffsets, data: Uint8Array.from(Buffer.concat(parts, offset)) });
}

/** 128 bits, two's complement, little-endian. */
function decimals(type: DataType & { readonly kind: 'decimal' }, values: Values, fail: Fail): Data {
  const words = new BigUint64Array(values.length * 2);
  const limit = 10n ** BigInt(type.precision);
  for (const [i, value] of values.entries()) {
    if (value === null) continue;
    const unscaled = unscaledDecimal(value, type.scale) ?? fail(value);
    if (unscaled >= limit || unscaled <= -limit) fail(value);
    words[2 * i] = BigInt.asUintN(64, unscaled);
    words[2 * i + 1] = BigInt.asUintN(64, unscaled >> 64n);
  }
  return data(toArrowType(type), values.length, validity(values), { data: new Uint32Array(words.buffer) });
}

function lists<Item>(type: DataType, values: Values, itemsOf: (value: DuckDBValue | undefined) => readonly Item[], childOf: (items: Item[]) => Data): Data {
  const valueOffsets = new Int32Array(values.length + 1);
  const items: Item[] = [];
  for (const [i, value] of values.entries()) {
    if (value !== null) for (const item of itemsOf(value)) items.push(item);
    valueOffsets[i + 1] = items.length;
  }
  return data(toArrowType(type), values.length, validity(values), { valueOffsets, child: childOf(items) });
}

function mapEntries(type: DataType & { readonly kind: 'map' }, entries: readonly { readonly key: DuckDBValue; readonly value: DuckDBValue }[], name: string): Data {
  const children = [
    toData(type.key, entries.map((entry) => entry.key), `${name}.key`),
    toData(type.value, entries.map((entry) => entry.value), `${name}.value`),
  ];
  const entryType = toArrowType(type).children[0]?.type;
  return makeData({ type: entryType as Struct, length: entries.length, nullCount: 0, children });
}

function structs(type: DataType & { readonly kind: 'struct' }, values: Values, name: string, fail: Fail): Data {
  const rows = values.map((value) => (value === null ? undefined : value instanceof DuckDBStructValue ? value.entries : fail(value)));
  const children = type.fields.map((field) => toData(field.type, rows.map((row) => (row === undefined ? null : row[field.name])), `${name}.${field.name}`));
  return data(toArrowType(type), values.length, validity(values), { children });
}

function smallInteger(value: DuckDBValue | undefined, max: number): number | undefined {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  return value <= max && value >= -max - 1 && Number.isInteger(Number(value)) ? Number(value) : undefined;
}

function longInteger(value: DuckDBValue | undefined): bigint | undefined {
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined;
}

function unscaledDecimal(value: DuckDBValue | undefined, scale: number): bigint | undefined {
  if (value instanceof DuckDBDecimalValue) return value.scale <= scale ? value.value * 10n ** BigInt(scale - value.scale) : undefined;
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value)) ? BigInt(value) * 10n ** BigInt(scale) : undefined;
}

/** The kind of a value, not the value: data does not belong into messages. */
function describe(value: DuckDBValue | undefined): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'object' && value !== null ? value.constructor.name.replace(/^DuckDB(.*)Value$/, 'a kernel $1') : `a ${typeof value} out of range or of another type`;
}

function mismatch(message: string): SparkError {
  return new SparkError({ errorClass: 'INTERNAL_ERROR', sqlState: 'XX000', message: `Rows do not fit their schema: ${message}.` });
}
