import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sqlParser } from '../../driver/sql-parser.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import { ExpressionSchema } from '../generated/spark/connect/expressions_pb.ts';
import { Aggregate_GroupType as GroupType, Join_JoinType as JoinType, RelationSchema, SetOperation_SetOpType as SetOpType } from '../generated/spark/connect/relations_pb.ts';
import { expressionFromProto } from './expression.ts';
import { identifierParts } from './identifier.ts';
import { relationFromProto } from './relation.ts';

type RelationInit = MessageInitShape<typeof RelationSchema>;
type ExpressionInit = MessageInitShape<typeof ExpressionSchema>;

const range: RelationInit = { relType: { case: 'range', value: { end: 3n, step: 1n } } };
const rangePlan: LogicalPlan = { kind: 'range', start: 0n, end: 3n, step: 1n };
const column = (unparsedIdentifier: string): ExpressionInit => ({ exprType: { case: 'unresolvedAttribute', value: { unparsedIdentifier } } });

const read = (init: RelationInit): LogicalPlan => relationFromProto(create(RelationSchema, init), sqlParser);
const check = (name: string, init: RelationInit, expected: LogicalPlan): void => void test(name, () => assert.deepEqual(read(init), expected));
const refuses = (name: string, init: RelationInit, message: RegExp): void => void test(name, () => assert.throws(() => read(init), message));

check('the plan id of a relation is kept', { ...range, common: { planId: 7n } }, { ...rangePlan, planId: 7n });
check('a filter reads its condition', { relType: { case: 'filter', value: { input: range, condition: column('id') } } },
  { kind: 'filter', child: rangePlan, condition: { kind: 'column', name: ['id'] } });
check('a read takes the path from its options and lowers their keys',
  { relType: { case: 'read', value: { readType: { case: 'dataSource', value: { format: 'CSV', schema: 'a INT', options: { Path: '/x', HEADER: 'true' } } } } } },
  { kind: 'read', format: 'csv', paths: ['/x'], options: { header: 'true' }, schema: [{ name: 'a', type: { kind: 'int' }, nullable: true }] });
check('grouping columns of the DataFrame API come before the aggregates',
  { relType: { case: 'aggregate', value: { input: range, groupType: GroupType.GROUPBY, groupingExpressions: [column('a')], aggregateExpressions: [column('b')] } } },
  { kind: 'aggregate', child: rangePlan, groups: [{ kind: 'column', name: ['a'] }], aggregates: [{ kind: 'column', name: ['b'] }], outputGroups: true });
check('a join keeps its type and using columns', { relType: { case: 'join', value: { left: range, right: range, joinType: JoinType.LEFT_ANTI, usingColumns: ['id'] } } },
  { kind: 'join', left: rangePlan, right: rangePlan, type: 'anti', using: ['id'] });
check('a union without ALL removes duplicates', { relType: { case: 'setOp', value: { leftInput: range, rightInput: range, setOpType: SetOpType.UNION } } },
  { kind: 'deduplicate', columns: [], child: { kind: 'union', left: rangePlan, right: rangePlan, byName: false, allowMissingColumns: false } });
check('a project without input has one row', { relType: { case: 'project', value: { expressions: [{ exprType: { case: 'literal', value: { literalType: { case: 'integer', value: 1 } } } }] } } },
  { kind: 'project', child: { kind: 'oneRow' }, expressions: [{ kind: 'literal', value: 1, type: { kind: 'int' } }] });
check('coalesce is the hint of that name, repartition a shuffle', { relType: { case: 'repartition', value: { input: { relType: { case: 'repartition', value: { input: range, numPartitions: 4, shuffle: true } } }, numPartitions: 1 } } },
  { kind: 'hint', name: 'coalesce', arguments: [{ kind: 'literal', value: 1, type: { kind: 'int' } }], child: { kind: 'repartition', child: rangePlan, partitions: 4, by: [] } });
