/** Names in reach of an expression, and how a name finds its column. */
import type { Origin } from '../expression.ts';
import type { Attribute, ResolvedExpression } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import { withOrigin } from '../functions/signature.ts';
import { typeName } from '../types.ts';

export interface ScopeColumn {
  /** The name now; the attribute's own name may be older. */
  readonly name: string;
  readonly attribute: Attribute;
  /** The alias or table it is reached by: `t` in `t.a`; undefined for computed columns. */
  readonly qualifier: string | undefined;
  /** Reached by a qualified name only and not part of `*`: the other side's key after JOIN … USING. */
  readonly hidden: boolean;
}

export type Scope = readonly ScopeColumn[];

export const visible = (scope: Scope): Scope => scope.filter((column) => !column.hidden);
const same = (a: string | undefined, b: string | undefined): boolean => a !== undefined && b !== undefined && a.toLowerCase() === b.toLowerCase();
export const quoted = (parts: readonly string[]): string => parts.map((part) => `\`${part.replaceAll('`', '``')}\``).join('.');

interface Match {
  readonly column: ScopeColumn;
  /** Struct fields below the column. */
  readonly path: readonly string[];
}

/** The column of a name, or undefined. Throws AMBIGUOUS_REFERENCE. */
export function find(scope: Scope, name: readonly string[], origin: Origin | undefined): Match | undefined {
  const [first, second] = name;
  const qualified = second === undefined ? [] : scope.filter((column) => same(column.qualifier, first) && same(column.name, second));
  const matches = qualified.length > 0
    ? qualified.map((column) => ({ column, path: name.slice(2) }))
    : scope.filter((column) => !column.hidden && same(column.name, first)).map((column) => ({ column, path: name.slice(1) }));
  const different = matches.filter((match, i) => matches.findIndex((each) => each.column.attribute.id === match.column.attribute.id) === i);
  if (different.length <= 1) return different[0];
  const candidates = different.map(({ column }) => quoted(column.qualifier === undefined ? [column.name] : [column.qualifier, column.name])).join(', ');
  throw new SparkError({
    errorClass: 'AMBIGUOUS_REFERENCE', sqlState: '42704', message: `Reference ${quoted(name)} is ambiguous, could be: [${candidates}].`,
    parameters: { name: quoted(name), referenceNames: `[${candidates}]` }, ...withOrigin(origin),
  });
}

/** `column.field.field`, over structs. */
export function fieldOf(child: ResolvedExpression, name: string, origin: Origin | undefined): ResolvedExpression {
  const type = child.type;
  if (type.kind !== 'struct') {
    throw new SparkError({
      errorClass: 'INVALID_EXTRACT_BASE_FIELD_TYPE', sqlState: '42000',
      message: `Can't extract a value from an expression of the type "${typeName(type).toUpperCase()}". Need a complex type [STRUCT, ARRAY, MAP].`, ...withOrigin(origin),
    });
  }
  const field = type.fields.find((each) => same(each.name, name));
  if (field === undefined) {
    throw new SparkError({
      errorClass: 'FIELD_NOT_FOUND', sqlState: '42704', message: `No such struct field \`${name}\` in ${type.fields.map((each) => quoted([each.name])).join(', ')}.`,
      parameters: { fieldName: `\`${name}\`` }, ...withOrigin(origin),
    });
  }
  const nullable = field.nullable || child.kind === 'literal' || child.nullable;
  return { kind: 'field', child, name: field.name, type: field.type, nullable };
}

export function unresolvedColumn(scope: Scope, name: readonly string[], origin: Origin | undefined): SparkError {
  const message = `A column, variable, or function parameter with name ${quoted(name)} cannot be resolved.`;
  const near = suggestions(scope, name);
  if (near.length === 0) {
    return new SparkError({ errorClass: 'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION', sqlState: '42703', message, parameters: { objectName: quoted(name) }, ...withOrigin(origin) });
  }
  return new SparkError({
    errorClass: 'UNRESOLVED_COLUMN.WITH_SUGGESTION', sqlState: '42703', message: `${message} Did you mean one of the following? [${near.join(', ')}].`,
    parameters: { objectName: quoted(name), proposal: near.join(', ') }, ...withOrigin(origin),
  });
}

/** The five nearest names; with their qualifier when the columns do not share one, or the name had one. */
function suggestions(scope: Scope, name: readonly string[]): readonly string[] {
  const columns = visible(scope);
  const qualifiers = new Set(columns.map((column) => column.qualifier));
  const full = name.length > 1 || qualifiers.size > 1;
  const texts = columns.map((column) => (full && column.qualifier !== undefined ? [column.qualifier, column.name] : [column.name]));
  const wanted = name.join('.').toLowerCase();
  return texts.map((parts, i) => ({ text: quoted(parts), i, distance: distance(parts.join('.').toLowerCase(), wanted) }))
    .toSorted((a, b) => a.distance - b.distance || a.i - b.i).slice(0, 5).map((each) => each.text);
}

/** Levenshtein distance, one row at a time; names are short. */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
