/** Types of a result's columns, as text: `bigint`, `decimal(10,2)`, `array<string>`. */
import type { DataType } from '../connect/generated/spark/connect/types_pb.ts';

export interface StructField {
  readonly name: string;
  /** Spark's name of the type. */
  readonly type: string;
  readonly nullable: boolean;
}

const names: Readonly<Partial<Record<string, string>>> = {
  null: 'void', byte: 'tinyint', short: 'smallint', integer: 'int', long: 'bigint', timestampNtz: 'timestamp_ntz',
};

export function typeText(message: DataType | undefined): string {
  const type = message?.kind;
  switch (type?.case) {
    case 'decimal': return `decimal(${type.value.precision ?? 10},${type.value.scale ?? 0})`;
    case 'array': return `array<${typeText(type.value.elementType)}>`;
    case 'map': return `map<${typeText(type.value.keyType)},${typeText(type.value.valueType)}>`;
    case 'struct': return `struct<${type.value.fields.map((field) => `${field.name}:${typeText(field.dataType)}`).join(',')}>`;
    default: return names[type?.case ?? ''] ?? type?.case ?? 'unknown';
  }
}

/** The fields of a result; empty when it is no struct. */
export function fieldsOf(message: DataType | undefined): readonly StructField[] {
  if (message?.kind.case !== 'struct') return [];
  return message.kind.value.fields.map((field) => ({ name: field.name, type: typeText(field.dataType), nullable: field.nullable }));
}