check('DataFrames that SQL text names become WITH', { relType: { case: 'withRelations', value: {
  root: { relType: { case: 'sql', value: { query: 'VALUES (1)' } } }, references: [{ relType: { case: 'subqueryAlias', value: { alias: 'df', input: range } } }] } } },
  { kind: 'with', definitions: [{ name: 'df', plan: rangePlan }], child: sqlParser.query('VALUES (1)') });

test('arguments of SQL text are put in, by name and by position', () => {
  const literal = { literalType: { case: 'integer', value: 5 } } as const;
  const bound = { kind: 'literal', value: 5, type: { kind: 'int' } };
  const found = (plan: LogicalPlan): boolean => JSON.stringify(plan, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).includes(JSON.stringify(bound));
  assert.ok(found(read({ relType: { case: 'sql', value: { query: 'SELECT * FROM t WHERE a = :x', namedArguments: { x: { exprType: { case: 'literal', value: literal } } } } } })));
  assert.ok(found(read({ relType: { case: 'sql', value: { query: 'SELECT * FROM t WHERE a = ?', posArgs: [literal] } } })));
});

refuses('INTERSECT is refused by name', { relType: { case: 'setOp', value: { leftInput: range, rightInput: range, setOpType: SetOpType.INTERSECT } } }, /UNSUPPORTED_FEATURE.*INTERSECT/);
refuses('a cube is refused by name', { relType: { case: 'aggregate', value: { input: range, groupType: GroupType.CUBE } } }, /UNSUPPORTED_FEATURE.*cube/);
refuses('fillna is refused by name', { relType: { case: 'fillNa', value: { input: range } } }, /UNSUPPORTED_FEATURE.*fillNa/);
refuses('a relation without a type is invalid', {}, /CONNECT_INVALID_PLAN/);
refuses('a filter without a condition is invalid', { relType: { case: 'filter', value: { input: range } } }, /the condition of a filter is missing/);
refuses('a plan that would exhaust the stack is refused',
  Array.from({ length: 1100 }).reduce<RelationInit>((input) => ({ relType: { case: 'limit', value: { input: create(RelationSchema, input), limit: 1 } } }), range), /nested deeper/);

test('descending order puts nulls last unless told otherwise', () => {
  const order = (init: object): unknown => expressionFromProto(create(ExpressionSchema, { exprType: { case: 'sortOrder', value: { child: column('a'), ...init } } }), sqlParser);
  const child = { kind: 'column', name: ['a'] };
  assert.deepEqual(order({ direction: 2 }), { kind: 'sortOrder', child, direction: 'desc', nulls: 'last' });
  assert.deepEqual(order({ direction: 1 }), { kind: 'sortOrder', child, direction: 'asc', nulls: 'first' });
  assert.deepEqual(order({ direction: 2, nullOrdering: 1 }), { kind: 'sortOrder', child, direction: 'desc', nulls: 'first' });
});

test('a decimal literal without precision takes that of its digits', () => {
  const decimal = (value: string): unknown => expressionFromProto(create(ExpressionSchema, { exprType: { case: 'literal', value: { literalType: { case: 'decimal', value: { value } } } } }), sqlParser);
  assert.deepEqual(decimal('-012.50'), { kind: 'literal', value: '-012.50', type: { kind: 'decimal', precision: 4, scale: 2 } });
  assert.deepEqual(decimal('0.001'), { kind: 'literal', value: '0.001', type: { kind: 'decimal', precision: 3, scale: 3 } });
  assert.throws(() => decimal('1e5'), /not a plain number/);
});

test('names are taken apart at dots outside of backticks', () => {
  assert.deepEqual(identifierParts('a.`b.c`.`d``e`'), ['a', 'b.c', 'd`e']);
  for (const wrong of ['', 'a..b', 'a.', '.a', '`a', 'a`b`']) assert.throws(() => identifierParts(wrong), /INVALID_ATTRIBUTE_NAME_SYNTAX/, wrong);
});
