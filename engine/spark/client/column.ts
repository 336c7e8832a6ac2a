/** Columns: expressions over a DataFrame's rows. Immutable; every method gives a new one. */
import { badArgument } from './client-error.ts';
import { literalOf, type Value } from './literal.ts';
import { type ExpressionInit, type ExpressionType, nullOrderings, sortDirections, tryEvalMode } from './message.ts';

export type ColumnOrName = Column | string;
export type ColumnOrValue = Column | Value;

/**
 * An expression, made by `col`, `lit`, `expr` and the functions.
 * @example flights.filter(col('delay').gt(15).and(col('origin').eq('SEA')))
 */
export class Column {
  /** The protocol's message. */
  readonly expression: ExpressionInit;

  constructor(expression: ExpressionInit) {
    this.expression = expression;
  }

  eq(other: ColumnOrValue): Column { return this.#with('==', other); }
  neq(other: ColumnOrValue): Column { return this.#with('!=', other); }
  /** Equal, where NULL equals NULL. */
  eqNullSafe(other: ColumnOrValue): Column { return this.#with('<=>', other); }
  gt(other: ColumnOrValue): Column { return this.#with('>', other); }
  geq(other: ColumnOrValue): Column { return this.#with('>=', other); }
  lt(other: ColumnOrValue): Column { return this.#with('<', other); }
  leq(other: ColumnOrValue): Column { return this.#with('<=', other); }
  plus(other: ColumnOrValue): Column { return this.#with('+', other); }
  minus(other: ColumnOrValue): Column { return this.#with('-', other); }
  multiply(other: ColumnOrValue): Column { return this.#with('*', other); }
  divide(other: ColumnOrValue): Column { return this.#with('/', other); }
  mod(other: ColumnOrValue): Column { return this.#with('%', other); }
  negate(): Column { return this.#with('negative'); }
  and(other: ColumnOrValue): Column { return this.#with('and', other); }
  or(other: ColumnOrValue): Column { return this.#with('or', other); }
  not(): Column { return this.#with('not'); }
  isNull(): Column { return this.#with('isnull'); }
  isNotNull(): Column { return this.#with('isnotnull'); }
  /** `col('origin').isin('SEA', 'SFO')`, or one array. */
  isin(...values: readonly (ColumnOrValue | readonly ColumnOrValue[])[]): Column {
    const [first] = values;
    const all = values.length === 1 && Array.isArray(first) ? (first as readonly ColumnOrValue[]) : (values as readonly ColumnOrValue[]);
    return this.#with('in', ...all);
  }
  between(low: ColumnOrValue, high: ColumnOrValue): Column { return this.geq(low).and(this.leq(high)); }
  like(pattern: ColumnOrValue): Column { return this.#with('like', pattern); }
  ilike(pattern: ColumnOrValue): Column { return this.#with('ilike', pattern); }
  rlike(pattern: ColumnOrValue): Column { return this.#with('rlike', pattern); }
  startsWith(prefix: ColumnOrValue): Column { return this.#with('startswith', prefix); }
  endsWith(suffix: ColumnOrValue): Column { return this.#with('endswith', suffix); }
  contains(part: ColumnOrValue): Column { return this.#with('contains', part); }
  /** From 1. */
  substr(position: ColumnOrValue, length: ColumnOrValue): Column { return this.#with('substring', position, length); }

  /** `type` as Spark writes it: `'int'`, `'decimal(10,2)'`. */
  cast(type: string): Column {
    return new Column({ exprType: { case: 'cast', value: { expr: this.expression, castToType: { case: 'typeStr', value: type } } } });
  }
  /** NULL instead of an error. */
  tryCast(type: string): Column {
    return new Column({ exprType: { case: 'cast', value: { expr: this.expression, castToType: { case: 'typeStr', value: type }, evalMode: tryEvalMode } } });
  }

  as(name: string): Column { return new Column({ exprType: { case: 'alias', value: { expr: this.expression, name: [name] } } }); }
  alias(name: string): Column { return this.as(name); }

  asc(): Column { return this.#sorted('asc', 'first'); }
  ascNullsFirst(): Column { return this.#sorted('asc', 'first'); }
  ascNullsLast(): Column { return this.#sorted('asc', 'last'); }
  desc(): Column { return this.#sorted('desc', 'last'); }
  descNullsFirst(): Column { return this.#sorted('desc', 'first'); }
  descNullsLast(): Column { return this.#sorted('desc', 'last'); }

  /** A struct's field by name. */
  getField(name: string): Column { return this.getItem(name); }
  /** An array's element (from 0), a map's value by key, a struct's field by name. */
  getItem(key: ColumnOrValue): Column {
    return new Column({ exprType: { case: 'unresolvedExtractValue', value: { child: this.expression, extraction: valueColumn(key).expression } } });
  }

  /** Another case, after `when(…)`. */
  when(condition: Column, value: ColumnOrValue): Column {
    return call('when', ...this.#branches('when'), condition, valueColumn(value));
  }
  /** What holds when no case does, after `when(…)`. */
  otherwise(value: ColumnOrValue): Column {
    return call('when', ...this.#branches('otherwise'), valueColumn(value));
  }

  #branches(method: string): readonly Column[] {
    const type = this.expression.exprType;
    const value = type?.case === 'unresolvedFunction' ? type.value : undefined;
    const operands = value?.functionName === 'when' ? (value.arguments ?? []) : [];
    if (operands.length === 0 || operands.length % 2 === 1) throw badArgument(`${method}() goes on after when(condition, value) only, before otherwise().`);
    return operands.map((each) => new Column(each));
  }

  #with(name: string, ...others: readonly ColumnOrValue[]): Column {
    return call(name, this, ...others.map(valueColumn));
  }

  #sorted(direction: 'asc' | 'desc', nulls: 'first' | 'last'): Column {
    return new Column({ exprType: { case: 'sortOrder', value: { child: this.expression, direction: sortDirections[direction], nullOrdering: nullOrderings[nulls] } } });
  }
}

/** A column by name: `'a'`, `'t.a'`, `'s.field'`; `'*'` and `'t.*'` are all columns. */
export function col(name: string): Column {
  return new Column(nameExpression(name));
}

export function nameExpression(name: string, planId?: bigint): ExpressionInit {
  const plan = planId === undefined ? {} : { planId };
  const exprType: ExpressionType = name === '*' ? { case: 'unresolvedStar', value: { ...plan } }
    : name.endsWith('.*') ? { case: 'unresolvedStar', value: { unparsedTarget: name, ...plan } }
      : { case: 'unresolvedAttribute', value: { unparsedIdentifier: name, ...plan } };
  return { exprType };
}

/** A constant. */
export function lit(value: ColumnOrValue): Column {
  return value instanceof Column ? value : new Column({ exprType: { case: 'literal', value: literalOf(value) } });
}

/** SQL text as a column: `expr('delay / 60 AS hours')`. */
export function expr(text: string): Column {
  return new Column({ exprType: { case: 'expressionString', value: { expression: text } } });
}

/** A function by its name in Spark, for those that have no export of their own. */
export function call(name: string, ...operands: readonly Column[]): Column {
  return new Column({ exprType: { case: 'unresolvedFunction', value: { functionName: name, arguments: operands.map((each) => each.expression) } } });
}

export function distinctCall(name: string, ...operands: readonly Column[]): Column {
  return new Column({ exprType: { case: 'unresolvedFunction', value: { functionName: name, arguments: operands.map((each) => each.expression), isDistinct: true } } });
}

/** Strings name columns. */
export function columnOf(column: ColumnOrName): Column {
  return typeof column === 'string' ? col(column) : column;
}

/** Strings are values. */
export function valueColumn(value: ColumnOrValue): Column {
  return lit(value);
}

/** A sort order; columns without one ascend. */
export function sortOrderOf(column: ColumnOrName): Column {
  const made = columnOf(column);
  return made.expression.exprType?.case === 'sortOrder' ? made : made.asc();
}
