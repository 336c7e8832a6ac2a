/** What the API sends, as the protocol's JSON, against golden files. */
import { create, toJson } from '@bufbuild/protobuf';
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { assertGolden } from '../../../testing/golden.ts';
import { RelationSchema } from '../connect/generated/spark/connect/relations_pb.ts';
import { DataFrame, SparkError, SparkSession, avg, col, count, countDistinct, expr, lit, when } from './index.ts';
import { complete, connectionTo, FakeTransport } from './testdata/fake-transport.ts';

function session(transport = new FakeTransport()): SparkSession {
  return new SparkSession(connectionTo(transport));
}

/** Compares the plan of what `build` makes. */
function check(name: string, build: (spark: SparkSession) => DataFrame | Promise<DataFrame>): void {
  test(`the plan of ${name}`, async () => {
    const frame = await build(session());
    assertGolden(new URL(`testdata/${name.replaceAll(' ', '-')}.json`, import.meta.url), JSON.stringify(toJson(RelationSchema, create(RelationSchema, frame.relation)), undefined, 2));
  });
}

check('a read with options', (spark) => spark.read.format('csv').option('Header', true).options({ sep: ';' }).schema('iata STRING').load('/data/a.csv', '/data/b.csv'));
check('select filter and limit', (spark) => spark.table('flights').filter(col('delay').gt(60).and(col('origin').isin('SEA', 'SFO'))).filter('distance > 100')
  .select('origin', col('delay').divide(60).as('hours'), expr('upper(destination)')).limit(10).offset(2));
check('an aggregate', (spark) => spark.table('flights').groupBy('origin', col('distance').mod(2)).agg(count('*').as('n'), avg('delay'), countDistinct('destination')));
check('a self join', (spark) => {
  const flights = spark.table('flights');
  const others = spark.table('flights');
  return flights.join(others, flights.col('destination').eq(others.col('origin')), 'left_semi');
});
check('a join on names and a cross join', (spark) => spark.range(3).join(spark.range(2, 5), ['id'], 'outer').crossJoin(spark.range(1)));
check('a sort', (spark) => spark.range(3).orderBy('id', col('x').descNullsFirst(), col('y').ascNullsLast()));
check('columns added renamed and dropped', (spark) => spark.range(1).withColumns({ a: lit(1), b: lit('x') }).withColumnRenamed('a', 'c').drop('b', col('d')).toDF('one', 'two').alias('t'));
check('unions and duplicates', (spark) => spark.range(1).union(spark.range(2)).unionByName(spark.range(3), true).dropDuplicates('id').distinct());
check('cases casts and items', (spark) => spark.range(1).select(when(col('id').eq(0), 'zero').when(col('id').lt(5), 'few').otherwise('many'), col('a').getItem(0).cast('decimal(10,2)'), col('s').getField('f').tryCast('int')));
check('partitions and hints', (spark) => spark.range(0n, 10n, 2, 4).repartition(8, 'id').repartition(2).coalesce(1).hint('broadcast'));
check('literals', (spark) => spark.range(1).select(lit(1), lit(2 ** 40), lit(1.5), lit(10n), lit(10n ** 20n), lit(null), lit(true), lit(new Date(0)), lit(new Uint8Array([1])), lit([1, 2])));

test('a write is one command with everything that was set', async () => {
  const transport = new FakeTransport([[complete]]);
  await session(transport).range(3).write.mode('overwrite').format('json').option('Compression', 'gzip').partitionBy('id').save('/output/x');
  assertGolden(new URL('testdata/write.json', import.meta.url), JSON.stringify(transport.calls, undefined, 2));
});

test('SQL text is sent once, and its relation becomes the frame', async () => {
  const relation = { common: { planId: 7n }, relType: { case: 'range' as const, value: { start: 0n, end: 3n, step: 1n } } };
  const transport = new FakeTransport([[{ responseId: 'r', responseType: { case: 'sqlCommandResult', value: { relation } } }, complete]]);
  const frame = await session(transport).sql('SELECT * FROM t WHERE a = :a AND b = :b', { a: 1, b: lit('x') });
  assert.equal(frame.relation.relType?.case, 'range');
  assertGolden(new URL('testdata/sql.json', import.meta.url), JSON.stringify(transport.calls, undefined, 2));
});

const wrong: readonly (readonly [string, (spark: SparkSession) => unknown, RegExp])[] = [
  ['a negative limit', (spark) => spark.range(1).limit(-1), /limit takes a whole number/],
  ['an unknown join', (spark) => spark.range(1).join(spark.range(1), 'id', 'sideways' as never), /no join of type sideways/],
  ['an unknown save mode', (spark) => spark.range(1).write.mode('replace' as never), /no save mode replace; there are append, overwrite/],
  ['a literal that is none', () => lit({} as never), /of type Object is no literal/],
  ['a case after otherwise', () => when(col('a'), 1).otherwise(2).otherwise(3), /goes on after when/],
];
for (const [name, act, says] of wrong) {
  test(`refused before anything is sent: ${name}`, () => {
    assert.throws(() => act(session()), (error: unknown) => error instanceof SparkError && error.errorClass === 'INVALID_ARGUMENT' && says.test(error.message));
  });
}

test('rows of a script that do not go together are refused by row or column', async () => {
  const spark = session();
  await assert.rejects(spark.createDataFrame([{ a: 1 }, { a: 'x' }]), /column a have no type in common/);
  await assert.rejects(spark.createDataFrame([{ a: 1 }, { b: 1 }]), /row 2 has the field "b"/);
  await assert.rejects(spark.createDataFrame([[1, 2]], ['a']), /row 1 has 2 values for 1 columns/);
  await assert.rejects(spark.createDataFrame([]), /give their names/);
  await assert.rejects(spark.createDataFrame([{ a: 2n ** 63n }]), /beyond BIGINT/);
});

test('a stopped session says so', async () => {
  const spark = session();
  await spark.stop();
  await assert.rejects(spark.range(1).collect(), /SESSION_CLOSED/);
});
