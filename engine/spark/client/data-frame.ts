/** DataFrames: lazy plans. Nothing runs before `collect`, `count`, `show`, a write or another action asks. */
import { badArgument } from './client-error.ts';
import { Column, columnOf, nameExpression, sortOrderOf, type ColumnOrName, type ColumnOrValue, lit } from './column.ts';
import type { Connection } from './connection.ts';
import { count } from './functions.ts';
import { GroupedData } from './grouped-data.ts';
import { explainModes, joinTypes, unionType, type RelationInit, type RelationType } from './message.ts';
import type { Row } from './row.ts';
import { fieldsOf, type StructField } from './schema.ts';
import { DataFrameWriter } from './writer.ts';

/** Spark's names of joins; `outer` is `full`, `left_semi` is `semi` and so on. */
export type JoinType = keyof typeof joinTypes | 'outer' | 'full_outer' | 'fullouter' | 'left_outer' | 'leftouter' | 'right_outer' | 'rightouter'
  | 'left_semi' | 'leftsemi' | 'left_anti' | 'leftanti';

const joinSynonyms: Readonly<Record<string, keyof typeof joinTypes>> = {
  outer: 'full', full_outer: 'full', fullouter: 'full', left_outer: 'left', leftouter: 'left', right_outer: 'right', rightouter: 'right',
  left_semi: 'semi', leftsemi: 'semi', left_anti: 'anti', leftanti: 'anti',
};

const limitMax = 2 ** 31 - 1;

function natural(value: number, name: string): number {
  if (!Number.isInteger(value) || value < 0 || value > limitMax) throw badArgument(`${name} takes a whole number from 0 to ${limitMax}, not ${value}.`);
  return value;
}

/**
 * Rows with named columns, described by a plan.
 * @example (await flights.filter(col('delay').gt(60)).groupBy('origin').count().collect()).map((row) => row.origin)
 */
export class DataFrame {
  readonly #connection: Connection;
  /** The protocol's message. */
  readonly relation: RelationInit;
  readonly #planId: bigint;

