/** Data types: `INT`, `DECIMAL(10, 2)`, `ARRAY<STRING>`, `STRUCT<a: INT NOT NULL>`, and table schemas `a INT, b STRING`. */
import { SparkError } from '../plan/spark-error.ts';
import type { DataType, Schema, StructField } from '../plan/types.ts';
import type { TokenCursor } from './token-cursor.ts';
import { excerpt } from './syntax-error.ts';
import type { Token } from './token.ts';

const simpleTypes: Readonly<Record<string, DataType>> = {
  BOOLEAN: { kind: 'boolean' }, TINYINT: { kind: 'byte' }, BYTE: { kind: 'byte' }, SMALLINT: { kind: 'short' }, SHORT: { kind: 'short' },
  INT: { kind: 'int' }, INTEGER: { kind: 'int' }, BIGINT: { kind: 'long' }, LONG: { kind: 'long' }, FLOAT: { kind: 'float' }, REAL: { kind: 'float' },
  DOUBLE: { kind: 'double' }, DATE: { kind: 'date' }, TIMESTAMP: { kind: 'timestamp' }, TIMESTAMP_LTZ: { kind: 'timestamp' },
  TIMESTAMP_NTZ: { kind: 'timestamp_ntz' }, STRING: { kind: 'string' }, BINARY: { kind: 'binary' }, VOID: { kind: 'null' }, NULL: { kind: 'null' },
};

const absentTypes = new Set(['INTERVAL', 'VARIANT', 'TIME', 'GEOMETRY', 'GEOGRAPHY']);

/** `charTypes`: what CHAR(n) and VARCHAR(n) do. Casts read them as STRING, as Spark does; a schema would have to enforce them. */
export type CharTypes = 'string' | 'refuse';

export function parseType(cursor: TokenCursor, charTypes: CharTypes = 'string'): DataType {
  return cursor.nested(() => {
    const first = cursor.peek();
    if (first.kind !== 'word') throw cursor.unexpected('a data type');
    cursor.next();
    const simple = simpleTypes[first.value];
    if (simple !== undefined) return simple;
    switch (first.value) {
      case 'DECIMAL': case 'DEC': case 'NUMERIC': return decimalType(cursor);
      case 'CHAR': case 'CHARACTER': case 'VARCHAR': return charType(cursor, first, charTypes);
      case 'ARRAY': return angle(cursor, () => ({ kind: 'array', element: parseType(cursor, charTypes), containsNull: true }));
      case 'MAP': return angle(cursor, () => {
        const key = parseType(cursor, charTypes);
        cursor.expectSymbol(',');
        return { kind: 'map', key, value: parseType(cursor, charTypes), valueContainsNull: true };
      });
      case 'STRUCT': return structType(cursor, charTypes);
      default: throw unknownType(cursor, first);
    }
  });
}

function unknownType(cursor: TokenCursor, token: Token): SparkError {
  const name = token.value;
  if (absentTypes.has(name)) return cursor.unsupported(token, 'DATA_TYPE', `the data type ${name}`);
  return new SparkError({
    errorClass: 'UNSUPPORTED_DATATYPE', sqlState: '0A000', message: `Unsupported data type "${name}".`,
    parameters: { typeName: name }, origin: cursor.originOf(token), excerpt: excerpt(cursor.text, cursor.originOf(token)),
  });
}

function angle(cursor: TokenCursor, inner: () => DataType): DataType {
  cursor.expectSymbol('<');
  const type = inner();
  cursor.expectSymbol('>');
  return type;
}

function wholeNumber(cursor: TokenCursor): number {
  const token = cursor.peek();
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.value)) throw cursor.unexpected('a whole number');
  cursor.next();
  return Number(token.value);
}

function decimalType(cursor: TokenCursor): DataType {
  if (!cursor.atSymbol('(')) return { kind: 'decimal', precision: 10, scale: 0 };
  const open = cursor.peek();
  const [precision = 10, scale = 0] = cursor.parenthesised(() => cursor.list(() => wholeNumber(cursor)));
  if (precision > 38) throw cursor.failure(open, `decimal precision ${precision} exceeds the greatest precision 38`);
  if (scale > precision || precision < 1) throw cursor.failure(open, `decimal scale ${scale} cannot be greater than precision ${precision}`);
  return { kind: 'decimal', precision, scale };
}

function charType(cursor: TokenCursor, first: Token, charTypes: CharTypes): DataType {
  if (charTypes === 'refuse') throw cursor.unsupported(first, 'DATA_TYPE', `the data type ${first.value} in a schema; use STRING`);
  cursor.parenthesised(() => wholeNumber(cursor));
  return { kind: 'string' };
}

function structType(cursor: TokenCursor, charTypes: CharTypes): DataType {
  if (cursor.takeSymbol('<>')) return { kind: 'struct', fields: [] };
  return angle(cursor, () => ({ kind: 'struct', fields: cursor.atSymbol('>') ? [] : cursor.list(() => field(cursor, charTypes)) }));
}

function field(cursor: TokenCursor, charTypes: CharTypes): StructField {
  const name = cursor.name('the name of a field');
  cursor.takeSymbol(':');
  const type = parseType(cursor, charTypes);
  const nullable = !cursor.takeWords('NOT', 'NULL');
  if (cursor.takeWords('COMMENT')) cursor.string();
  return { name, type, nullable };
}

/** `a INT, b STRING NOT NULL`, up to the token that is no comma. */
export function parseFields(cursor: TokenCursor): Schema {
  return cursor.list(() => field(cursor, 'refuse'));
}
