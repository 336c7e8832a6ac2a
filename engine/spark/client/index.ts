/**
 * The TypeScript API, imported as 'headrace': a client of Spark Connect, in Spark's names.
 * @example
 * import { avg, col, SparkSession } from 'headrace';
 * const spark = await SparkSession.builder.getOrCreate();
 * const delays = spark.read.parquet('/data/flights').groupBy('origin').agg(avg('delay').as('delay'));
 * await delays.orderBy(col('delay').desc()).show();
 */
export { SparkError } from './client-error.ts';
export { call, col, Column, expr, lit, type ColumnOrName, type ColumnOrValue } from './column.ts';
export { DataFrame, type JoinType } from './data-frame.ts';
export * from './functions.ts';
export { GroupedData } from './grouped-data.ts';
export type { Value } from './literal.ts';
export type { LocalRow, LocalValue } from './local-data.ts';
export type { OptionValue } from './option.ts';
export { DataFrameReader } from './reader.ts';
export type { Row, RowValue } from './row.ts';
export type { StructField } from './schema.ts';
export { RuntimeConfig, SessionBuilder, SparkSession, type SqlArguments } from './session.ts';
export { DataFrameWriter, type SaveMode } from './writer.ts';
