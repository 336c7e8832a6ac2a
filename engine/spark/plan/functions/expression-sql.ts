/** Resolved expressions as kernel SQL. Attributes are spelled by the caller. */
import type { Attribute, ResolvedExpression } from '../resolved.ts';
import { typeOf } from '../coercion.ts';
import { renderCast } from './cast.ts';
import { literalSql, quoteName } from './kernel-sql.ts';
import { functionRow } from './table.ts';

export type Spelling = (attribute: Attribute) => string;

export function expressionSql(expression: ResolvedExpression, spell: Spelling): string {
  switch (expression.kind) {
    case 'literal': return literalSql(expression.value, expression.type);
    case 'attribute': return spell(expression);
    case 'cast': return renderCast(expressionSql(expression.child, spell), typeOf(expression.child), expression.type, expression.mode);
    case 'field': return `(${expressionSql(expression.child, spell)}).${quoteName(expression.name)}`;
    case 'call': {
      const row = functionRow(expression.name);
      if (row?.kind !== 'scalar') throw new Error(`no scalar function ${expression.name}`);
      return row.render(expression.arguments.map((arg) => expressionSql(arg, spell)), expression);
    }
    case 'aggregate': throw new Error(`the aggregate ${expression.name} stands outside of GROUP BY`);
  }
}
