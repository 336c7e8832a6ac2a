/** Plans as the DataFrame API sends them: plan ids, columns added, renamed, dropped, rows deduplicated, SQL inside. */
import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import type { Expression } from '../plan/expression.ts';
import type { LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import { parseExpression, parseQuery } from '../sql/parse.ts';
import { planQuery } from './planner.ts';
import { LocalRunner } from './testdata/local-runner.ts';
import { anySignal, planning } from './testdata/planning.ts';

let runner: LocalRunner;
before(async () => { runner = await LocalRunner.open(); });
after(() => runner[Symbol.asyncDispose]());

const context = planning({ slots: 3, views: { v: "SELECT * FROM VALUES (1, 'a'), (2, 'b'), (2, 'c') t(id, name)" } });
const table = (planId: bigint): LogicalPlan => ({ kind: 'table', name: ['v'], planId });
const of = (planId: bigint, name: string): Expression => ({ kind: 'column', name: [name], planId });
const sql = (text: string): Expression => parseExpression(text);
const equal = (left: Expression, right: Expression): Expression => ({ kind: 'call', name: '=', arguments: [left, right] });

async function check(plan: LogicalPlan, columns: string, ...rows: readonly string[]): Promise<void> {
  const answer = await runner.run(await planQuery(plan, context, anySignal()));
  assert.equal(answer.schema.map((field) => field.name).join(' '), columns);
  assert.deepEqual(answer.rows.map((row) => row.map(String).join(' ')).toSorted(), rows.toSorted());
}

async function refused(plan: LogicalPlan, errorClass: string): Promise<void> {
  await assert.rejects(planQuery(plan, context, anySignal()), (error) => error instanceof SparkError && error.errorClass === errorClass);
}

test('columns of joined frames are found by their plan ids', () => check(
  { kind: 'project', expressions: [of(1n, 'name'), of(2n, 'name')],
    child: { kind: 'join', left: table(1n), right: { kind: 'filter', child: table(2n), condition: sql("name <> 'a'"), planId: 3n }, type: 'inner', using: [], condition: equal(of(1n, 'id'), of(2n, 'id')) } },
  'name name', 'b b', 'b c', 'c b', 'c c'));

test('a frame joined with itself is ambiguous by plan id', () => refused(
  { kind: 'join', left: table(1n), right: table(1n), type: 'inner', using: [], condition: equal(of(1n, 'id'), of(1n, 'id')) }, 'AMBIGUOUS_COLUMN_REFERENCE'));

test('a column of a frame that is not there is refused', () => refused({ kind: 'project', child: table(1n), expressions: [of(9n, 'id')] }, 'CANNOT_RESOLVE_DATAFRAME_COLUMN'));
test('an unknown column of a frame is refused with suggestions', () => refused({ kind: 'project', child: table(1n), expressions: [of(1n, 'nam')] }, 'UNRESOLVED_COLUMN.WITH_SUGGESTION'));

test('withColumn replaces in place and adds at the end', () => check(
  { kind: 'withColumns', child: table(1n), columns: [{ name: 'ID', expression: sql('id * 10') }, { name: 'n', expression: sql('length(name)') }] }, 'ID name n', '10 a 1', '20 b 1', '20 c 1'));
test('renaming and toDF give new names to the same columns', () => check(
  { kind: 'toDF', names: ['x', 'y'], child: { kind: 'rename', child: table(1n), renames: [{ from: 'NAME', to: 'n' }, { from: 'none', to: 'm' }] } }, 'x y', '1 a', '2 b', '2 c'));
test('drop takes names and columns, and ignores what is not there', () => check({ kind: 'drop', child: table(1n), columns: [of(1n, 'name')], names: ['nothing'] }, 'id', '1', '2', '2'));
test('a filter and an order may use a column that was projected away', () => check(
  { kind: 'sort', global: true, order: [{ kind: 'sortOrder', child: of(1n, 'id'), direction: 'desc', nulls: 'last' }],
    child: { kind: 'filter', condition: equal(of(1n, 'id'), sql('2')), child: { kind: 'project', child: table(1n), expressions: [of(1n, 'name')] } } }, 'name', 'b', 'c'));
test('rows deduplicated by a column keep one row each', () => check({ kind: 'project', expressions: [sql('count(*)'), sql('count(DISTINCT id)')], child: { kind: 'deduplicate', child: table(1n), columns: ['id'] } }, 'count(1) count(DISTINCT id)', '2 2'));
test('groupBy().agg() puts the groups first', () => check(
  { kind: 'aggregate', child: table(1n), groups: [of(1n, 'id')], aggregates: [sql('count(1) AS n'), sql('max(name)')], outputGroups: true }, 'id n max(name)', '1 1 a', '2 2 c'));
test('unionByName matches names and fills what is missing', () => check(
  { kind: 'union', byName: true, allowMissingColumns: true, left: parseQuery('SELECT 1 AS a, 2 AS b'), right: parseQuery("SELECT 'x' AS c, 3L AS a") }, 'a b c', '1 2 null', '3 null x'));
test('SQL inside a frame takes its arguments, by name or by position', async () => {
  const inner = (text: string, named: Readonly<Record<string, Expression>>, positional: readonly Expression[]): LogicalPlan => ({ kind: 'sqlText', text, namedArguments: named, positionalArguments: positional, planId: 4n });
  await check(inner('SELECT name FROM v WHERE id = :id', { id: sql('2') }, []), 'name', 'b', 'c');
  await check(inner('SELECT name FROM v WHERE id = ? AND name > ?', {}, [sql('2'), sql("'b'")]), 'name', 'c');
});
test('DISTINCT in an aggregate of rows is refused', () => refused(parseQuery('SELECT first(DISTINCT id) FROM v'), 'UNSUPPORTED_FEATURE.DISTINCT_AGGREGATE'));
test('expressions as text are parsed where they stand', () => check({ kind: 'project', child: table(1n), expressions: [{ kind: 'text', text: 'id + 1 AS next' }] }, 'next', '2', '3', '3'));

test('rows held by the plan take the plan\'s names and types', async () => {
  const data = tableToIPC(tableFromArrays({ a: Int32Array.of(1, 2), b: Float64Array.of(0.5, 1.5) }), 'stream');
  await check({ kind: 'filter', condition: sql('b > 1'), child: { kind: 'localArrow', data } }, 'a b', '2 1.5');
  await check({ kind: 'localArrow', data, schema: [{ name: 'x', type: { kind: 'long' }, nullable: true }, { name: 'y', type: { kind: 'string' }, nullable: true }] }, 'x y', '1 0.5', '2 1.5');
  await refused({ kind: 'localArrow', data, schema: [] }, 'ASSIGNMENT_ARITY_MISMATCH');
  await refused({ kind: 'localArrow', data: new Uint8Array([1, 2, 3]) }, 'INVALID_PLAN_INPUT');
});

test('a range is cut over tasks and keeps its order', async () => {
  const plan = await planQuery({ kind: 'range', start: 10n, end: -5n, step: -4n }, context, anySignal());
  assert.deepEqual((await runner.run(plan)).rows, [['10'], ['6'], ['2'], ['-2']]);
  assert.equal(plan.stages[0]?.fragments.length, 3);
});

test('a broadcast hint chooses the side', async () => {
  const plan = await planQuery(parseQuery('SELECT /*+ BROADCAST(a) */ * FROM v a JOIN v b ON a.id = b.id'), planning({ slots: 2, views: { v: 'SELECT id FROM range(10)' }, conf: { 'spark.sql.autoBroadcastJoinThreshold': '-1' } }), anySignal());
  assert.deepEqual(plan.stages.map((stage) => stage.output.kind), ['broadcast', 'result']);
});

test('a chain of two hundred operators is planned and run', () => check(parseQuery(`SELECT ${Array.from({ length: 200 }, () => '1').join(' + ')} AS n`), 'n', '200'));
