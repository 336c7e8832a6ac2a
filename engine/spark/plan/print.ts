/**
 * Unresolved plans and expressions as text, for tests, EXPLAIN and messages. An expression prints as Spark SQL that parses
 * back to itself; operators stand in parentheses, so that precedence is visible.
 */
import type { Expression } from './expression.ts';
import type { Command, LogicalPlan } from './logical.ts';
import { type DataType, sqlTypeName } from './types.ts';

type Literal = Extract<Expression, { kind: 'literal' }>;
type Call = Extract<Expression, { kind: 'call' }>;

/** Words that mean something else when they stand as a column or a function without backquotes. */
const spokenFor = new Set([
  'all', 'any', 'as', 'case', 'cast', 'distinct', 'except', 'exists', 'extract', 'false', 'from', 'having', 'identifier', 'intersect', 'interval',
  'join', 'not', 'null', 'overlay', 'position', 'select', 'struct', 'substr', 'substring', 'then', 'trim',
  'true', 'try_cast', 'union', 'where', 'with', 'values', 'div', 'both', 'leading', 'trailing', 'group', 'order', 'sort', 'cluster', 'distribute',
  'partition', 'like', 'in', 'is', 'and', 'or', 'between', 'rlike', 'ilike', 'regexp', 'end', 'when', 'else', 'over', 'filter', 'collate',
]);

function nameText(name: string): string {
  const plain = /^[a-z_]\w*$/i.test(name) && !spokenFor.has(name.toLowerCase());
  return plain ? name : `\`${name.replaceAll('`', '``')}\``;
}

