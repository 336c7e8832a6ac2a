/** Rows that a plan brings along (Arrow IPC) as a table in the kernel. */
import {
  BIGINT, BLOB, BOOLEAN, DATE, DECIMAL, DOUBLE, DuckDBBlobValue, DuckDBDataChunk, DuckDBDateValue, DuckDBDecimalValue, DuckDBListValue, DuckDBMapValue,
  DuckDBStructValue, DuckDBTimestampTZValue, DuckDBTimestampValue, FLOAT, INTEGER, LIST, MAP, SMALLINT, STRUCT, TIMESTAMP, TIMESTAMPTZ, TINYINT, VARCHAR,
  type DuckDBConnection, type DuckDBType, type DuckDBValue,
} from '@duckdb/node-api';
import { DataType as ArrowType, DateUnit, Precision, TimeUnit, tableFromIPC, type Data, type Field } from 'apache-arrow';
import { SparkError } from '../plan/spark-error.ts';

const chunkRows = 2048;

/** `table` is a quoted, qualified name. Columns become `c0 …`. Throws `SparkError` for Arrow types that Spark has not. */
export async function createArrowTable(connection: DuckDBConnection, schemaName: string, tableName: string, ipc: Uint8Array): Promise<void> {
  const table = tableFromIPC(ipc);
  const types = table.schema.fields.map((field) => kernelTypeOf(field.type));
  const columns = types.map((type, i) => `c${i} ${type.toString()}`).join(', ');
  await connection.run(`CREATE TABLE "${schemaName}"."${tableName}" (${columns})`);
  const appender = await connection.createAppender(tableName, schemaName);
  try {
    for (const batch of table.batches) {
      const values = batch.data.children.map((child) => valuesOf(child));
      for (let from = 0; from < batch.numRows; from += chunkRows) {
        const count = Math.min(chunkRows, batch.numRows - from);
        const chunk = DuckDBDataChunk.create(types, count);
        chunk.setColumns(values.map((column) => column.slice(from, from + count)));
        appender.appendDataChunk(chunk);
      }
    }
  } finally {
    appender.closeSync();
  }
}

function kernelTypeOf(type: ArrowType): DuckDBType {
  if (ArrowType.isNull(type)) return INTEGER;
  if (ArrowType.isBool(type)) return BOOLEAN;
  if (ArrowType.isInt(type)) return integerType(type);
  if (ArrowType.isFloat(type)) return type.precision === Precision.DOUBLE ? DOUBLE : FLOAT;
  if (ArrowType.isUtf8(type) || ArrowType.isLargeUtf8(type)) return VARCHAR;
  if (ArrowType.isBinary(type) || ArrowType.isLargeBinary(type) || ArrowType.isFixedSizeBinary(type)) return BLOB;
  if (ArrowType.isDate(type)) return DATE;
  if (ArrowType.isTimestamp(type)) return type.timezone === null || type.timezone === undefined ? TIMESTAMP : TIMESTAMPTZ;
  if (ArrowType.isDecimal(type)) return DECIMAL(type.precision, type.scale);
  if (ArrowType.isList(type) || ArrowType.isFixedSizeList(type)) return LIST(kernelTypeOf(fieldType(type.children, 0)));
  if (ArrowType.isStruct(type)) return STRUCT(Object.fromEntries(type.children.map((field) => [field.name, kernelTypeOf(field.type)])));
  if (ArrowType.isMap(type)) {
    const entries = fieldType(type.children, 0);
    return MAP(kernelTypeOf(fieldType(entries.children as readonly Field[], 0)), kernelTypeOf(fieldType(entries.children as readonly Field[], 1)));
  }
  if (ArrowType.isDictionary(type)) return kernelTypeOf(type.dictionary);
  throw unsupported(type);
}

/** Spark has no unsigned integers: the next wider signed type holds their values. */
function integerType(type: ArrowType & { readonly bitWidth: number; readonly isSigned: boolean }): DuckDBType {
  const width = type.isSigned ? type.bitWidth : type.bitWidth * 2;
  switch (width) {
    case 8: return TINYINT;
    case 16: return SMALLINT;
    case 32: return INTEGER;
    case 64: return BIGINT;
    default: throw unsupported(type);
  }
}

function fieldType(fields: readonly Field[], index: number): ArrowType {
  const field = fields[index];
  if (field === undefined) throw new SparkError({ errorClass: 'INTERNAL_ERROR', sqlState: 'XX000', message: 'An Arrow type has no child type.' });
  return field.type;
}

function valuesOf(data: Data): DuckDBValue[] {
  const convert = converter(data);
  return Array.from({ length: data.length }, (_, i) => (data.nullCount > 0 && !data.getValid(i) ? null : convert(i)));
}

