/** Expressions: names to columns, calls to rows of the function table, types to what Spark converts them to. */
import { castMayBeNull, castTo, typeOf } from '../coercion.ts';
import type { Expression, Origin } from '../expression.ts';
import { expressionText } from '../expression-text.ts';
import { canCast } from '../functions/cast.ts';
import { castFunctions } from '../functions/cast-functions.ts';
import type { AggregateRow, Arguments } from '../functions/row.ts';
import { dataTypeMismatch, fitted, withOrigin } from '../functions/signature.ts';
import { functionRow } from '../functions/table.ts';
import type { ResolvedExpression } from '../resolved.ts';
import { contains, nullable } from '../resolved.ts';
import { SparkError } from '../spark-error.ts';
import type { DataType } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import type { Analysis } from './analysis.ts';
import type { Scope } from './scope.ts';
import { fieldOf, find, quoted, unresolvedColumn, visible } from './scope.ts';

export interface Names {
  readonly analysis: Analysis;
  readonly scope: Scope;
  /** Looked at when `scope` does not know a name. */
  readonly below?: Scope;
  /** Where arguments of aggregates are looked up; undefined: aggregates are not allowed, and `place` says where we are. */
  readonly aggregates?: Scope;
  readonly place: string;
}

type Call = Extract<Expression, { kind: 'call' }>;

export function resolve(expression: Expression, names: Names): ResolvedExpression {
  switch (expression.kind) {
    case 'literal': return { kind: 'literal', value: expression.value, type: expression.type };
    case 'column': return column(expression, names);
    case 'alias': return resolve(expression.child, names);
    case 'cast': return cast(expression, names);
    case 'call': return call(expression, names);
    case 'extract': return extract(expression, names);
    case 'sortOrder': return resolve(expression.child, names);
    case 'star': throw new SparkError({ errorClass: 'INVALID_USAGE_OF_STAR_OR_REGEX', sqlState: '42000', message: `Invalid usage of '*' in ${names.place}.`, ...withOrigin(expression.origin) });
    case 'parameter': throw new SparkError({ errorClass: 'UNBOUND_SQL_PARAMETER', sqlState: '42P02', message: `Found the unbound parameter: ${expression.name}. Give it a value in the arguments of sql().`, parameters: { name: expression.name }, ...withOrigin(expression.origin) });
    case 'text': throw new Error(`expression text was not parsed before analysis: ${expression.text}`);
  }
}

function column(expression: Extract<Expression, { kind: 'column' }>, names: Names): ResolvedExpression {
  if (expression.planId !== undefined) return dataFrameColumn(expression, expression.planId, names);
  const byId = expression.name[0]?.startsWith('\0') === true ? names.scope.find((each) => `\0${each.attribute.id}` === expression.name[0]) : undefined;
  if (byId !== undefined) return byId.attribute;
  const match = find(names.scope, expression.name, expression.origin) ?? find(names.below ?? [], expression.name, expression.origin);
  if (match === undefined) throw unresolvedColumn(names.scope, expression.name, expression.origin);
  return match.path.reduce<ResolvedExpression>((child, field) => fieldOf(child, field, expression.origin), match.column.attribute);
}