/** Aliases and fields may be any word; only odd characters need backquotes. */
function aliasText(name: string): string {
  return /^[a-z_]\w*$/i.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

export function printString(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\0', '\\0')}'`;
}

const suffixes: Readonly<Partial<Record<DataType['kind'], string>>> = { byte: 'Y', short: 'S', int: '', long: 'L', float: 'F', double: 'D', decimal: 'BD' };

/** ISO date, or date and time with as many digits of the second as are needed, of microseconds since the epoch. */
function timestampText(micros: bigint): string {
  const millis = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = Number(micros - millis * 1000n);
  const iso = new Date(Number(millis)).toISOString().replace('T', ' ').slice(0, -1);
  return rest === 0 ? iso : `${iso}${String(rest).padStart(3, '0')}`;
}

function literal(expression: Literal): string {
  const { value, type } = expression;
  if (value === null) return type.kind === 'null' ? 'NULL' : `CAST(NULL AS ${sqlTypeName(type)})`;
  switch (type.kind) {
    case 'boolean': return value === true ? 'TRUE' : 'FALSE';
    case 'string': return printString(String(value));
    case 'date': return `DATE '${new Date(Number(value) * 86_400_000).toISOString().slice(0, -14)}'`;
    case 'timestamp': return `TIMESTAMP '${timestampText(BigInt(value as bigint))}Z'`;
    case 'timestamp_ntz': return `TIMESTAMP_NTZ '${timestampText(BigInt(value as bigint))}'`;
    case 'binary': return `X'${Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('').toUpperCase()}'`;
    default: {
      const odd = typeof value === 'number' && !Number.isFinite(value);
      return odd ? `CAST('${value}' AS ${sqlTypeName(type)})` : `${Object.is(value, -0) ? '-0' : String(value)}${suffixes[type.kind] ?? ''}`;
    }
  }
}

const infix: ReadonlyMap<string, string> = new Map([
  ...['+', '-', '*', '/', '%', '=', '==', '!=', '<=>', '<', '<=', '>', '>=', '&', '|', '^'].map((name) => [name, name] as const),
  ['and', 'AND'], ['or', 'OR'], ['div', 'DIV'], ['rlike', 'RLIKE'], ['like', 'LIKE'], ['ilike', 'ILIKE'],
]);

function caseText(operands: readonly string[]): string {
  const branches: string[] = [];
  for (let at = 0; at + 1 < operands.length; at += 2) branches.push(`WHEN ${operands[at]} THEN ${operands[at + 1]}`);
  const otherwise = operands.length % 2 === 1 ? ` ELSE ${operands.at(-1)}` : '';
  return `CASE ${branches.join(' ')}${otherwise} END`;
}

/** The forms that have syntax of their own; undefined for a plain call. */
function operatorText(name: string, operands: readonly string[]): string | undefined {
  const [a, b, c] = operands;
  const sign = infix.get(name);
  if (sign !== undefined && operands.length === 2) return `(${a} ${sign} ${b})`;
  if (name === 'when' && operands.length > 1) return caseText(operands);
  if (name === 'in' && operands.length > 1) return `(${a} IN (${operands.slice(1).join(', ')}))`;
  if (name === 'between' && operands.length === 3) return `(${a} BETWEEN ${b} AND ${c})`;
  if ((name === 'like' || name === 'ilike') && operands.length === 3) return `(${a} ${name.toUpperCase()} ${b} ESCAPE ${c})`;
  if (operands.length !== 1) return undefined;
  switch (name) {
    case 'not': return `(NOT ${a})`;
    case '~': return `(~ ${a})`;
    case 'isnull': return `(${a} IS NULL)`;
    case 'isnotnull': return `(${a} IS NOT NULL)`;
    default: return undefined;
  }
}

const ownGrammar = new Set(['struct', 'trim', 'substring', 'extract']);

function callText(expression: Call): string {
  const operands = expression.arguments.map(printExpression);
  const plain = expression.distinct !== true && expression.filter === undefined;
  const operator = plain ? operatorText(expression.name, operands) : undefined;
  if (operator !== undefined) return operator;
  const name = ownGrammar.has(expression.name) ? expression.name : nameText(expression.name);
  const filter = expression.filter === undefined ? '' : ` FILTER (WHERE ${printExpression(expression.filter)})`;
  return `${name}(${expression.distinct === true ? 'DISTINCT ' : ''}${operands.join(', ')})${filter}`;
}

/** Spark SQL of the expression. Columns of a DataFrame show their plan as `name#7`, which SQL cannot say. */
export function printExpression(expression: Expression): string {
  const plan = 'planId' in expression && expression.planId !== undefined ? `#${expression.planId}` : '';
  switch (expression.kind) {
    case 'literal': return literal(expression);
    case 'column': return `${nameText(expression.name[0] ?? '')}${expression.name.slice(1).map((part) => `.${aliasText(part)}`).join('')}${plan}`;
    case 'star': return `${[...expression.target.map(nameText), '*'].join('.')}${plan}`;
    case 'call': return callText(expression);
    case 'alias': return `${printExpression(expression.child)} AS ${aliasText(expression.name)}`;
    case 'cast': return `${expression.mode === 'try' ? 'TRY_' : ''}CAST(${printExpression(expression.child)} AS ${sqlTypeName(expression.type)})`;
    case 'sortOrder': return `${printExpression(expression.child)} ${expression.direction.toUpperCase()} NULLS ${expression.nulls.toUpperCase()}`;
    case 'extract': return `${printExpression(expression.child)}[${printExpression(expression.key)}]`;
    case 'text': return `expr(${printString(expression.text)})`;
    case 'parameter': return expression.name.startsWith('?') ? '?' : `:${aliasText(expression.name)}`;
    default: return expression satisfies never;
  }
}

const list = (expressions: readonly Expression[]): string => `[${expressions.map(printExpression).join(', ')}]`;
const names = (all: readonly string[]): string => `[${all.map(aliasText).join(', ')}]`;

function optionsText(options: Readonly<Record<string, string>>): string {
  const entries = Object.entries(options).map(([key, value]) => `${key}=${printString(value)}`);
  return entries.length === 0 ? '' : ` {${entries.join(', ')}}`;
}


function sourceLine(plan: LogicalPlan): string | undefined {
  switch (plan.kind) {
    case 'table': return `Table ${plan.name.map(aliasText).join('.')}`;
    case 'read': {
      const schema = plan.schema === undefined ? '' : ` (${plan.schema.map((field) => `${aliasText(field.name)} ${sqlTypeName(field.type)}`).join(', ')})`;
      return `Read ${plan.format} ${plan.paths.map(printString).join(', ')}${optionsText(plan.options)}${schema}`;
    }
    case 'localArrow': return `LocalArrow ${plan.data.length} bytes`;
    case 'values': return `Values ${names(plan.names ?? [])} ${plan.rows.map((row) => `(${row.map(printExpression).join(', ')})`).join(', ')}`;
    case 'oneRow': return 'OneRow';
    case 'range': return `Range ${plan.start} to ${plan.end} step ${plan.step}${plan.partitions === undefined ? '' : ` in ${plan.partitions}`}`;
    case 'sqlText': return `SqlText ${printString(plan.text)}`;
    default: return undefined;
  }
}

function joinLine(plan: Extract<LogicalPlan, { kind: 'join' }>): string {
  const condition = plan.condition === undefined ? '' : ` on ${printExpression(plan.condition)}`;
  const using = plan.using.length === 0 ? '' : ` using ${names(plan.using)}`;
  return `Join ${plan.natural === true ? 'natural ' : ''}${plan.type}${condition}${using}`;
}

function operatorLine(plan: LogicalPlan): string {
  switch (plan.kind) {
    case 'project': return `Project ${list(plan.expressions)}`;
    case 'withColumns': return `WithColumns [${plan.columns.map((each) => `${printExpression(each.expression)} AS ${aliasText(each.name)}`).join(', ')}]`;
    case 'rename': return `Rename [${plan.renames.map((each) => `${aliasText(each.from)} to ${aliasText(each.to)}`).join(', ')}]`;
    case 'toDF': return `ToDF ${names(plan.names)}`;
    case 'drop': return `Drop ${list(plan.columns)} ${names(plan.names)}`;
    case 'filter': return `Filter ${printExpression(plan.condition)}`;
    case 'aggregate': return `Aggregate by ${list(plan.groups)} ${list(plan.aggregates)}${plan.outputGroups ? ' with groups' : ''}`;
    case 'having': return `Having ${printExpression(plan.condition)}`;
    case 'join': return joinLine(plan);
    case 'sort': return `Sort ${plan.global ? '' : 'local '}${list(plan.order)}`;
    case 'limit': return `Limit ${plan.count}`;
    case 'offset': return `Offset ${plan.count}`;
    case 'union': return `Union${plan.byName ? ' by name' : ''}${plan.allowMissingColumns ? ' with missing columns' : ''}`;
    case 'deduplicate': return `Deduplicate${plan.columns.length === 0 ? '' : ` ${names(plan.columns)}`}`;
    case 'subqueryAlias': return `SubqueryAlias ${aliasText(plan.alias)}${plan.columns === undefined ? '' : ` ${names(plan.columns)}`}`;
    case 'repartition': return `Repartition ${plan.partitions === undefined ? '' : `${plan.partitions} `}${list(plan.by)}`;
    case 'hint': return `Hint ${plan.name} ${list(plan.arguments)}`;
    case 'with': return `With [${plan.definitions.map((each) => `${aliasText(each.name)}${each.columns === undefined ? '' : ` ${names(each.columns)}`}`).join(', ')}]`;
    default: return sourceLine(plan) ?? plan.kind;
  }
}

/** Definitions of WITH come before the query that uses them. */
function childrenOf(plan: LogicalPlan): readonly LogicalPlan[] {
  if (plan.kind === 'with') return [...plan.definitions.map((each) => each.plan), plan.child];
  if (plan.kind === 'join' || plan.kind === 'union') return [plan.left, plan.right];
  return 'child' in plan ? [plan.child] : [];
}

/** One operator a line, inputs indented below it. */
export function printPlan(plan: LogicalPlan, indent = ''): string {
  return [`${indent}${operatorLine(plan)}`, ...childrenOf(plan).map((child) => printPlan(child, `${indent}  `))].join('\n');
}

export function printCommand(command: Command): string {
  switch (command.kind) {
    case 'query': return printPlan(command.plan);
    case 'createTempView': return `CreateTempView ${aliasText(command.name)}${command.replace ? ' or replace' : ''}\n${printPlan(command.plan, '  ')}`;
    case 'dropView': return `DropView ${aliasText(command.name)}${command.ifExists ? ' if exists' : ''}`;
    case 'write': {
      const partitions = command.partitionBy.length === 0 ? '' : ` by ${names(command.partitionBy)}`;
      return `Write ${command.format} ${printString(command.path)} ${command.mode}${optionsText(command.options)}${partitions}\n${printPlan(command.plan, '  ')}`;
    }
    case 'setConf': return `SetConf ${command.key}=${command.value}`;
    case 'explain': return `Explain ${command.mode}\n${printCommand(command.command).replaceAll(/^/gm, '  ')}`;
    default: return command satisfies never;
  }
}
