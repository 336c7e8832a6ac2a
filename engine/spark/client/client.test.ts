/** The client's small parts: the remote's address, rows, the protocol's numbers, names of functions. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { AnalyzePlanRequest_Explain_ExplainMode as ExplainMode, InterruptRequest_InterruptType as InterruptType } from '../connect/generated/spark/connect/base_pb.ts';
import { WriteOperation_SaveMode as SaveMode } from '../connect/generated/spark/connect/commands_pb.ts';
import { Expression_Cast_EvalMode as EvalMode, Expression_SortOrder_NullOrdering as NullOrdering, Expression_SortOrder_SortDirection as SortDirection } from '../connect/generated/spark/connect/expressions_pb.ts';
import { Aggregate_GroupType as GroupType, Join_JoinType as JoinType, SetOperation_SetOpType as SetOpType } from '../connect/generated/spark/connect/relations_pb.ts';
import { decimalText } from './arrow-rows.ts';
import { functionTable } from './functions.ts';
import * as client from './index.ts';
import { explainModes, groupByType, interruptOperation, joinTypes, nullOrderings, saveModes, sortDirections, tryEvalMode, unionType } from './message.ts';
import { parseRemote } from './remote.ts';
import { rowMaker } from './row.ts';

test('the numbers written here are those of the protocol', () => {
  assert.deepEqual(joinTypes, {
    inner: JoinType.INNER, full: JoinType.FULL_OUTER, left: JoinType.LEFT_OUTER, right: JoinType.RIGHT_OUTER, anti: JoinType.LEFT_ANTI, semi: JoinType.LEFT_SEMI, cross: JoinType.CROSS,
  });
  assert.equal(unionType, SetOpType.UNION);
  assert.equal(groupByType, GroupType.GROUPBY);
  assert.deepEqual(sortDirections, { asc: SortDirection.ASCENDING, desc: SortDirection.DESCENDING });
  assert.deepEqual(nullOrderings, { first: NullOrdering.SORT_NULLS_FIRST, last: NullOrdering.SORT_NULLS_LAST });
  assert.equal(tryEvalMode, EvalMode.TRY);
  assert.deepEqual(saveModes, {
    append: SaveMode.APPEND, overwrite: SaveMode.OVERWRITE, error: SaveMode.ERROR_IF_EXISTS, errorifexists: SaveMode.ERROR_IF_EXISTS, ignore: SaveMode.IGNORE,
  });
  assert.deepEqual(explainModes, { simple: ExplainMode.SIMPLE, extended: ExplainMode.EXTENDED, formatted: ExplainMode.FORMATTED });
  assert.equal(interruptOperation, InterruptType.OPERATION_ID);
});

test('every function of the table is exported by its name', () => {
  const missing = Object.keys(functionTable).filter((name) => typeof (client as Readonly<Record<string, unknown>>)[name] !== 'function');
  assert.deepEqual(missing, []);
});

test('the remote is read as other Spark Connect clients read it', () => {
  const base = { port: 15_002, tls: false, token: undefined, userId: 'headrace', sessionId: undefined };
  assert.deepEqual(parseRemote('sc://driver'), { ...base, host: 'driver' });
  assert.deepEqual(parseRemote('sc://127.0.0.1:7/;user_id=me', 'secret'), { ...base, host: '127.0.0.1', port: 7, token: 'secret', userId: 'me' });
  assert.deepEqual(parseRemote('sc://[::1]:1/'), { ...base, host: '[::1]', port: 1 });
});

test('a token in the address does not leave the machine in clear text unless that is asked for', () => {
  assert.equal(parseRemote('sc://driver/;token=abc').tls, true);
  assert.equal(parseRemote('sc://localhost/;token=abc').tls, false);
  assert.equal(parseRemote('sc://driver/;token=abc;use_ssl=false').tls, false);
});

for (const [url, says] of [['http://driver', /sc:\/\/host:port/], ['sc://driver:99999', /not between/], ['sc://driver/;color=blue', /unknown parameter color/], ['sc://driver/;token', /no value/]] as const) {
  test(`the remote ${url} is refused`, () => {
    assert.throws(() => parseRemote(url), says);
  });
}

test('fields of a row are reached by name and by place, and names that clash by get', () => {
  const row = rowMaker(['a', 'get', 'a'])([1, 'two', 3]);
  assert.equal(row['a'], 1);
  assert.equal(row.get('get'), 'two');
  assert.equal(row.get(2), 3);
  assert.deepEqual(row.toArray(), [1, 'two', 3]);
  assert.throws(() => row.get('b'), /no field "b"; it has a, get, a/);
});

test('rows become JSON with exact numbers', () => {
  assert.equal(JSON.stringify(rowMaker(['n', 'big'])([7n, 2n ** 60n])), '{"n":7,"big":"1152921504606846976"}');
});

test('decimals keep all their digits', () => {
  assert.equal(decimalText(125n, 2), '1.25');
  assert.equal(decimalText(-5n, 3), '-0.005');
  assert.equal(decimalText(10n ** 37n, 0), `1${'0'.repeat(37)}`);
});
