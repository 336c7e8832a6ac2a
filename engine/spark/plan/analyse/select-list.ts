/** The items of a select list: stars expanded, names given, columns resolved. */
import type { Expression } from '../expression.ts';
import { expressionText } from '../expression-text.ts';
import type { Named, ResolvedExpression } from '../resolved.ts';
import { nullable } from '../resolved.ts';
import { typeOf } from '../coercion.ts';
import type { Analysis } from './analysis.ts';
import type { Names } from './expression-analysis.ts';
import { starColumns } from './expression-analysis.ts';
import type { Scope, ScopeColumn } from './scope.ts';

export type SelectItem =
  /** From `*`: a column as it is. */
  | { readonly kind: 'column'; readonly column: ScopeColumn }
  | { readonly kind: 'expression'; readonly name: string; readonly expression: Expression; readonly aliased: boolean };

export function selectItems(expressions: readonly Expression[], names: Names): readonly SelectItem[] {
  return expressions.flatMap((expression): readonly SelectItem[] => {
    if (expression.kind === 'star') return starColumns(expression, names).map((column) => ({ kind: 'column', column }));
    if (expression.kind === 'alias') return [{ kind: 'expression', name: expression.name, expression: expression.child, aliased: true }];
    return [{ kind: 'expression', name: outputName(expression), expression, aliased: false }];
  });
}

/** Spark's name of a column without an alias; a cast of a column keeps the column's name. */
export function outputName(expression: Expression): string {
  if (expression.kind === 'alias') return expression.name;
  if (expression.kind === 'cast' && expression.child.kind === 'column' && expression.mode === 'default') return outputName(expression.child);
  return expressionText(expression);
}

/**
 * Collects the outputs of a projection. A plain column keeps its attribute, so that references to it stay good;
 * anything else, and a column that comes a second time, gets a new one.
 */
export class OutputList {
  readonly #analysis: Analysis;
  readonly #input: Scope;
  readonly #list: Named[] = [];
  readonly #scope: ScopeColumn[] = [];

  constructor(analysis: Analysis, input: Scope) {
    this.#analysis = analysis;
    this.#input = input;
  }

  add(name: string, expression: ResolvedExpression, aliased: boolean): void {
    const keeps = expression.kind === 'attribute' && !this.#list.some((each) => each.attribute.id === expression.id);
    const attribute = keeps ? expression : this.#analysis.ids.next(name, typeOf(expression), nullable(expression));
    const qualifier = expression.kind === 'attribute' && !aliased ? this.#input.find((each) => each.attribute.id === expression.id)?.qualifier : undefined;
    this.#list.push({ attribute, expression });
    this.#scope.push({ name, attribute, qualifier, hidden: false });
  }

  get list(): readonly Named[] {
    return this.#list;
  }

  get scope(): Scope {
    return this.#scope;
  }
}

/** The resolved form of an item, by the given resolution. */
export function itemExpression(item: SelectItem, resolve: (expression: Expression) => ResolvedExpression): ResolvedExpression {
  return item.kind === 'column' ? item.column.attribute : resolve(item.expression);
}

export const itemName = (item: SelectItem): string => (item.kind === 'column' ? item.column.name : item.name);

/** Names that Spark gives by what an expression turned out to be: a struct's field, a date moved by days. */
export function resolvedName(item: SelectItem, resolved: ResolvedExpression): string {
  if (item.kind === 'column' || item.aliased) return itemName(item);
  const { expression } = item;
  if (expression.kind === 'extract' && resolved.kind === 'field') return `${expressionText(expression.child)}.${resolved.name}`;
  if (expression.kind === 'call' && resolved.type.kind === 'date' && (expression.name === '+' || expression.name === '-')) {
    return `${expression.name === '+' ? 'date_add' : 'date_sub'}(${expression.arguments.map(expressionText).join(', ')})`;
  }
  return item.name;
}
export const itemAliased = (item: SelectItem): boolean => item.kind === 'expression' && item.aliased;
