import type { DataType, Schema, StructField } from '../plan/types.ts';

/** `df.printSchema()`: one line per field, ` |-- name: type (nullable = true)`; `levelMax` 0 or less: all levels. */
export function treeString(schema: Schema, levelMax = 0): string {
  const lines = schema.flatMap((field) => fieldLines(field, 1, levelMax > 0 ? levelMax : Number.MAX_SAFE_INTEGER));
  return `root\n${lines.map((line) => `${line}\n`).join('')}`;
}

function fieldLines(field: StructField, level: number, levelMax: number): readonly string[] {
  return [`${prefix(level)}${field.name}: ${typeName(field.type)} (nullable = ${field.nullable})`, ...innerLines(field.type, level + 1, levelMax)];
}

function innerLines(type: DataType, level: number, levelMax: number): readonly string[] {
  if (level > levelMax) return [];
  const inner = (name: string, child: DataType, flag: string): readonly string[] =>
    [`${prefix(level)}${name}: ${typeName(child)}${flag}`, ...innerLines(child, level + 1, levelMax)];
  switch (type.kind) {
    case 'struct': return type.fields.flatMap((field) => fieldLines(field, level, levelMax));
    case 'array': return inner('element', type.element, ` (containsNull = ${type.containsNull})`);
    case 'map': return [...inner('key', type.key, ''), ...inner('value', type.value, ` (valueContainsNull = ${type.valueContainsNull})`)];
    default: return [];
  }
}

function prefix(level: number): string {
  return `${' |   '.repeat(level - 1)} |-- `;
}

/** Spark's `DataType.typeName`. */
function typeName(type: DataType): string {
  if (type.kind === 'int') return 'integer';
  if (type.kind === 'null') return 'void';
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
