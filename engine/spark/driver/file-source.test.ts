import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { realFileSystem } from '../../storage/real.ts';
import { planQuery } from '../physical/planner.ts';
import { LocalRunner } from '../physical/testdata/local-runner.ts';
import { anySignal, planning } from '../physical/testdata/planning.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { Schema } from '../plan/types.ts';
import { typeName } from '../plan/types.ts';
import { FileSource } from './file-source.ts';

let directory: string;
let source: FileSource;
let runner: LocalRunner;
before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'headrace-source-'));
  source = new FileSource(realFileSystem({ workingDirectory: directory }), join(directory, 'scratch'));
  runner = await LocalRunner.open();
});
after(async () => {
  await runner[Symbol.asyncDispose]();
  await source.close();
  rmSync(directory, { recursive: true });
});

function file(name: string, text: string): string {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

interface Read {
  readonly format: string;
  readonly paths: readonly string[];
  readonly options?: Readonly<Record<string, string>>;
  readonly schema?: Schema;
}

async function read({ format, paths, options = {}, schema }: Read): Promise<{ readonly columns: string; readonly rows: readonly (readonly (string | null)[])[] }> {
  const plan = await planQuery({ kind: 'read', format, paths, options, ...(schema === undefined ? {} : { schema }) }, planning({ sources: source }), anySignal());
  const { schema: found, rows } = await runner.run(plan);
  return { columns: found.map((field) => `${field.name} ${typeName(field.type)}`).join(', '), rows };
}

async function refused(wanted: Read, errorClass: string, mentions = ''): Promise<void> {
  await assert.rejects(read(wanted), (error) => {
    assert.ok(error instanceof SparkError, String(error));
    assert.equal(error.errorClass, errorClass);
    assert.ok(error.message.includes(mentions), error.message);
    return true;
  });
}

/** Rows as Spark 4.x answers. */
const quirks = 'a,b,c\n1,"x ""y""",p\n2,"a, ""b"" c",q\n3,"plain, comma",r\n4,"esc \\" q",s\n5,un"quo"ted,t\n6,,""\n\n7, sp ,"  x "\n8,"no end, here\n9\n10,1,2,3\n';

test('csv lines are taken apart as Spark does by default', async () => {
  const { columns, rows } = await read({ format: 'csv', paths: [file('quirks.csv', quirks)], options: { header: 'true' } });
  assert.equal(columns, 'a string, b string, c string');
  assert.deepEqual(rows, [
    ['1', '"x ""y"""', 'p'], ['2', '"a, ""b"" c"', 'q'], ['3', 'plain, comma', 'r'], ['4', 'esc " q', 's'], ['5', 'un"quo"ted', 't'], ['6', null, null],
    ['7', ' sp ', '  x '], ['8', 'no end, here', null], ['9', null, null], ['10', '1', '2'],
  ]);
});

test('csv with a doubled quote as escape reads what most programs write', async () => {
  const { rows } = await read({ format: 'csv', paths: [file('quirks.csv', quirks)], options: { header: 'true', escape: '"' } });
  assert.deepEqual(rows.slice(0, 4), [['1', 'x "y"', 'p'], ['2', 'a, "b" c', 'q'], ['3', 'plain, comma', 'r'], ['4', '"esc \\" q"', 's']]);
});

test('csv without header names columns by position, all strings', async () => {
  assert.deepEqual(await read({ format: 'csv', paths: [file('plain.csv', '1;x\n2;\n')], options: { sep: ';' } }), { columns: '_c0 string, _c1 string', rows: [['1', 'x'], ['2', null]] });
});

test('inferSchema looks at every value of every file', async () => {
  file('infer/a.csv', 'i,l,d,t,day,b,s,n\n1,1,1,2024-01-02 03:04:05,2024-01-02,true,x,\n');
  file('infer/b.csv', 'i,l,d,t,day,b,s,n\n-2,9999999999,2.5,2024-01-02,2024-01-03,FALSE,7,\n');
  const { columns, rows } = await read({ format: 'csv', paths: [join(directory, 'infer')], options: { header: 'true', inferSchema: 'true' } });
  assert.equal(columns, 'i int, l bigint, d double, t timestamp, day date, b boolean, s string, n string');
  assert.deepEqual(rows, [['1', '1', '1.0', '2024-01-02 03:04:05', '2024-01-02', 'true', 'x', null], ['-2', '9999999999', '2.5', '2024-01-02 00:00:00', '2024-01-03', 'false', '7', null]]);
});

test('csv with a schema makes NULL of what does not read as its type', async () => {
  const schema: Schema = [{ name: 'n', type: { kind: 'int' }, nullable: true }, { name: 's', type: { kind: 'string' }, nullable: true }];
  const { rows } = await read({ format: 'csv', paths: [file('typed.csv', '1,a\nx,b\n1.5,c\nNA,NA\n')], options: { nullValue: 'NA' }, schema });
  assert.deepEqual(rows, [['1', 'a'], [null, 'b'], [null, 'c'], [null, null]]);
});

test('json takes its schema from all lines, fields by name', async () => {
  const path = file('a.json', '{"b":"2024-01-01","a":1}\n{"a":2.5,"c":[1,2]}\n');
  assert.deepEqual(await read({ format: 'json', paths: [path] }), { columns: 'a double, b string, c array<bigint>', rows: [['1.0', '2024-01-01', null], ['2.5', null, '[1, 2]']] });
});

async function parquet(name: string, sql: string): Promise<string> {
  const path = join(directory, name);
  mkdirSync(dirname(path), { recursive: true });
  await runner.connection.run(`COPY (${sql}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  return path;
}

test('parquet keeps its types; timestamps without a zone stay without, unsigned numbers widen', async () => {
  const path = await parquet('types.parquet', "SELECT 1::TINYINT AS a, 2::UINTEGER AS b, TIMESTAMP '2024-01-02 03:04:05' AS c, TIMESTAMPTZ '2024-01-02 03:04:05+00' AS d, 1.5::DECIMAL(5,2) AS e, [1, NULL] AS f, {'x': 1} AS g");
  assert.deepEqual(await read({ format: 'parquet', paths: [path] }), {
    columns: 'a tinyint, b bigint, c timestamp_ntz, d timestamp, e decimal(5,2), f array<int>, g struct<x:int>',
    rows: [['1', '2', '2024-01-02 03:04:05', '2024-01-02 03:04:05', '1.50', '[1, null]', '{1}']],
  });
});

test('parquet is described with its row groups', async () => {
  const path = await parquet('groups.parquet', 'SELECT range AS id FROM range(5000)');
  const described = await source.describe({ format: 'parquet', paths: [path], options: {}, timeZone: 'UTC' }, anySignal());
  assert.deepEqual(described.files.map((each) => each.rowGroups), [[2048, 2048, 904]]);
});

test('directories named key=value become columns, hidden files are left out', async () => {
  await parquet('parts/year=2023/a.parquet', 'SELECT 1 AS x');
  await parquet('parts/year=2024/b.parquet', 'SELECT 2 AS x');
  file('parts/_SUCCESS', '');
  file('parts/.hidden', 'x');
  assert.deepEqual(await read({ format: 'parquet', paths: [join(directory, 'parts')] }), { columns: 'x int, year int', rows: [['1', '2023'], ['2', '2024']] });
});

test('globs, file: URIs and relative paths are found', async () => {
  file('many/a1.csv', '1\n');
  file('many/a2.csv', '2\n');
  file('many/b1.csv', '3\n');
  const values = async (path: string): Promise<readonly (string | null)[]> => (await read({ format: 'csv', paths: [path] })).rows.map((row) => row[0] ?? null);
  assert.deepEqual(await values(`${directory}/many/a*.csv`), ['1', '2']);
  assert.deepEqual(await values('many/[b]?.csv'), ['3']);
  assert.deepEqual(await values(`${directory}/{many,none}/{a1,b1}.csv`), ['1', '3']);
  assert.deepEqual(await values(`file://${directory}/many/b1.csv`), ['3']);
});

test('what cannot be read is refused by name', async () => {
  await refused({ format: 'parquet', paths: ['/no/such/path'] }, 'PATH_NOT_FOUND', '/no/such/path');
  await refused({ format: 'csv', paths: ['nothing*.csv'] }, 'PATH_NOT_FOUND', 'nothing*.csv');
  await refused({ format: 's3', paths: ['s3://bucket/x'] }, 'UNSUPPORTED_FEATURE.FILE_SYSTEM', 's3');
  mkdirSync(join(directory, 'empty'), { recursive: true });
  await refused({ format: 'parquet', paths: ['empty'] }, 'UNABLE_TO_INFER_SCHEMA', 'empty');
  await refused({ format: 'parquet', paths: [file('broken.parquet', 'not parquet')] }, 'FAILED_READ_FILE.NO_HINT', 'broken.parquet');
  await refused({ format: 'json', paths: [file('broken.json', '{"a":\n')] }, 'FAILED_READ_FILE.NO_HINT', 'broken.json');
  await refused({ format: 'orc', paths: [file('x.orc', 'x')] }, 'DATA_SOURCE_NOT_FOUND', 'orc');
});

test('options that would change the answer are refused by name', async () => {
  const path = file('options.csv', '1\n');
  await refused({ format: 'csv', paths: [path], options: { mode: 'FAILFAST' } }, 'UNSUPPORTED_FEATURE.READ_OPTION', 'FAILFAST');
  await refused({ format: 'csv', paths: [path], options: { dateFormat: 'dd/MM/yyyy' } }, 'UNSUPPORTED_FEATURE.READ_OPTION', 'dateformat');
  await refused({ format: 'csv', paths: [path], options: { sep: '::' } }, 'UNSUPPORTED_FEATURE.READ_OPTION', 'sep');
  await refused({ format: 'json', paths: [path], options: { primitivesAsString: 'true' } }, 'UNSUPPORTED_FEATURE.READ_OPTION', 'primitivesasstring');
});

test('parquet files of different columns are refused', async () => {
  await parquet('mixed/a.parquet', 'SELECT 1 AS x');
  await parquet('mixed/b.parquet', "SELECT 'a' AS y");
  await refused({ format: 'parquet', paths: ['mixed'] }, 'UNSUPPORTED_FEATURE.MERGE_SCHEMA', 'b.parquet');
});

test('a schema for parquet picks columns of the same type', async () => {
  const path = await parquet('pick.parquet', "SELECT 1 AS x, 'a' AS y");
  assert.deepEqual(await read({ format: 'parquet', paths: [path], schema: [{ name: 'Y', type: { kind: 'string' }, nullable: true }] }), { columns: 'y string', rows: [['a']] });
  await refused({ format: 'parquet', paths: [path], schema: [{ name: 'x', type: { kind: 'string' }, nullable: true }] }, 'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH', 'x');
});

test('an abort ends a description', async () => {
  const controller = new AbortController();
  controller.abort(new Error('stopped'));
  await assert.rejects(source.describe({ format: 'csv', paths: ['many'], options: {}, timeZone: 'UTC' }, controller.signal), /stopped/);
});
