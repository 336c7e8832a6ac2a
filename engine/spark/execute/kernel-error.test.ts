/** What the kernel's messages become. The kernel gives no codes, so a change of its words shows here. */
import { DuckDBInstance } from '@duckdb/node-api';
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { toTaskFailure } from './kernel-error.ts';

const never = new AbortController().signal;

async function failureOf(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.runAndReadAll(sql);
    return undefined;
  } catch (error) {
    return error;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const cases: readonly (readonly [sql: string, kind: string, errorClass: string, sqlState: string])[] = [
  ["SELECT error('[DIVIDE_BY_ZERO] Division by zero.')", 'application', 'DIVIDE_BY_ZERO', '22012'],
  ['SELECT CAST(300 AS TINYINT)', 'application', 'CAST_OVERFLOW', '22003'],
  ['SELECT CAST(1e30 AS BIGINT)', 'application', 'CAST_OVERFLOW', '22003'],
  ['SELECT CAST(1000 AS DECIMAL(3,1))', 'application', 'NUMERIC_VALUE_OUT_OF_RANGE', '22003'],
  ["SELECT CAST('x' AS INTEGER)", 'application', 'CAST_INVALID_INPUT', '22018'],
  ['SELECT 9223372036854775807 + 1::BIGINT', 'application', 'ARITHMETIC_OVERFLOW', '22003'],
  ["SELECT * FROM read_parquet('/nowhere.parquet')", 'application', 'FAILED_READ_FILE.FILE_NOT_EXIST', 'KD001'],
  ['SELECT no_such_column', 'application', 'INTERNAL_ERROR', 'XX000'],
];
for (const [sql, kind, errorClass, sqlState] of cases) {
  test(`${sql} fails as ${errorClass}`, async () => {
    const error = await failureOf(sql);
    assert.ok(error instanceof Error);
    const failure = toTaskFailure(error, never);
    assert.equal(failure.kind, kind, error.message);
    assert.ok('error' in failure);
    assert.deepEqual([failure.error.errorClass, failure.error.sqlState], [errorClass, sqlState], error.message);
  });
}
