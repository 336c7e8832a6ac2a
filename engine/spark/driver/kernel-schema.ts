/** The kernel's column types as Spark's. */
import { DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import type { DataType } from '../plan/types.ts';

const simple: ReadonlyMap<DuckDBTypeId, DataType['kind']> = new Map([
  [DuckDBTypeId.BOOLEAN, 'boolean'], [DuckDBTypeId.TINYINT, 'byte'], [DuckDBTypeId.SMALLINT, 'short'], [DuckDBTypeId.INTEGER, 'int'], [DuckDBTypeId.BIGINT, 'long'],
  [DuckDBTypeId.FLOAT, 'float'], [DuckDBTypeId.DOUBLE, 'double'], [DuckDBTypeId.VARCHAR, 'string'], [DuckDBTypeId.BLOB, 'binary'], [DuckDBTypeId.DATE, 'date'],
  [DuckDBTypeId.TIMESTAMP, 'timestamp_ntz'], [DuckDBTypeId.TIMESTAMP_TZ, 'timestamp'],
]);

/** Undefined for types that Spark does not have. */
export function sparkType(type: DuckDBType): DataType | undefined {
  const kind = simple.get(type.typeId);
  if (kind !== undefined) return { kind } as DataType;
  switch (type.typeId) {
    case DuckDBTypeId.DECIMAL: return { kind: 'decimal', precision: type.width, scale: type.scale };
    case DuckDBTypeId.LIST: {
      const element = sparkType(type.valueType);
      return element === undefined ? undefined : { kind: 'array', element, containsNull: true };
    }
    case DuckDBTypeId.MAP: {
      const [key, value] = [sparkType(type.keyType), sparkType(type.valueType)];
      return key === undefined || value === undefined ? undefined : { kind: 'map', key, value, valueContainsNull: true };
    }
    case DuckDBTypeId.STRUCT: {
      const fields = type.entryTypes.map((each, i) => ({ name: type.entryNames[i] ?? '', type: sparkType(each), nullable: true }));
      return fields.every((field) => field.type !== undefined) ? { kind: 'struct', fields: fields as { name: string; type: DataType; nullable: boolean }[] } : undefined;
    }
    default: return undefined;
  }
}

/** Unsigned integers widen as Spark widens them. */
export function widened(type: DuckDBType): DataType | undefined {
  switch (type.typeId) {
    case DuckDBTypeId.UTINYINT: return { kind: 'short' };
    case DuckDBTypeId.USMALLINT: return { kind: 'int' };
    case DuckDBTypeId.UINTEGER: return { kind: 'long' };
    case DuckDBTypeId.UBIGINT: return { kind: 'decimal', precision: 20, scale: 0 };
    case DuckDBTypeId.ENUM: return { kind: 'string' };
    default: return undefined;
  }
}
