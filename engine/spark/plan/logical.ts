/**
 * The unresolved logical plan: the one plan language. SQL text (`engine/spark/sql`) and Spark Connect
 * relations (`engine/spark/connect`) both become this; the analyser consumes it.
 */
import type { Expression, Origin } from './expression.ts';
import type { Schema } from './types.ts';

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti' | 'cross';

export type LogicalPlan =
  /** A temporary view or `format.`path`` (name = [format, path]). */
  | { readonly kind: 'table'; readonly name: readonly string[]; readonly origin?: Origin; readonly planId?: bigint }
  /** Files; `schema` when the user gave one. Format as Spark names it: csv, json, parquet. */
  | { readonly kind: 'read'; readonly format: string; readonly paths: readonly string[]; readonly options: Readonly<Record<string, string>>;
      readonly schema?: Schema; readonly planId?: bigint }
  /** Rows held by the plan itself: Arrow IPC stream bytes (with schema), as Spark Connect's LocalRelation sends them. */
  | { readonly kind: 'localArrow'; readonly data: Uint8Array; readonly schema?: Schema; readonly planId?: bigint }
  /** SQL `VALUES`; every row as long as the first. */
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[]; readonly names?: readonly string[]; readonly origin?: Origin; readonly planId?: bigint }
  /** `SELECT 1` without FROM: one row, no columns. */
  | { readonly kind: 'oneRow'; readonly planId?: bigint }
  | { readonly kind: 'range'; readonly start: bigint; readonly end: bigint; readonly step: bigint; readonly partitions?: number; readonly planId?: bigint }
  | { readonly kind: 'project'; readonly child: LogicalPlan; readonly expressions: readonly Expression[]; readonly planId?: bigint }
  /** Adds or replaces columns by name, keeps the rest. */
  | { readonly kind: 'withColumns'; readonly child: LogicalPlan; readonly columns: readonly { readonly name: string; readonly expression: Expression }[]; readonly planId?: bigint }
  | { readonly kind: 'rename'; readonly child: LogicalPlan; readonly renames: readonly { readonly from: string; readonly to: string }[]; readonly planId?: bigint }
  /** toDF(names…). */
  | { readonly kind: 'toDF'; readonly child: LogicalPlan; readonly names: readonly string[]; readonly planId?: bigint }
  | { readonly kind: 'drop'; readonly child: LogicalPlan; readonly columns: readonly Expression[]; readonly names: readonly string[]; readonly planId?: bigint }
  | { readonly kind: 'filter'; readonly child: LogicalPlan; readonly condition: Expression; readonly planId?: bigint }
  /**
   * `aggregates` is the whole output list as the user wrote it. SQL may mix grouping expressions, aggregates and
   * expressions over both, and group by ordinal or alias; the DataFrame API sends grouping columns apart
   * (`outputGroups`: prepend them to the output). `GROUP BY ALL` arrives as the one group `ALL`, a column, as in Spark:
   * it is a name first. SQL without GROUP BY is a `project` even when it holds aggregate functions.
   */
  | { readonly kind: 'aggregate'; readonly child: LogicalPlan; readonly groups: readonly Expression[]; readonly aggregates: readonly Expression[];
      readonly outputGroups: boolean; readonly planId?: bigint }
  /** HAVING: a filter over an aggregate that may use aggregates not in the output. */
  | { readonly kind: 'having'; readonly child: LogicalPlan; readonly condition: Expression; readonly planId?: bigint }
  | { readonly kind: 'join'; readonly left: LogicalPlan; readonly right: LogicalPlan; readonly type: JoinType; readonly condition?: Expression;
      readonly using: readonly string[]; readonly natural?: boolean; readonly planId?: bigint }
  /** Order expressions are `sortOrder`. `global: false` is SORT BY. `ORDER BY ALL` is the one column `ALL`, which is a name first. */
  | { readonly kind: 'sort'; readonly child: LogicalPlan; readonly order: readonly Expression[]; readonly global: boolean; readonly planId?: bigint }
  | { readonly kind: 'limit'; readonly child: LogicalPlan; readonly count: number; readonly planId?: bigint }
  | { readonly kind: 'offset'; readonly child: LogicalPlan; readonly count: number; readonly planId?: bigint }
  | { readonly kind: 'union'; readonly left: LogicalPlan; readonly right: LogicalPlan; readonly byName: boolean; readonly allowMissingColumns: boolean; readonly planId?: bigint }
  /** Whole rows when `columns` is empty. */
  | { readonly kind: 'deduplicate'; readonly child: LogicalPlan; readonly columns: readonly string[]; readonly planId?: bigint }
  | { readonly kind: 'subqueryAlias'; readonly child: LogicalPlan; readonly alias: string; readonly columns?: readonly string[]; readonly planId?: bigint }
  | { readonly kind: 'repartition'; readonly child: LogicalPlan; readonly partitions?: number; readonly by: readonly Expression[]; readonly planId?: bigint }
  | { readonly kind: 'hint'; readonly child: LogicalPlan; readonly name: string; readonly arguments: readonly Expression[]; readonly planId?: bigint }
  /** WITH: named plans visible in `child` and in later definitions. */
  | { readonly kind: 'with'; readonly definitions: readonly { readonly name: string; readonly columns?: readonly string[]; readonly plan: LogicalPlan }[];
      readonly child: LogicalPlan; readonly planId?: bigint }
  /** SQL text inside a DataFrame plan (Spark Connect's SQL relation), already with its arguments. */
  | { readonly kind: 'sqlText'; readonly text: string; readonly namedArguments: Readonly<Record<string, Expression>>;
      readonly positionalArguments: readonly Expression[]; readonly planId?: bigint };

export type SaveMode = 'error' | 'overwrite' | 'append' | 'ignore';

/** What has an effect. SQL text parses to one of these per statement. */
export type Command =
  | { readonly kind: 'query'; readonly plan: LogicalPlan }
  | { readonly kind: 'createTempView'; readonly name: string; readonly replace: boolean; readonly plan: LogicalPlan }
  | { readonly kind: 'dropView'; readonly name: string; readonly ifExists: boolean }
  /** INSERT [OVERWRITE] DIRECTORY, DataFrameWriter.save. */
  | { readonly kind: 'write'; readonly plan: LogicalPlan; readonly format: string; readonly path: string; readonly mode: SaveMode;
      readonly options: Readonly<Record<string, string>>; readonly partitionBy: readonly string[] }
  | { readonly kind: 'setConf'; readonly key: string; readonly value: string }
  | { readonly kind: 'explain'; readonly command: Command; readonly mode: 'simple' | 'extended' | 'formatted' };
