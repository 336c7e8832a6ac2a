import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { RecordBatchReader, tableFromIPC, type Table } from 'apache-arrow';
import type { DataType, Schema } from '../plan/types.ts';
import { emptyBlock, toArrowSchema } from './arrow.ts';
import { ArrowBlockWriter, encodeBlock, type ArrowBlock } from './arrow-block.ts';
import { createArrowTable } from './arrow-table.ts';
import { kernelTypeName } from './kernel-type.ts';

async function withKernel<T>(body: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  try {
    return await body(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function encode(connection: DuckDBConnection, sql: string, schema: Schema): Promise<readonly ArrowBlock[]> {
  const blocks: ArrowBlock[] = [];
  const writer = new ArrowBlockWriter(schema, (block) => blocks.push(block));
  const result = await connection.stream(sql);
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) writer.write(chunk);
  writer.flush();
  return blocks;
}

const field = (type: DataType): Schema => [{ name: 'v', type, nullable: true }];
const simple = (kind: 'null' | 'boolean' | 'byte' | 'short' | 'int' | 'long' | 'float' | 'double' | 'string' | 'binary' | 'date' | 'timestamp' | 'timestamp_ntz'): DataType => ({ kind });
const struct: DataType = { kind: 'struct', fields: [
  { name: '1', type: simple('int'), nullable: true }, { name: 'a "b"', type: { kind: 'array', element: simple('string'), containsNull: true }, nullable: true }] };

/** Kernel expressions of each type; NULL is added to all. */
const values: readonly (readonly [DataType, readonly string[]])[] = [
  [simple('null'), []],
  [simple('boolean'), ['true', 'false']],
  [simple('byte'), ['-128', '127']],
  [simple('short'), ['-32768', '32767']],
  [simple('int'), ['-2147483648', '2147483647']],
  [simple('long'), ['-9223372036854775808', '9223372036854775807', '9007199254740993']],
  [simple('float'), ["'NaN'", "'-Infinity'", '0.1']],
  [simple('double'), ["'NaN'", "'Infinity'", '0.1', '-0.0']],
  [simple('string'), ["''", "'é😀'", "'a longer text that is not kept inline by the kernel'"]],
  [simple('binary'), ["''", "'\\x00\\xFF'::BLOB"]],
  [simple('date'), ["'1969-12-31'", "'9999-12-31'", "'0001-01-01'"]],
  [simple('timestamp'), ["'2024-02-29 12:34:56.123456+00'", "'1969-12-31 23:59:59.999999+00'", "'0001-01-01 00:00:00+00'"]],
  [simple('timestamp_ntz'), ["'2024-02-29 12:34:56.123456'", "'1900-01-01 00:00:00.000001'"]],
  [{ kind: 'decimal', precision: 4, scale: 2 }, ['12.34', '-99.99']],
  [{ kind: 'decimal', precision: 18, scale: 6 }, ['-123456789012.123456']],
  [{ kind: 'decimal', precision: 38, scale: 10 }, ['1234567890123456789012345678.0123456789', '-1234567890123456789012345678.0123456789', '0']],
  [{ kind: 'array', element: simple('int'), containsNull: true }, ['[]', '[1, NULL, 3]']],
  [{ kind: 'array', element: { kind: 'array', element: simple('string'), containsNull: true }, containsNull: true }, ["[['a'], [], NULL]"]],
  [{ kind: 'map', key: simple('string'), value: simple('long'), valueContainsNull: true }, ["MAP {'a': 1, 'b': NULL}", 'MAP {}']],
  [struct, ["{'1': 7, 'a \"b\"': ['x', NULL]}", "{'1': NULL, 'a \"b\"': NULL}"]],
];

for (const [type, expressions] of values) {
  test(`${kernelTypeName(type)} goes from the kernel to Arrow and back unchanged`, async () => {
    await withKernel(async (connection) => {
      const name = kernelTypeName(type);
      const all = [...expressions, 'NULL'].map((each) => `(CAST(${each} AS ${name}))`).join(', ');
      await connection.run(`CREATE TABLE before AS SELECT * FROM (VALUES ${all}) AS t(c0)`);
      const [block] = await encode(connection, 'SELECT c0 FROM before', field(type));
      assert.ok(block !== undefined);
      assert.equal(String(tableFromIPC(block.data).schema), String(toArrowSchema(field(type))));
      await connection.run('CREATE SCHEMA job');
      await createArrowTable(connection, 'job', 'after', block.data);
      const types = await connection.runAndReadAll('SELECT typeof(c0) FROM job.after UNION SELECT typeof(c0) FROM before');
      assert.equal(types.currentRowCount, 1, JSON.stringify(types.getRows()));
      const both = await connection.runAndReadAll('SELECT (SELECT list(c0::VARCHAR ORDER BY rowid) FROM before) IS NOT DISTINCT FROM (SELECT list(c0::VARCHAR ORDER BY rowid) FROM job.after)');
      assert.equal(both.value(0, 0), true);
    });
  });
}

test('Arrow says of the values what the kernel said', async () => {
  await withKernel(async (connection) => {
    const schema: Schema = [
      { name: 'l', type: simple('long'), nullable: false }, { name: 's', type: simple('string'), nullable: true },
      { name: 'd', type: { kind: 'decimal', precision: 10, scale: 2 }, nullable: true }, { name: 't', type: simple('timestamp'), nullable: true },
      { name: 'm', type: { kind: 'map', key: simple('string'), value: simple('int'), valueContainsNull: true }, nullable: true },
    ];
    const [block] = await encode(connection, "SELECT 9007199254740993::BIGINT, 'x', -1.50::DECIMAL(10,2), '1970-01-01 00:00:01+00'::TIMESTAMPTZ, MAP {'k': 1}", schema);
    const table: Table = tableFromIPC(block?.data);
    const value = (name: string): unknown => table.getChild(name)?.get(0);
    assert.equal(value('l'), 9007199254740993n);
    assert.equal(value('s'), 'x');
    assert.equal(BigInt(String(value('d'))), -150n);
    assert.equal(value('t'), 1000);
    assert.equal(JSON.stringify(value('m')), '{"k":1}');
    assert.deepEqual(table.schema.fields.map((each) => each.nullable), [false, true, true, true, true]);
  });
});

test('a block is cut before it grows large, and rows keep their order', async () => {
  await withKernel(async (connection) => {
    const blocks = await encode(connection, "SELECT range, repeat('x', 200) FROM range(50000)", [...field(simple('long')), { name: 's', type: simple('string'), nullable: true }]);
    assert.ok(blocks.length > 3 && blocks.every((block) => block.data.length < 3_000_000), `${blocks.length} blocks`);
    const rows = blocks.flatMap((block) => [...(tableFromIPC(block.data).getChild('v') ?? [])]);
    assert.deepEqual(rows, Array.from({ length: 50_000 }, (_, i) => BigInt(i)));
  });
});

for (const [sql, type] of [['SELECT 300::INTEGER', simple('byte')], ["SELECT 'x'", simple('int')], ['SELECT 1e300::DOUBLE', { kind: 'decimal', precision: 5, scale: 0 }], ['SELECT 123456::DECIMAL(10,0)', { kind: 'decimal', precision: 5, scale: 0 }]] as const) {
  test(`${sql} is refused where the plan says ${kernelTypeName(type)}`, async () => {
    await withKernel(async (connection) => {
      await assert.rejects(encode(connection, sql, field(type)), /INTERNAL_ERROR.*column v/);
    });
  });
}

test('an empty block has the schema and a batch, for every type', () => {
  for (const [type] of values) {
    const table = tableFromIPC(emptyBlock(field(type)));
    assert.equal(table.numRows, 0);
    assert.equal(String(table.schema), String(toArrowSchema(field(type))));
  }
});

test('rows without columns keep their number', () => {
  const [batch] = RecordBatchReader.from(encodeBlock([], [], 3)).open();
  assert.equal(batch?.numRows, 3);
});
