/** Arrays, maps and structs: building and taking apart. Spark counts `[i]` from 0 and raises an error outside. */
import { INT, castTo, isIntegral, typeOf } from '../coercion.ts';
import { nullable } from '../resolved.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import { literalText, scalar, toCommonType, typeAt } from './define.ts';
import { castSql, kernelType, quoteName, raise } from './kernel-sql.ts';
import type { Arguments, ScalarRow } from './row.ts';
import { Mismatch } from './row.ts';

function elementType(args: Arguments): DataType {
  const [container] = args;
  const type = container === undefined ? undefined : typeOf(container);
  return type?.kind === 'array' ? type.element : type?.kind === 'map' ? type.value : { kind: 'null' };
}

function arrayOf(args: Arguments): DataType {
  return { kind: 'array', element: args[0] === undefined ? { kind: 'null' } : typeOf(args[0]), containsNull: args.some(nullable) };
}

/** `container[key]`: an index into an array, or a key of a map. */
function key(args: Arguments): Arguments {
  const [container, index] = args;
  if (container === undefined || index === undefined) return args;
  const type = typeOf(container);
  if (type.kind === 'map') return [container, castTo(index, type.key)];
  if (type.kind === 'array' && isIntegral(typeOf(index))) return [container, castTo(index, INT)];
  throw new Mismatch('UNEXPECTED_INPUT_TYPE', type.kind === 'array'
    ? `an index of an array requires the "INT" type, however it has the type "${sqlTypeName(typeOf(index))}".`
    : `only arrays, maps and structs have elements; this is of the type "${sqlTypeName(type)}".`);
}

function item([container, index]: readonly string[], args: Arguments): string {
  if (args[0] !== undefined && typeOf(args[0]).kind === 'map') return `map_extract_value(${container}, ${index})`;
  const problem = raise(`'[INVALID_ARRAY_INDEX] The index ' || CAST(${index} AS VARCHAR) || ' is out of bounds. The array has ' || CAST(len(${container}) AS VARCHAR) || ' elements. Use the SQL function \`get()\` to tolerate accessing element at invalid index and return NULL instead.'`);
  return `CASE WHEN ${index} < 0 OR ${index} >= len(${container}) THEN ${problem} ELSE ${container}[${index} + 1] END`;
}

function structOf(args: Arguments): DataType {
  const fields = args.flatMap((arg, i) => {
    const value = args[i + 1];
    return i % 2 === 0 && value !== undefined ? [{ name: literalText(arg) ?? '', type: typeOf(value), nullable: nullable(value) }] : [];
  });
  return { kind: 'struct', fields };
}

function namesAndValues(args: Arguments): Arguments {
  const odd = args.length % 2 === 1 || args.some((arg, i) => i % 2 === 0 && literalText(arg) === undefined);
  if (odd) throw new Mismatch('NON_FOLDABLE_INPUT', 'named_struct takes names (string literals) and values in turn.');
  return args;
}

export const collectionRows: readonly ScalarRow[] = [
  scalar('array', ['any'], arrayOf, 'An array of the values.', (sql, call) => castSql(`[${sql.join(', ')}]`, call.type), { variadic: true, optional: 1, coerce: toCommonType, nullable: 'never' }),
  scalar('named_struct', ['string', 'any'], structOf, 'A struct from names and values in turn.',
    (sql, call) => `struct_pack(${(call.type.kind === 'struct' ? call.type.fields : []).map((field, i) => `${quoteName(field.name)} := ${sql[2 * i + 1]}`).join(', ')})`,
    { variadic: true, coerce: namesAndValues, nullable: 'never' }),
  scalar('element', ['any', 'any'], elementType, '`array[i]` counted from 0, or `map[key]`.', (sql, call) => item(sql, call.arguments),
    { coerce: key, nullable: (args) => nullableElement(args), show: ([a, b]) => `${a}[${b}]` }),
  scalar('size', ['array'], INT, 'Number of elements.', ([a]) => castSql(`len(${a})`, INT), { aliases: ['cardinality', 'array_size'] }),
  scalar('array_max', ['array'], elementType, 'The largest element that is not NULL.', ([a]) => `list_max(${a})`, { nullable: 'always' }),
  scalar('array_min', ['array'], elementType, 'The smallest element that is not NULL.', ([a]) => `list_min(${a})`, { nullable: 'always' }),
  scalar('sort_array', ['array'], typeAt(0), 'The elements in order, NULLs first.', ([a]) => `list_sort(${a}, 'ASC', 'NULLS FIRST')`, { show: ([a]) => `sort_array(${a}, true)` }),
  scalar('array_contains', ['array', 'any'], { kind: 'boolean' }, 'Whether an array holds a value.', ([a, b]) => `CASE WHEN list_contains(${a}, ${b}) THEN true WHEN ${a} IS NULL OR ${b} IS NULL OR len(list_filter(${a}, lambda x: x IS NULL)) > 0 THEN NULL ELSE false END`,
    { coerce: contained, nullable: 'always' }),
];

function nullableElement(args: Arguments): boolean {
  const [container] = args;
  const type = container === undefined ? undefined : typeOf(container);
  return type?.kind !== 'array' || type.containsNull || args.some(nullable);
}

function contained(args: Arguments): Arguments {
  const [container, value] = args;
  if (container === undefined || value === undefined) return args;
  const type = typeOf(container);
  return type.kind === 'array' ? [container, castTo(value, type.element)] : args;
}

export const emptyArray = (type: DataType): string => `CAST([] AS ${kernelType(type)})`;
