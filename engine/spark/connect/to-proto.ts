import { create } from '@bufbuild/protobuf';
import { DataTypeSchema, type DataType as DataTypeMessage } from './generated/spark/connect/types_pb.ts';
import type { DataType, Schema } from '../plan/types.ts';

/** A schema as the struct type that clients read. */
export function schemaToProto(schema: Schema): DataTypeMessage {
  return typeToProto({ kind: 'struct', fields: schema });
}

export function typeToProto(type: DataType): DataTypeMessage {
  switch (type.kind) {
    case 'null': case 'boolean': case 'byte': case 'short': case 'long': case 'float': case 'double': case 'binary': case 'date': case 'timestamp':
      return create(DataTypeSchema, { kind: { case: type.kind, value: {} } });
    case 'string':
      return create(DataTypeSchema, { kind: { case: 'string', value: { collation: 'UTF8_BINARY' } } });
    case 'int':
      return create(DataTypeSchema, { kind: { case: 'integer', value: {} } });
    case 'timestamp_ntz':
      return create(DataTypeSchema, { kind: { case: 'timestampNtz', value: {} } });
    case 'decimal':
      return create(DataTypeSchema, { kind: { case: 'decimal', value: { precision: type.precision, scale: type.scale } } });
    case 'array':
      return create(DataTypeSchema, { kind: { case: 'array', value: { elementType: typeToProto(type.element), containsNull: type.containsNull } } });
    case 'map':
      return create(DataTypeSchema, { kind: { case: 'map', value: {
        keyType: typeToProto(type.key), valueType: typeToProto(type.value), valueContainsNull: type.valueContainsNull } } });
    case 'struct':
      return create(DataTypeSchema, { kind: { case: 'struct', value: {
        fields: type.fields.map((field) => ({ name: field.name, dataType: typeToProto(field.type), nullable: field.nullable })) } } });
    default:
      return type satisfies never;
  }
}
