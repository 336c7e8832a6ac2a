import { DuckDBInstance } from '@duckdb/node-api';

/** The rows that plain DuckDB has for a query, as text. */
export async function expectedRows(sql: string): Promise<readonly (readonly string[])[]> {
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const rows = (await connection.runAndReadAll(sql)).getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows.map((row) => row.map(String));
}
