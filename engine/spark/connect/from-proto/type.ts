import type { DataType as DataTypeMessage } from '../generated/spark/connect/types_pb.ts';
import type { DataType, StructField } from '../../plan/types.ts';
import { invalidPlan, required, unsupported } from '../invalid-plan.ts';
import type { TextParser } from './parser.ts';

/** A type message as the plan's type. Throws `SparkError` for types the engine does not have. */
export function typeFromProto(message: DataTypeMessage, parser: TextParser): DataType {
  const kind = message.kind;
  switch (kind.case) {
    case 'null': case 'binary': case 'boolean': case 'byte': case 'short': case 'long': case 'float': case 'double': case 'date': case 'timestamp':
      return { kind: kind.case };
    case 'integer':
      return { kind: 'int' };
    case 'string':
      if (kind.value.collation !== '' && kind.value.collation !== 'UTF8_BINARY') throw unsupported(`the collation ${kind.value.collation}`);
      return { kind: 'string' };
    case 'timestampNtz':
      return { kind: 'timestamp_ntz' };
    case 'decimal':
      return { kind: 'decimal', precision: kind.value.precision ?? 10, scale: kind.value.scale ?? 0 };
    case 'array':
      return {
        kind: 'array', element: typeFromProto(required(kind.value.elementType, 'the element type of an array'), parser),
        containsNull: kind.value.containsNull,
      };
    case 'map':
      return {
        kind: 'map', key: typeFromProto(required(kind.value.keyType, 'the key type of a map'), parser),
        value: typeFromProto(required(kind.value.valueType, 'the value type of a map'), parser), valueContainsNull: kind.value.valueContainsNull,
      };
    case 'struct':
      return { kind: 'struct', fields: kind.value.fields.map((field): StructField => ({
        name: field.name, nullable: field.nullable,
        type: typeFromProto(required(field.dataType, `the type of the field ${field.name}`), parser),
      })) };
    case 'unparsed':
      return parser.type(kind.value.dataTypeString);
    case 'char': case 'varChar': case 'calendarInterval': case 'yearMonthInterval': case 'dayTimeInterval': case 'variant': case 'udt':
    case 'geometry': case 'geography': case 'time':
      throw unsupported(`the data type ${kind.case}`);
    case undefined:
      throw invalidPlan('a data type without a kind');
    default:
      return kind satisfies never;
  }
}