  constructor(connection: Connection, relType: RelationType) {
    this.#connection = connection;
    this.#planId = connection.nextPlanId();
    this.relation = { common: { planId: this.#planId }, relType };
  }

  /** This frame's column, also where another frame has one of the same name: `a.join(b, a.col('id').eq(b.col('id')))`. */
  col(name: string): Column {
    return new Column(nameExpression(name, this.#planId));
  }

  /** `select('origin', col('delay').plus(1).as('later'))`; `'*'` is all columns. */
  select(...columns: readonly ColumnOrName[]): DataFrame {
    return this.#with({ case: 'project', value: { input: this.relation, expressions: columns.map((each) => columnOf(each).expression) } });
  }

  /** `selectExpr('origin', 'delay / 60 AS hours')`. */
  selectExpr(...texts: readonly string[]): DataFrame {
    const expressions = texts.map((expression) => ({ exprType: { case: 'expressionString' as const, value: { expression } } }));
    return this.#with({ case: 'project', value: { input: this.relation, expressions } });
  }

  /** By a column or by SQL text: `filter(col('delay').gt(60))`, `filter('delay > 60')`. */
  filter(condition: Column | string): DataFrame {
    const column = typeof condition === 'string' ? new Column({ exprType: { case: 'expressionString', value: { expression: condition } } }) : condition;
    return this.#with({ case: 'filter', value: { input: this.relation, condition: column.expression } });
  }

  where(condition: Column | string): DataFrame {
    return this.filter(condition);
  }

  /** Adds or replaces a column. */
  withColumn(name: string, column: Column): DataFrame {
    return this.withColumns({ [name]: column });
  }

  withColumns(columns: Readonly<Record<string, Column>>): DataFrame {
    const aliases = Object.entries(columns).map(([name, column]) => ({ name: [name], expr: column.expression }));
    return this.#with({ case: 'withColumns', value: { input: this.relation, aliases } });
  }

  /** No effect when there is no such column. */
  withColumnRenamed(from: string, to: string): DataFrame {
    return this.withColumnsRenamed({ [from]: to });
  }

  withColumnsRenamed(names: Readonly<Record<string, string>>): DataFrame {
    const renames = Object.entries(names).map(([colName, newColName]) => ({ colName, newColName }));
    return this.#with({ case: 'withColumnsRenamed', value: { input: this.relation, renames } });
  }

  /** Names that are not there are left alone. */
  drop(...columns: readonly ColumnOrName[]): DataFrame {
    const names = columns.filter((each) => typeof each === 'string');
    const expressions = columns.filter((each) => typeof each !== 'string').map((each) => each.expression);
    return this.#with({ case: 'drop', value: { input: this.relation, columnNames: names, columns: expressions } });
  }

  /** New names for all columns. */
  toDF(...names: readonly string[]): DataFrame {
    return this.#with({ case: 'toDf', value: { input: this.relation, columnNames: [...names] } });
  }

  /** A name for the frame's columns: `as('f')`, then `col('f.origin')`. */
  alias(name: string): DataFrame {
    return this.#with({ case: 'subqueryAlias', value: { input: this.relation, alias: name } });
  }

  /** `groupBy('origin').agg(avg('delay').as('delay'))`. */
  groupBy(...columns: readonly ColumnOrName[]): GroupedData {
    const groups = columns.map((each) => columnOf(each).expression);
    return new GroupedData((aggregates) => this.#with({
      case: 'aggregate',
      value: { input: this.relation, groupType: 1, groupingExpressions: groups, aggregateExpressions: aggregates.map((each) => each.expression) },
    }));
  }

  /** Aggregates over all rows. */
  agg(first: Column, ...others: readonly Column[]): DataFrame {
    return this.groupBy().agg(first, ...others);
  }

  /** On a condition, or on columns that both sides have (then each stands once in the result). */
  join(other: DataFrame, on?: Column | string | readonly string[], how: JoinType = 'inner'): DataFrame {
    const type = joinSynonyms[how] ?? how;
    if (!(type in joinTypes)) throw badArgument(`there is no join of type ${how}; there are ${Object.keys({ ...joinTypes, ...joinSynonyms }).join(', ')}.`);
    const key = type as keyof typeof joinTypes;
    const how1 = on === undefined && key === 'inner' ? 'cross' : key;
    const condition = on instanceof Column ? { joinCondition: on.expression } : {};
    const usingColumns = on === undefined || on instanceof Column ? [] : typeof on === 'string' ? [on] : [...on];
    return this.#with({ case: 'join', value: { left: this.relation, right: other.relation, joinType: joinTypes[how1], usingColumns, ...condition } });
  }

  crossJoin(other: DataFrame): DataFrame {
    return this.join(other, undefined, 'cross');
  }

  /** `orderBy(col('delay').desc(), 'origin')`; ascending unless a column says otherwise. */
  orderBy(...columns: readonly ColumnOrName[]): DataFrame {
    const order = columns.map((each) => {
      const { exprType } = sortOrderOf(each).expression;
      if (exprType?.case !== 'sortOrder') throw badArgument('orderBy takes columns and names of columns.');
      return exprType.value;
    });
    return this.#with({ case: 'sort', value: { input: this.relation, order, isGlobal: true } });
  }

  sort(...columns: readonly ColumnOrName[]): DataFrame {
    return this.orderBy(...columns);
  }

  limit(rows: number): DataFrame {
    return this.#with({ case: 'limit', value: { input: this.relation, limit: natural(rows, 'limit') } });
  }

  offset(rows: number): DataFrame {
    return this.#with({ case: 'offset', value: { input: this.relation, offset: natural(rows, 'offset') } });
  }

  /** Columns by place; duplicates stay. */
  union(other: DataFrame): DataFrame {
    return this.#union(other, {});
  }

  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }

  /** Columns by name. */
  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    return this.#union(other, { byName: true, allowMissingColumns });
  }

  distinct(): DataFrame {
    return this.dropDuplicates();
  }

  /** One row for each combination of these columns; of all columns when none is named. */
  dropDuplicates(...columns: readonly string[]): DataFrame {
    return this.#with({ case: 'deduplicate', value: { input: this.relation, columnNames: [...columns], allColumnsAsKeys: columns.length === 0 } });
  }

  /** Spread over `partitions` tasks, rows with equal `columns` together. */
  repartition(partitions: number, ...columns: readonly ColumnOrName[]): DataFrame {
    const numPartitions = natural(partitions, 'repartition');
    if (columns.length === 0) return this.#with({ case: 'repartition', value: { input: this.relation, numPartitions, shuffle: true } });
    const partitionExprs = columns.map((each) => columnOf(each).expression);
    return this.#with({ case: 'repartitionByExpression', value: { input: this.relation, numPartitions, partitionExprs } });
  }

  coalesce(partitions: number): DataFrame {
    return this.#with({ case: 'repartition', value: { input: this.relation, numPartitions: natural(partitions, 'coalesce'), shuffle: false } });
  }

