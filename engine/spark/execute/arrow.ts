/** Spark's schemas in Arrow's terms: what result blocks are written in. */
import {
  Binary, Bool, DateDay, Decimal, Field, Float32, Float64, Int16, Int32, Int64, Int8, List, Map_, Null, RecordBatch, RecordBatchStreamWriter,
  Schema as ArrowSchema, Struct,
  TimestampMicrosecond, Utf8, makeData, type Data, type DataType as ArrowType,
} from 'apache-arrow';
import { unreachable } from '../../core/assert.ts';
import type { DataType, Schema, StructField } from '../plan/types.ts';

/** Timestamps are UTC microseconds; the zone in the type is always UTC, whatever the session's. */
export function toArrowSchema(schema: Schema): ArrowSchema {
  return new ArrowSchema(schema.map(toArrowField));
}

export function toArrowField(field: StructField): Field {
  return new Field(field.name, toArrowType(field.type), field.nullable);
}

/** Child names (`element`, `entries`, `key`, `value`) are those that Spark's own Arrow writer uses. */
export function toArrowType(type: DataType): ArrowType {
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
    case 'array': return new List(new Field('element', toArrowType(type.element), type.containsNull));
    case 'map': return new Map_(new Field('entries', new Struct<{ key: ArrowType; value: ArrowType }>([
      new Field('key', toArrowType(type.key), false),
      new Field('value', toArrowType(type.value), type.valueContainsNull),
    ]), false));
    case 'struct': return new Struct(type.fields.map(toArrowField));
    default: return unreachable(type);
  }
}

/** A complete IPC stream of one batch without rows. */
export function emptyBlock(schema: Schema): Uint8Array {
  const arrow = toArrowSchema(schema);
  const writer = new RecordBatchStreamWriter();
  writer.write(new RecordBatch(arrow, emptyData(new Struct(arrow.fields))));
  writer.finish();
  return writer.toUint8Array(true);
}

function emptyData<Type extends ArrowType>(type: Type): Data<Type> {
  const children = (type.children ?? []).map((field) => emptyData(field.type));
  const nested = children.length === 1 ? { child: children[0] } : {};
  // `makeData`'s overloads do not take a type known at run time only.
  return makeData({ type, length: 0, nullCount: 0, children, ...nested } as never) as Data<Type>;
}
