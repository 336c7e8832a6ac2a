/** Statements: queries, temporary views, INSERT OVERWRITE DIRECTORY, SET, EXPLAIN. The rest of Spark's are refused by name. */
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { atQuery, parseQuery } from './query-parser.ts';
import type { TokenCursor } from './token-cursor.ts';
import type { Token } from './token.ts';
import { parseFields } from './type-parser.ts';

const absentStatements = new Set([
  'ALTER', 'ANALYZE', 'CACHE', 'UNCACHE', 'CALL', 'CLEAR', 'COMMENT', 'DECLARE', 'DELETE', 'DESC', 'DESCRIBE', 'EXECUTE', 'GRANT', 'REVOKE', 'LOAD', 'MERGE',
  'MSCK', 'REFRESH', 'REPAIR', 'RESET', 'SHOW', 'TRUNCATE', 'UPDATE', 'USE', 'ADD', 'LIST', 'LOCK', 'UNLOCK', 'BEGIN', 'IF', 'WHILE', 'LOOP', 'REPEAT',
]);

/** One statement, up to `;` or the end. */
export function parseStatementAt(cursor: TokenCursor): Command {
  const first = cursor.peek();
  if (cursor.takeWords('EXPLAIN')) return explain(cursor);
  if (cursor.takeWords('CREATE')) return createView(cursor, first);
  if (cursor.takeWords('DROP')) return dropView(cursor, first);
  if (cursor.takeWords('INSERT')) return insert(cursor, first);
  if (cursor.takeWords('SET')) return setConf(cursor, first);
  if (cursor.atAnyWord(absentStatements)) throw cursor.unsupported(first, 'STATEMENT', `the statement ${first.value}`);
  if (!atQuery(cursor) && !cursor.atSymbol('(')) throw cursor.unexpected('SELECT, WITH, VALUES, CREATE, DROP, INSERT, SET or EXPLAIN');
  return { kind: 'query', plan: parseQuery(cursor) };
}

function explain(cursor: TokenCursor): Command {
  const token = cursor.peek();
  if (cursor.atAnyWord(['LOGICAL', 'CODEGEN', 'COST'])) throw cursor.unsupported(token, 'EXPLAIN_MODE', `EXPLAIN ${token.value}; use EXTENDED or FORMATTED`);
  const mode = cursor.takeWords('EXTENDED') ? 'extended' : cursor.takeWords('FORMATTED') ? 'formatted' : 'simple';
  if (cursor.atWords('EXPLAIN')) throw cursor.unexpected('a statement to explain');
  return { kind: 'explain', command: parseStatementAt(cursor), mode };
}

/** CREATE [OR REPLACE] TEMPORARY VIEW name … (AS query | USING format OPTIONS (…)). */
function createView(cursor: TokenCursor, first: Token): Command {
  const replace = cursor.takeWords('OR', 'REPLACE');
  if (cursor.atWords('GLOBAL')) throw cursor.unsupported(cursor.peek(), 'GLOBAL_TEMPORARY_VIEW', 'a global temporary view; create a TEMPORARY VIEW');
  const temporary = cursor.takeWords('TEMPORARY') || cursor.takeWords('TEMP');
  const what = cursor.peek();
  if (!cursor.takeWords('VIEW')) throw cursor.unsupported(first, 'STATEMENT', `CREATE ${what.value}; only CREATE TEMPORARY VIEW is there`);
  if (!temporary) throw cursor.unsupported(what, 'STATEMENT', 'a view that outlives the session; create a TEMPORARY VIEW');
  if (cursor.atWords('IF', 'NOT', 'EXISTS')) throw cursor.failure(cursor.peek(), 'IF NOT EXISTS is not for temporary views; use CREATE OR REPLACE');
  const name = viewName(cursor);
  const typed = cursor.atSymbol('(') && !cursor.atSymbol(',', 2) && !cursor.atSymbol(')', 2) && !cursor.atAnyWord(['COMMENT'], 2);
  if (typed) {
    const schema = cursor.parenthesised(() => parseFields(cursor));
    const plan = viewOverFiles(cursor);
    return { kind: 'createTempView', name, replace, plan: { ...plan, schema } };
  }
  const columns = cursor.atSymbol('(') ? viewColumns(cursor) : undefined;
  if (columns === undefined && cursor.atWords('USING')) return { kind: 'createTempView', name, replace, plan: viewOverFiles(cursor) };
  if (cursor.takeWords('COMMENT')) cursor.string();
  if (cursor.atWords('TBLPROPERTIES')) throw cursor.unsupported(cursor.peek(), 'TABLE_PROPERTIES', 'TBLPROPERTIES');
  if (!cursor.takeWords('AS')) throw cursor.unexpected('AS and a query, or USING and a format');
  const plan = parseQuery(cursor);
  return { kind: 'createTempView', name, replace, plan: columns === undefined ? plan : { kind: 'toDF', child: plan, names: columns } };
}

function viewName(cursor: TokenCursor): string {
  const token = cursor.peek();
  const parts = cursor.qualifiedName('the name of a view');
  if (parts.length > 1) throw cursor.failure(token, 'the name of a temporary view has no database in front');
  return parts[0] as string;
}

function viewColumns(cursor: TokenCursor): readonly string[] {
  return cursor.parenthesised(() => cursor.list(() => {
    const name = cursor.name('the name of a column');
    if (cursor.takeWords('COMMENT')) cursor.string();
    return name;
  }));
}