  /** `hint('broadcast')`. */
  hint(name: string, ...parameters: readonly ColumnOrValue[]): DataFrame {
    return this.#with({ case: 'hint', value: { input: this.relation, name, parameters: parameters.map((each) => lit(each).expression) } });
  }

  /** All rows. Throws `SparkError` when the result is larger than spark.driver.maxResultSize. */
  async collect(signal?: AbortSignal): Promise<readonly Row[]> {
    return Array.fromAsync(this.toLocalIterator(signal));
  }

  /** Rows as they arrive; a loop that ends early stops the execution. */
  async *toLocalIterator(signal?: AbortSignal): AsyncGenerator<Row> {
    const { rowsOf } = await import('./arrow-rows.ts');
    for await (const batch of this.#connection.rows(this.relation, signal)) {
      yield* rowsOf(batch.data, batch.schema === undefined ? undefined : fieldsOf(batch.schema).map((field) => field.name));
    }
  }

  async take(rows: number, signal?: AbortSignal): Promise<readonly Row[]> {
    return this.limit(rows).collect(signal);
  }

  /** Undefined when there is no row. */
  async first(signal?: AbortSignal): Promise<Row | undefined> {
    return (await this.take(1, signal))[0];
  }

  async head(rows = 1, signal?: AbortSignal): Promise<readonly Row[]> {
    return this.take(rows, signal);
  }

  async count(signal?: AbortSignal): Promise<bigint> {
    const row = await this.agg(count('*')).first(signal);
    return row?.get(0) as bigint;
  }

  async isEmpty(signal?: AbortSignal): Promise<boolean> {
    return (await this.first(signal)) === undefined;
  }

  /** Prints the first rows as Spark does. `truncate`: longest cell, or false. */
  async show(rows = 20, truncate: number | boolean = true, vertical = false, signal?: AbortSignal): Promise<void> {
    console.log(await this.showString(rows, truncate, vertical, signal));
  }

  async showString(rows = 20, truncate: number | boolean = true, vertical = false, signal?: AbortSignal): Promise<string> {
    const width = typeof truncate === 'number' ? natural(truncate, 'truncate') : truncate ? 20 : 0;
    const table = this.#with({ case: 'showString', value: { input: this.relation, numRows: natural(rows, 'show'), truncate: width, vertical } });
    return String((await table.collect(signal))[0]?.get(0) ?? '');
  }

  async schema(signal?: AbortSignal): Promise<readonly StructField[]> {
    return fieldsOf(await this.#connection.schema(this.relation, signal));
  }

  async columns(signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.schema(signal)).map((field) => field.name);
  }

  /** Name and type of each column. */
  async dtypes(signal?: AbortSignal): Promise<readonly (readonly [string, string])[]> {
    return (await this.schema(signal)).map((field) => [field.name, field.type]);
  }

  async printSchema(signal?: AbortSignal): Promise<void> {
    console.log(await this.#connection.treeString(this.relation, signal));
  }

  async explain(mode: keyof typeof explainModes = 'simple', signal?: AbortSignal): Promise<void> {
    console.log(await this.explainString(mode, signal));
  }

  async explainString(mode: keyof typeof explainModes = 'simple', signal?: AbortSignal): Promise<string> {
    return this.#connection.explain(this.relation, mode, signal);
  }

  /** Makes the plan known to SQL text of this session under a name. */
  async createOrReplaceTempView(name: string, signal?: AbortSignal): Promise<void> {
    await this.#view(name, true, signal);
  }

  /** Throws `SparkError` TEMP_TABLE_OR_VIEW_ALREADY_EXISTS when the name is taken. */
  async createTempView(name: string, signal?: AbortSignal): Promise<void> {
    await this.#view(name, false, signal);
  }

  /** `await frame.write.mode('overwrite').parquet('/output/delays')`. */
  get write(): DataFrameWriter {
    return new DataFrameWriter(this.relation, this.#connection);
  }

  async #view(name: string, replace: boolean, signal?: AbortSignal): Promise<void> {
    await this.#connection.command({ commandType: { case: 'createDataframeView', value: { input: this.relation, name, isGlobal: false, replace } } }, signal);
  }

  #union(other: DataFrame, options: { readonly byName?: boolean; readonly allowMissingColumns?: boolean }): DataFrame {
    return this.#with({ case: 'setOp', value: { leftInput: this.relation, rightInput: other.relation, setOpType: unionType, isAll: true, ...options } });
  }

  #with(relType: RelationType): DataFrame {
    return new DataFrame(this.#connection, relType);
  }
}