/** `df.column`: the column of exactly that DataFrame, wherever its attribute is still in reach. */
function dataFrameColumn(expression: Extract<Expression, { kind: 'column' }>, planId: bigint, names: Names): ResolvedExpression {
  const inReach = [...names.scope, ...(names.below ?? [])];
  const matches = (names.analysis.byPlanId.get(planId) ?? []).flatMap((scope) => find(scope, expression.name, expression.origin) ?? [])
    .flatMap((match) => {
      const now = inReach.find((each) => each.attribute.id === match.column.attribute.id);
      return now === undefined ? [] : [{ attribute: now.attribute, path: match.path }];
    });
  const different = new Map(matches.map((match) => [match.attribute.id, match]));
  const [match] = different.values();
  if (match !== undefined && different.size === 1) {
    return match.path.reduce<ResolvedExpression>((child, field) => fieldOf(child, field, expression.origin), match.attribute);
  }
  if (different.size > 1) {
    throw new SparkError({ errorClass: 'AMBIGUOUS_COLUMN_REFERENCE', sqlState: '42702', message: `Column ${quoted(expression.name)} is ambiguous. It's because you joined several DataFrames together, and some of these DataFrames are the same. Give them aliases and qualify the columns.`, parameters: { name: quoted(expression.name) }, ...withOrigin(expression.origin) });
  }
  const known = names.analysis.byPlanId.get(planId)?.at(-1);
  if (known !== undefined && find(known, expression.name, expression.origin) === undefined) throw unresolvedColumn(known, expression.name, expression.origin);
  throw new SparkError({ errorClass: 'CANNOT_RESOLVE_DATAFRAME_COLUMN', sqlState: '42704', message: `Cannot resolve dataframe column ${quoted(expression.name)}. It's probably because of illegal references like df1.select(df2.col("a")).`, parameters: { name: quoted(expression.name) }, ...withOrigin(expression.origin) });
}

function cast(expression: Extract<Expression, { kind: 'cast' }>, names: Names): ResolvedExpression {
  const child = resolve(expression.child, names);
  const from = typeOf(child);
  if (!canCast(from, expression.type)) {
    throw dataTypeMismatch('CAST_WITHOUT_SUGGESTION', expressionText(expression), `cannot cast "${sqlTypeName(from)}" to "${sqlTypeName(expression.type)}".`, expression.origin);
  }
  if (from.kind === 'null') return { kind: 'literal', value: null, type: expression.type };
  const mode = expression.mode === 'try' ? 'try' : 'ansi';
  return { kind: 'cast', child, type: expression.type, mode, nullable: nullable(child) || mode === 'try' || castMayBeNull(from, expression.type) };
}

function extract(expression: Extract<Expression, { kind: 'extract' }>, names: Names): ResolvedExpression {
  const child = resolve(expression.child, names);
  const { key } = expression;
  if (typeOf(child).kind === 'struct' && key.kind === 'literal' && typeof key.value === 'string') return fieldOf(child, key.value, expression.origin);
  const asCall: Call = { kind: 'call', name: 'element', arguments: [expression.child, key], ...withOrigin(expression.origin) };
  return apply(asCall, [child, resolve(key, names)]);
}

function call(expression: Call, names: Names): ResolvedExpression {
  const converted = castFunctions.get(expression.name);
  const [only] = expression.arguments;
  if (converted !== undefined && only !== undefined && expression.arguments.length === 1) {
    return cast({ kind: 'cast', child: only, type: converted, mode: 'default', ...withOrigin(expression.origin) }, names);
  }
  const plain = rewritten(expression, names);
  if (plain !== expression) return resolve(plain, names);
  const row = functionRow(expression.name);
  if (row === undefined) throw unresolvedRoutine(expression.name, expression.origin);
  if (row.kind === 'aggregate') return aggregateCall(row, expression, names);
  if (expression.distinct === true || expression.filter !== undefined) {
    throw new SparkError({ errorClass: 'INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX', sqlState: '42000', message: `The function \`${expression.name}\` does not support ${expression.distinct === true ? 'DISTINCT' : 'FILTER CLAUSE'}: it is not an aggregate.`, ...withOrigin(expression.origin) });
  }
  return apply(expression, expression.arguments.map((arg) => resolve(arg, names)));
}

function apply(expression: Call, args: Arguments): ResolvedExpression {
  const row = functionRow(expression.name);
  if (row === undefined) throw unresolvedRoutine(expression.name, expression.origin);
  const converted = fitted(row, args, { name: expression.name, text: expressionText(expression), argumentTexts: expression.arguments.map(expressionText), origin: expression.origin });
  return { kind: 'call', name: row.names[0], arguments: converted, type: row.result(converted), nullable: row.nullable(converted) };
}

