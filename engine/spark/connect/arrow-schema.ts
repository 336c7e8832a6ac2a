/** Schemas and small batches in Arrow, as Spark's clients expect them. */
import {
  Binary, Bool, DateDay, Decimal, Field, Float32, Float64, Int16, Int32, Int64, Int8, List, Map_, Null, RecordBatch, RecordBatchStreamWriter, Schema as ArrowSchema,
  Struct, TimestampMicrosecond, Utf8, makeData, vectorFromArray, type DataType as ArrowType,
} from 'apache-arrow';
import type { DataType, Schema, StructField } from '../plan/types.ts';

/** The Arrow schema of rows in Spark's schema. Timestamps carry the zone UTC, as the kernel's do. */
export function arrowSchema(schema: Schema): ArrowSchema {
  return new ArrowSchema(schema.map(arrowField));
}

/** A complete IPC stream without rows. */
export function emptyArrowStream(schema: Schema): Uint8Array {
  const fields = schema.map(arrowField);
  const data = makeData({ type: new Struct(fields), length: 0, nullCount: 0, children: fields.map((field) => makeData({ type: field.type, length: 0 } as never)) });
  return arrowStream(new RecordBatch(new ArrowSchema(fields), data as never));
}

/** A complete IPC stream of a few rows of strings and booleans. */
export function smallArrowStream(schema: Schema, rows: readonly (readonly (string | boolean | null)[])[]): Uint8Array {
  const fields = schema.map(arrowField);
  const children = fields.map((field, column) => {
    const vector = vectorFromArray(rows.map((row) => row[column] ?? null), field.type);
    return vector.data[0] ?? makeData({ type: field.type, length: 0 } as never);
  });
  const data = makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children });
  return arrowStream(new RecordBatch(new ArrowSchema(fields), data as never));
}

/** One batch as a stream of its own: what Spark Connect's arrow_batch holds. */
export function arrowStream(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

function arrowField(field: StructField): Field {
  return new Field(field.name, arrowType(field.type), field.nullable);
}

function arrowType(type: DataType): ArrowType {
  switch (type.kind) {
    case 'null': return new Null();
    case 'boolean': return new Bool();
    case 'byte': return new Int8();
    case 'short': return new Int16();
    case 'int': return new Int32();
    case 'long': return new Int64();
    case 'float': return new Float32();
    case 'double': return new Float64();
    case 'string': return new Utf8();
    case 'binary': return new Binary();
    case 'date': return new DateDay();
    case 'timestamp': return new TimestampMicrosecond('UTC');
    case 'timestamp_ntz': return new TimestampMicrosecond();
    case 'decimal': return new Decimal(type.scale, type.precision, 128);
    case 'array': return new List(new Field('element', arrowType(type.element), type.containsNull));
    case 'map': return new Map_(new Field('entries', new Struct([
      new Field('key', arrowType(type.key), false), new Field('value', arrowType(type.value), type.valueContainsNull)]), false) as never);
    case 'struct': return new Struct(type.fields.map(arrowField));
    default: return type satisfies never;
  }
}