function viewOverFiles(cursor: TokenCursor): Extract<LogicalPlan, { kind: 'read' }> {
  cursor.expectWords('USING');
  const format = cursor.qualifiedName('a format such as parquet').join('.').toLowerCase();
  const { path, options } = cursor.takeWords('OPTIONS') ? fileOptions(cursor) : { path: undefined, options: {} };
  if (path === undefined) throw cursor.unexpected("OPTIONS (path '…')");
  return { kind: 'read', format, paths: [path], options };
}

interface FileOptions {
  readonly path: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

/** (key 'value', a.b = 'value', 'key' 1, …). `path` in any case is taken out. */
function fileOptions(cursor: TokenCursor): FileOptions {
  let path: string | undefined;
  const options: [string, string][] = [];
  cursor.parenthesised(() => cursor.list(() => {
    const key = cursor.peek().kind === 'string' ? cursor.string() : cursor.qualifiedName('the name of an option').join('.');
    cursor.takeSymbol('=');
    const value = optionValue(cursor);
    if (key.toLowerCase() === 'path') path = value;
    else options.push([key, value]);
  }));
  return { path, options: Object.fromEntries(options) };
}

function optionValue(cursor: TokenCursor): string {
  const token = cursor.peek();
  if (token.kind === 'string') return cursor.string();
  if (cursor.atAnyWord(['TRUE', 'FALSE'])) return cursor.next().value.toLowerCase();
  const sign = cursor.takeSymbol('-') ? '-' : '';
  if (cursor.peek().kind !== 'number') throw cursor.unexpected('a value: a string, a number, true or false');
  return sign + cursor.next().value;
}

function dropView(cursor: TokenCursor, first: Token): Command {
  const what = cursor.peek();
  if (!cursor.takeWords('VIEW')) throw cursor.unsupported(first, 'STATEMENT', `DROP ${what.value}; only DROP VIEW is there`);
  const ifExists = cursor.takeWords('IF', 'EXISTS');
  return { kind: 'dropView', name: viewName(cursor), ifExists };
}

/** INSERT OVERWRITE [LOCAL] DIRECTORY ['path'] USING format [OPTIONS (…)] query. */
function insert(cursor: TokenCursor, first: Token): Command {
  if (!cursor.takeWords('OVERWRITE')) throw cursor.unsupported(first, 'STATEMENT', 'INSERT INTO a table; use INSERT OVERWRITE DIRECTORY');
  cursor.takeWords('LOCAL');
  if (!cursor.takeWords('DIRECTORY')) throw cursor.unsupported(first, 'STATEMENT', 'INSERT OVERWRITE of a table; use INSERT OVERWRITE DIRECTORY');
  const written = cursor.peek().kind === 'string' ? cursor.string() : undefined;
  if (cursor.atAnyWord(['ROW', 'STORED'])) throw cursor.unsupported(cursor.peek(), 'HIVE_FORMAT', "Hive's formats; use USING parquet, csv or json");
  if (!cursor.takeWords('USING')) throw cursor.unexpected('USING and a format such as parquet');
  const format = cursor.qualifiedName('a format such as parquet').join('.').toLowerCase();
  const given = cursor.takeWords('OPTIONS') ? fileOptions(cursor) : { path: undefined, options: {} };
  const path = written ?? given.path;
  if (path === undefined) throw cursor.failure(first, "INSERT OVERWRITE DIRECTORY needs a path: DIRECTORY '…' or OPTIONS (path '…')");
  cursor.takeWords('AS');
  return { kind: 'write', plan: parseQuery(cursor), format, path, mode: 'overwrite', options: given.options, partitionBy: [] };
}

/** SET key=value. The value is the text up to `;`, as it stands. */
function setConf(cursor: TokenCursor, first: Token): Command {
  if (cursor.takeWords('TIME', 'ZONE')) {
    if (cursor.peek().kind !== 'string') throw cursor.unsupported(cursor.peek(), 'SET_TIME_ZONE', "SET TIME ZONE with anything but a string such as 'Europe/Berlin'");
    return { kind: 'setConf', key: 'spark.sql.session.timeZone', value: cursor.string() };
  }
  const start = cursor.peek();
  if (start.kind === 'end' || cursor.atSymbol(';')) throw cursor.unsupported(first, 'SET_LIST', 'SET without a setting; write SET key=value');
  while (!cursor.atSymbol('=') && !cursor.atSymbol(';') && cursor.peek().kind !== 'end') cursor.next();
  const key = cursor.text.slice(start.start, cursor.previous().stop).replaceAll('`', '');
  if (!cursor.takeSymbol('=')) throw cursor.unsupported(first, 'SET_LIST', `showing a setting; write SET ${key}=value`);
  if (!/^[\w.$-]+$/.test(key)) throw cursor.failure(start, `'${key.slice(0, 60)}' is not the name of a setting`);
  const from = cursor.peek();
  while (!cursor.atSymbol(';') && cursor.peek().kind !== 'end') cursor.next();
  const value = from === cursor.peek() ? '' : cursor.text.slice(from.start, cursor.previous().stop);
  if (value === '') throw cursor.unexpected(`a value for ${key}`);
  return { kind: 'setConf', key, value: /^`[^`]*`$/.test(value) ? value.slice(1, -1) : value };
}

