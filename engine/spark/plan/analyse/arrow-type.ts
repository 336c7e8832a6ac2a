/** Arrow's types as Spark's: what rows that came with the plan hold. */
import { DataType as ArrowType, DateUnit, Precision, TimeUnit } from 'apache-arrow';
import { SparkError } from '../spark-error.ts';
import type { DataType } from '../types.ts';

const kinds: readonly (readonly [(type: ArrowType) => boolean, DataType['kind']])[] = [
  [(type) => ArrowType.isNull(type), 'null'], [(type) => ArrowType.isBool(type), 'boolean'],
  [(type) => ArrowType.isUtf8(type) || ArrowType.isLargeUtf8(type), 'string'], [(type) => ArrowType.isBinary(type) || ArrowType.isLargeBinary(type), 'binary'],
  [(type) => ArrowType.isDate(type) && type.unit === DateUnit.DAY, 'date'],
];

/** Throws UNSUPPORTED_ARROWTYPE. */
export function arrowDataType(type: ArrowType): DataType {
  const simple = kinds.find(([is]) => is(type));
  if (simple !== undefined) return { kind: simple[1] } as DataType;
  if (ArrowType.isInt(type) && type.isSigned) return { kind: ({ 8: 'byte', 16: 'short', 32: 'int', 64: 'long' } as const)[type.bitWidth] };
  if (ArrowType.isFloat(type) && type.precision !== Precision.HALF) return { kind: type.precision === Precision.SINGLE ? 'float' : 'double' };
  if (ArrowType.isDecimal(type)) return { kind: 'decimal', precision: type.precision, scale: type.scale };
  if (ArrowType.isTimestamp(type) && type.unit === TimeUnit.MICROSECOND) return { kind: type.timezone === null || type.timezone === undefined ? 'timestamp_ntz' : 'timestamp' };
  if (ArrowType.isList(type)) {
    const [element] = type.children;
    if (element !== undefined) return { kind: 'array', element: arrowDataType(element.type), containsNull: element.nullable };
  }
  if (ArrowType.isStruct(type)) {
    return { kind: 'struct', fields: type.children.map((field) => ({ name: field.name, type: arrowDataType(field.type), nullable: field.nullable })) };
  }
  if (ArrowType.isMap(type)) {
    const [key, value] = type.children[0]?.type.children ?? [];
    if (key !== undefined && value !== undefined) return { kind: 'map', key: arrowDataType(key.type), value: arrowDataType(value.type), valueContainsNull: value.nullable };
  }
  throw new SparkError({ errorClass: 'UNSUPPORTED_ARROWTYPE', sqlState: '0A000', message: `Unsupported arrow type ${String(type)}.`, parameters: { typeName: String(type) } });
}
