import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { silentLogger } from '../../core/logger.ts';
import { fakeServices } from '../connect/testdata/fake-services.ts';
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { Session, type CommandResult } from './session.ts';
import { runSqlApplication } from './sql-application.ts';
import { inlineViews } from './view-inlining.ts';

const newSession = (conf: Readonly<Record<string, string>> = {}): Session => new Session(fakeServices(), new Map(Object.entries(conf)));
const execute = (session: Session, command: Command): Promise<CommandResult> => session.execute(command, { signal: new AbortController().signal });
const range = (end: number): LogicalPlan => ({ kind: 'range', start: 0n, end: BigInt(end), step: 1n });
const view = (name: string, plan: LogicalPlan, replace = true): Command => ({ kind: 'createTempView', name, replace, plan });
const table = (name: string): LogicalPlan => ({ kind: 'table', name: [name] });

async function rowsOf(session: Session, plan: LogicalPlan): Promise<number> {
  const result = await execute(session, { kind: 'query', plan });
  assert.ok(result.kind === 'rows');
  return result.blocks.reduce((sum, block) => sum + block.rows, 0);
}

test('a view replaced by a query over itself does not recurse', async () => {
  const session = newSession();
  await execute(session, view('v', range(3)));
  await execute(session, view('V', { kind: 'limit', child: table('v'), count: 2 }));
  assert.equal(await rowsOf(session, table('v')), 2);
});

test('what was built on a view keeps it when the view is replaced or dropped', async () => {
  const session = newSession();
  await execute(session, view('base', range(3)));
  await execute(session, view('above', table('base')));
  await execute(session, view('base', range(9)));
  assert.equal(await rowsOf(session, table('above')), 3);
  await execute(session, { kind: 'dropView', name: 'BASE', ifExists: false });
  assert.equal(await rowsOf(session, table('above')), 3);
  await assert.rejects(rowsOf(session, table('base')), /TABLE_OR_VIEW_NOT_FOUND/);
});

test('a name that WITH defines hides the view of that name', () => {
  const views = new Map([['v', range(1)]]);
  const plan: LogicalPlan = { kind: 'with', definitions: [{ name: 'v', plan: table('v') }], child: table('v') };
  assert.deepEqual(inlineViews(plan, views), {
    kind: 'with', definitions: [{ name: 'v', plan: { kind: 'subqueryAlias', alias: 'v', child: range(1) } }], child: table('v'),
  });
});

test('a view is not made twice, nor over what is not there', async () => {
  const session = newSession();
  await execute(session, view('v', range(1), false));
  await assert.rejects(execute(session, view('v', range(1), false)), /TEMP_TABLE_OR_VIEW_ALREADY_EXISTS/);
  await assert.rejects(execute(session, view('w', table('nowhere'))), /TABLE_OR_VIEW_NOT_FOUND/);
  await assert.rejects(execute(session, { kind: 'dropView', name: 'w', ifExists: false }), /TABLE_OR_VIEW_NOT_FOUND/);
  await execute(session, { kind: 'dropView', name: 'w', ifExists: true });
});

test('sessions share the application\'s settings and nothing else', async () => {
  const services = fakeServices();
  const conf = new Map([['spark.sql.shuffle.partitions', '5']]);
  const [one, other] = [new Session(services, conf), new Session(services, conf)];
  await execute(one, view('v', range(1)));
  await execute(one, { kind: 'setConf', key: 'spark.sql.shuffle.partitions', value: '6' });
  assert.deepEqual([one.conf.get('spark.sql.shuffle.partitions'), other.conf.get('spark.sql.shuffle.partitions')], ['6', '5']);
  one.conf.unset('spark.sql.shuffle.partitions');
  assert.equal(one.conf.get('spark.sql.shuffle.partitions'), '5');
  assert.deepEqual(other.viewNames(), []);
});

for (const [key, value, error] of [
  ['spark.executor.memory', '1g', /CANNOT_MODIFY_CONFIG/], ['spark.sql.ansi.enabled', 'false', /UNSUPPORTED_FEATURE/],
  ['spark.sql.session.timeZone', 'Mars/Olympus', /INVALID_CONF_VALUE/], ['spark.sql.shuffle.partitions', 'many', /INVALID_CONF_VALUE/],
  ['spark.driver.maxResultSize', 'big', /CANNOT_MODIFY_CONFIG/],
] as const) {
  test(`a session refuses ${key}=${value}`, async () => {
    const session = newSession();
    await assert.rejects(execute(session, { kind: 'setConf', key, value }), error);
    assert.equal(session.conf.get(key), undefined);
  });
}

async function runSql(text: string): Promise<unknown> {
  return runSqlApplication(text, newSession(), { signal: new AbortController().signal, logger: silentLogger, onActivity: () => {} });
}

test('statements run in order, and the last query is the result', async () => {
  assert.deepEqual(await runSql('CREATE TEMPORARY VIEW v AS SELECT * FROM range(5); SELECT * FROM v; SET spark.sql.shuffle.partitions = 2;'),
    { rows: 5, columns: ['id'], firstRows: [['0'], ['1'], ['2'], ['3'], ['4']] });
});

test('SQL without a statement is an error', async () => {
  await assert.rejects(runSql(' -- nothing\n ; '), /PARSE_EMPTY_STATEMENT/);
});

test('a query over what is not there fails the application', async () => {
  await assert.rejects(runSql('SELECT * FROM nowhere'), /TABLE_OR_VIEW_NOT_FOUND/);
});