function aggregateCall(row: AggregateRow, expression: Call, names: Names): ResolvedExpression {
  if (names.aggregates === undefined) throw misplacedAggregate(expression, names.place);
  if (expression.distinct === true && withoutDistinct.has(row.names[0])) {
    throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.DISTINCT_AGGREGATE', sqlState: '0A000', message: `DISTINCT in ${expression.name} is not supported. Leave it out, or select the different rows first.`, ...withOrigin(expression.origin) });
  }
  const inside: Names = { analysis: names.analysis, scope: names.aggregates, place: 'an aggregate function', ...(names.below === undefined ? {} : { below: names.scope }) };
  const args = expression.arguments.map((arg) => (arg.kind === 'star' && row.names[0] === 'count' ? one : resolve(arg, inside)));
  const filter = expression.filter === undefined ? undefined : condition(expression.filter, { ...inside, place: 'the FILTER clause' });
  const converted = fitted(row, args, { name: expression.name, text: expressionText(expression), argumentTexts: expression.arguments.map(expressionText), origin: expression.origin });
  return {
    kind: 'aggregate', name: row.names[0], arguments: converted, distinct: expression.distinct === true && row.ignoresDuplicates !== true,
    type: row.result(converted), nullable: row.nullable(converted), ...(filter === undefined ? {} : { filter }),
  };
}

/** Aggregates of whole rows, for which different values alone say nothing. */
const withoutDistinct: ReadonlySet<string> = new Set(['first', 'last', 'max_by', 'min_by']);

const one: ResolvedExpression = { kind: 'literal', value: 1, type: { kind: 'int' } };

function misplacedAggregate(expression: Call, place: string): SparkError {
  const text = expressionText(expression);
  if (place === 'an aggregate function') {
    return new SparkError({ errorClass: 'NESTED_AGGREGATE_FUNCTION', sqlState: '42607', message: 'It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.', ...withOrigin(expression.origin) });
  }
  if (place === 'GROUP BY') {
    return new SparkError({ errorClass: 'GROUP_BY_AGGREGATE', sqlState: '42903', message: `Aggregate functions are not allowed in GROUP BY, but found ${text}.`, ...withOrigin(expression.origin) });
  }
  return new SparkError({ errorClass: 'INVALID_WHERE_CONDITION', sqlState: '42903', message: `Aggregate functions are not allowed in ${place}, but found ${text}. Use HAVING, or aggregate in a sub-query.`, parameters: { expressionList: text }, ...withOrigin(expression.origin) });
}

export function unresolvedRoutine(name: string, origin: Origin | undefined): SparkError {
  return new SparkError({
    errorClass: 'UNRESOLVED_ROUTINE', sqlState: '42883',
    message: `Cannot resolve routine \`${name}\` on search path [\`system\`.\`builtin\`, \`system\`.\`session\`, \`spark_catalog\`.\`default\`].`,
    parameters: { routineName: `\`${name}\`` }, ...withOrigin(origin),
  });
}

const extractFields: Readonly<Record<string, string>> = {
  year: 'year', y: 'year', years: 'year', quarter: 'quarter', qtr: 'quarter', month: 'month', mon: 'month', months: 'month', week: 'weekofyear', w: 'weekofyear', weeks: 'weekofyear',
  day: 'day', d: 'day', days: 'day', dayofweek: 'dayofweek', dow: 'dayofweek', doy: 'dayofyear', hour: 'hour', h: 'hour', hours: 'hour', minute: 'minute', m: 'minute', min: 'minute', minutes: 'minute',
};