function converter(data: Data): (index: number) => DuckDBValue {
  const { type } = data;
  const numbers = data.values as { readonly [index: number]: number };
  const longs = data.values as BigInt64Array;
  if (ArrowType.isNull(type)) return () => null;
  if (ArrowType.isBool(type)) return (i) => ((numbers[(data.offset + i) >> 3] ?? 0) & (1 << ((data.offset + i) & 7))) !== 0;
  if (ArrowType.isInt(type)) return type.bitWidth === 64 ? (i) => longs[i] ?? null : kernelInteger(type, numbers);
  if (ArrowType.isFloat(type) && type.precision !== Precision.HALF) return (i) => numbers[i] ?? null;
  if (ArrowType.isUtf8(type) || ArrowType.isLargeUtf8(type)) return (i) => Buffer.from(slice(data, i)).toString('utf8');
  if (ArrowType.isBinary(type) || ArrowType.isLargeBinary(type)) return (i) => new DuckDBBlobValue(Uint8Array.from(slice(data, i)));
  if (ArrowType.isFixedSizeBinary(type)) return (i) => new DuckDBBlobValue((data.values as Uint8Array).slice(i * type.byteWidth, (i + 1) * type.byteWidth));
  if (ArrowType.isDate(type)) return (i) => new DuckDBDateValue(type.unit === DateUnit.DAY ? numbers[i] ?? 0 : Math.floor(Number(longs[i]) / 86_400_000));
  if (ArrowType.isTimestamp(type)) {
    const zoned = type.timezone !== null && type.timezone !== undefined;
    return (i) => (zoned ? new DuckDBTimestampTZValue(toMicros(longs[i] ?? 0n, type.unit)) : new DuckDBTimestampValue(toMicros(longs[i] ?? 0n, type.unit)));
  }
  if (ArrowType.isDecimal(type) && type.bitWidth === 128) return (i) => new DuckDBDecimalValue(decimalAt(data.values as Uint32Array, i), type.precision, type.scale);
  if (ArrowType.isDictionary(type)) {
    const dictionary = data.dictionary?.data.flatMap((each) => valuesOf(each as Data)) ?? [];
    return (i) => dictionary[Number(numbers[i])] ?? null;
  }
  return nested(data);
}

function nested(data: Data): (index: number) => DuckDBValue {
  const { type, valueOffsets: offsets } = data;
  const children = data.children.map((child) => child as Data);
  if (ArrowType.isStruct(type)) {
    const columns = children.map(valuesOf);
    return (i) => new DuckDBStructValue(Object.fromEntries(type.children.map((field, c) => [field.name, columns[c]?.[i] ?? null])));
  }
  const [child] = children;
  if (child === undefined) throw unsupported(type);
  if (ArrowType.isList(type)) {
    const items = valuesOf(child);
    return (i) => new DuckDBListValue(items.slice(Number(offsets[i]), Number(offsets[i + 1])));
  }
  if (ArrowType.isFixedSizeList(type)) {
    const items = valuesOf(child);
    return (i) => new DuckDBListValue(items.slice(i * type.listSize, (i + 1) * type.listSize));
  }
  if (ArrowType.isMap(type)) {
    const [keys, values] = child.children.map((each) => valuesOf(each as Data));
    return (i) => {
      const [from, to] = [Number(offsets[i]), Number(offsets[i + 1])];
      return new DuckDBMapValue(Array.from({ length: to - from }, (_, k) => ({ key: keys?.[from + k] ?? null, value: values?.[from + k] ?? null })));
    };
  }
  throw unsupported(type);
}

function kernelInteger(type: ArrowType & { readonly bitWidth: number; readonly isSigned: boolean }, numbers: { readonly [index: number]: number }): (index: number) => DuckDBValue {
  const wide = !type.isSigned && type.bitWidth === 32;
  return (i) => (wide ? BigInt(numbers[i] ?? 0) : numbers[i] ?? null);
}

function slice(data: Data, index: number): Uint8Array {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  return (data.values as Uint8Array).subarray(Number(offsets[index]), Number(offsets[index + 1]));
}

function toMicros(value: bigint, unit: TimeUnit): bigint {
  switch (unit) {
    case TimeUnit.SECOND: return value * 1_000_000n;
    case TimeUnit.MILLISECOND: return value * 1000n;
    case TimeUnit.MICROSECOND: return value;
    // Rounded down, before 1970 too.
    case TimeUnit.NANOSECOND: return (value - (((value % 1000n) + 1000n) % 1000n)) / 1000n;
    default: throw new RangeError(`no such unit of time: ${String(unit satisfies never)}`);
  }
}

function decimalAt(words: Uint32Array, index: number): bigint {
  const word = (offset: number): bigint => BigInt(words[4 * index + offset] ?? 0);
  return BigInt.asIntN(128, word(0) | (word(1) << 32n) | (word(2) << 64n) | (word(3) << 96n));
}

function unsupported(type: ArrowType): SparkError {
  return new SparkError({
    errorClass: 'UNSUPPORTED_ARROWTYPE', sqlState: '0A000', parameters: { typeName: String(type) }, message: `Unsupported arrow type ${String(type)}.`,
  });
}
