/** Spark's types by the kernel's names. */
import { unreachable } from '../../core/assert.ts';
import type { DataType, Schema } from '../plan/types.ts';

/** As in a kernel CAST. A column of Spark's void type is an INTEGER that is always NULL. */
export function kernelTypeName(type: DataType): string {
  switch (type.kind) {
    case 'null': return 'INTEGER';
    case 'boolean': return 'BOOLEAN';
    case 'byte': return 'TINYINT';
    case 'short': return 'SMALLINT';
    case 'int': return 'INTEGER';
    case 'long': return 'BIGINT';
    case 'float': return 'FLOAT';
    case 'double': return 'DOUBLE';
    case 'string': return 'VARCHAR';
    case 'binary': return 'BLOB';
    case 'date': return 'DATE';
    case 'timestamp': return 'TIMESTAMP WITH TIME ZONE';
    case 'timestamp_ntz': return 'TIMESTAMP';
    case 'decimal': return `DECIMAL(${type.precision},${type.scale})`;
    case 'array': return `${kernelTypeName(type.element)}[]`;
    case 'map': return `MAP(${kernelTypeName(type.key)}, ${kernelTypeName(type.value)})`;
    case 'struct': return `STRUCT(${type.fields.map((field) => `${quoted(field.name)} ${kernelTypeName(field.type)}`).join(', ')})`;
    default: return unreachable(type);
  }
}

/** A relation with the columns `c0 …` of the schema and no rows. */
export function emptyRelation(schema: Schema): string {
  const columns = schema.map((field, i) => `CAST(NULL AS ${kernelTypeName(field.type)}) AS c${i}`);
  return `SELECT ${columns.length === 0 ? '1' : columns.join(', ')} WHERE false`;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
