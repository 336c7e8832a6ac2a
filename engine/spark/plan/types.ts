/** Spark SQL's data types. Immutable values; compare with `sameType`. */
export type DataType =
  | { readonly kind: 'null' | 'boolean' | 'byte' | 'short' | 'int' | 'long' | 'float' | 'double'
      | 'string' | 'binary' | 'date' | 'timestamp' | 'timestamp_ntz' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: DataType; readonly containsNull: boolean }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType; readonly valueContainsNull: boolean }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] };

export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

export type Schema = readonly StructField[];

/** Same type, whatever the nullability of nested parts. */
export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind === 'decimal' && b.kind === 'decimal') return a.precision === b.precision && a.scale === b.scale;
  if (a.kind === 'array' && b.kind === 'array') return sameType(a.element, b.element);
  if (a.kind === 'map' && b.kind === 'map') return sameType(a.key, b.key) && sameType(a.value, b.value);
  if (a.kind === 'struct' && b.kind === 'struct') {
    return a.fields.length === b.fields.length
      && a.fields.every((field, i) => field.name === b.fields[i]?.name && sameType(field.type, b.fields[i].type));
  }
  return a.kind === b.kind;
}

const simpleNames: Readonly<Record<string, string>> = {
  null: 'void', byte: 'tinyint', short: 'smallint', long: 'bigint',
};

/** Spark's `simpleString`, as `printSchema` and DDL show it: `bigint`, `decimal(10,2)`, `array<int>`. */
export function typeName(type: DataType): string {
  switch (type.kind) {
    case 'decimal': return `decimal(${type.precision},${type.scale})`;
    case 'array': return `array<${typeName(type.element)}>`;
    case 'map': return `map<${typeName(type.key)},${typeName(type.value)}>`;
    case 'struct': return `struct<${type.fields.map((field) => `${field.name}:${typeName(field.type)}`).join(',')}>`;
    default: return simpleNames[type.kind] ?? type.kind;
  }
}

/** As Spark writes types in SQL and in messages: `BIGINT`, `DECIMAL(10,2)`. */
export function sqlTypeName(type: DataType): string {
  switch (type.kind) {
    case 'array': return `ARRAY<${sqlTypeName(type.element)}>`;
    case 'map': return `MAP<${sqlTypeName(type.key)}, ${sqlTypeName(type.value)}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((f) => `${f.name}: ${sqlTypeName(f.type)}${f.nullable ? '' : ' NOT NULL'}`).join(', ')}>`;
    default: return typeName(type).toUpperCase();
  }
}