/** Calls that are another way to write something else. */
function rewritten(expression: Call, names: Names): Expression {
  const [first, second, third] = expression.arguments;
  const at = withOrigin(expression.origin);
  const make = (name: string, ...args: readonly Expression[]): Expression => ({ kind: 'call', name, arguments: args, ...at });
  switch (expression.name) {
    case '-': return first !== undefined && second === undefined ? make('negative', first) : expression;
    case '+': return first !== undefined && second === undefined ? make('positive', first) : expression;
    case 'between':
      return first !== undefined && second !== undefined && third !== undefined ? make('and', make('>=', first, second), make('<=', first, third)) : expression;
    case 'extract': case 'date_part': case 'datepart': {
      const field = first?.kind === 'literal' ? extractFields[String(first.value).toLowerCase()] : undefined;
      return field === undefined || second === undefined ? expression : make(field, second);
    }
    case 'struct': return make('named_struct', ...expandStars(expression.arguments, names).flatMap((arg, i): readonly Expression[] => [{ kind: 'literal', value: structFieldName(arg, i), type: { kind: 'string' } }, arg]));
    case 'count': {
      const starred = expression.arguments.some((arg) => arg.kind === 'star') && (expression.arguments.length > 1 || expression.distinct === true || (first?.kind === 'star' && first.target.length > 0));
      return starred ? { ...expression, arguments: expandStars(expression.arguments, { ...names, scope: names.aggregates ?? names.scope }) } : expression;
    }
    default: return expression;
  }
}

function structFieldName(arg: Expression, index: number): string {
  if (arg.kind === 'alias') return arg.name;
  return arg.kind === 'column' ? arg.name.at(-1) ?? '' : `col${index + 1}`;
}

/** `*` and `t.*` as the columns they stand for. */
export function expandStars(expressions: readonly Expression[], names: Names): readonly Expression[] {
  return expressions.flatMap((expression): readonly Expression[] => {
    if (expression.kind !== 'star') return [expression];
    return starColumns(expression, names).map((each) => ({ kind: 'alias', name: each.name, child: attributeReference(each.attribute.id), ...withOrigin(expression.origin) }));
  });
}

/** A name that stands for one attribute, whatever it is called: used inside analysis only. */
const attributeReference = (id: number): Expression => ({ kind: 'column', name: [`\0${id}`] });

export function starColumns(star: Extract<Expression, { kind: 'star' }>, names: Names): Scope {
  if (star.planId !== undefined) {
    const ids = new Set((names.analysis.byPlanId.get(star.planId) ?? []).flatMap((scope) => visible(scope).map((each) => each.attribute.id)));
    return names.scope.filter((each) => ids.has(each.attribute.id));
  }
  if (star.target.length === 0) return visible(names.scope);
  const target = star.target.at(-1)?.toLowerCase();
  const columns = names.scope.filter((each) => each.qualifier?.toLowerCase() === target);
  if (columns.length > 0) return columns;
  const qualifiers = [...new Set(visible(names.scope).flatMap((each) => each.qualifier ?? []))];
  throw new SparkError({ errorClass: 'CANNOT_RESOLVE_STAR_EXPAND', sqlState: '42704', message: `Cannot resolve ${quoted(star.target)}.* given input columns ${qualifiers.map((each) => quoted([each])).join(', ')}. Please check that the specified table or struct exists and is accessible in the input columns.`, parameters: { targetString: quoted(star.target) }, ...withOrigin(star.origin) });
}

/** A condition: BOOLEAN, or a string literal that reads as one; NULL is false. */
export function condition(expression: Expression, names: Names): ResolvedExpression {
  const resolved = resolve(expression, names);
  const type: DataType = typeOf(resolved);
  if (type.kind === 'boolean') return resolved;
  if (type.kind === 'null') return castTo(resolved, { kind: 'boolean' });
  throw dataTypeMismatch('FILTER_NOT_BOOLEAN', expressionText(expression), `${names.place} requires the "BOOLEAN" type, however the expression has the type "${sqlTypeName(type)}".`, expression.kind === 'text' ? undefined : expression.origin);
}

export const hasAggregate = (expression: ResolvedExpression): boolean => contains(expression, (part) => part.kind === 'aggregate');
