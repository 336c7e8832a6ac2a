/** The planner's answers against a table of Spark's own: names, types, rows, error classes. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { toTaskFailure } from '../execute/kernel-error.ts';
import { functionRows } from '../plan/functions/table.ts';
import type { LogicalPlan } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import { typeName } from '../plan/types.ts';
import { parseQuery } from '../sql/parse.ts';
import { planQuery } from './planner.ts';
import { LocalRunner } from './testdata/local-runner.ts';
import { anySignal, planning } from './testdata/planning.ts';

type Answer = { readonly sql: string } & (
  | { readonly error: string }
  | { readonly error?: never; readonly schema: readonly (readonly [name: string, type: string, nullable: boolean])[]; readonly rows: readonly (readonly (string | null)[])[] });

const file = new URL('../plan/functions/testdata/spark-answers.json', import.meta.url);
const { answers } = JSON.parse(readFileSync(file, 'utf8')) as { readonly answers: readonly Answer[] };

let runner: LocalRunner;
before(async () => { runner = await LocalRunner.open(); });
after(() => runner[Symbol.asyncDispose]());

/** TIMESTAMP'…' reaches the analyser as a cast of the text, and is named so. */
const named = (name: string): string => (name.includes("TIMESTAMP '") || name.includes('AS TIMESTAMP') ? '(a timestamp literal)' : name);

async function classOf(sql: string, slots: number): Promise<string> {
  try {
    await runner.run(await planQuery(parseQuery(sql), planning({ slots }), anySignal()));
  } catch (error) {
    if (error instanceof SparkError) return error.errorClass;
    const failure = toTaskFailure(error, anySignal());
    return failure.kind === 'application' ? failure.error.errorClass : `${failure.kind}: ${String(error)}`;
  }
  return 'no error';
}

/** Spark names an overflow of a cast by itself; the kernel tells only that a conversion failed. */
const sameClass: Readonly<Record<string, string>> = { CAST_OVERFLOW: 'CAST_INVALID_INPUT' };

/** The same plan with the rows of every VALUES spread over tasks, so that every step between tasks is taken. */
function spread(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map(spread);
  const node = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spread(each)]));
  return node['kind'] === 'values' ? { kind: 'repartition', child: node, partitions: 3, by: [] } : node;
}

const byOrderOfRows = /first|last|any_value|collect_list|array_agg|limit/i;
const sorted = (rows: readonly (readonly (string | null)[])[]): readonly string[] => rows.map((row) => JSON.stringify(row)).toSorted();

/** Sums of fractions depend on their order in the last digit, in Spark too. */
const rounded = (rows: readonly (readonly (string | null)[])[]): readonly (readonly (string | null)[])[] =>
  rows.map((row) => row.map((value) => (value !== null && /^-?\d+\.\d{12,}$/.test(value) ? Number(value).toPrecision(13) : value)));

for (const answer of answers) {
  if (answer.error === undefined && !byOrderOfRows.test(answer.sql) && /from/i.test(answer.sql)) {
    test(`as Spark answers, with rows on several tasks: ${answer.sql.slice(0, 120)}`, async () => {
      for (const conf of [{}, { 'spark.sql.shuffle.partitions': '4', 'spark.sql.autoBroadcastJoinThreshold': '-1' }]) {
        const got = await runner.run(await planQuery(spread(parseQuery(answer.sql)) as LogicalPlan, planning({ slots: 3, conf }), anySignal()));
        if (/order by/i.test(answer.sql)) assert.deepEqual(rounded(got.rows), rounded(answer.rows));
        else assert.deepEqual(sorted(rounded(got.rows)), sorted(rounded(answer.rows)));
      }
    });
  }
  test(`as Spark answers: ${answer.sql.slice(0, 120)}`, async () => {
    for (const slots of [1, 3]) {
      if (answer.error !== undefined) {
        assert.equal(await classOf(answer.sql, slots), sameClass[answer.error] ?? answer.error);
        continue;
      }
      const got = await runner.run(await planQuery(parseQuery(answer.sql), planning({ slots }), anySignal()));
      assert.deepEqual(got.schema.map((field) => [named(field.name), typeName(field.type)]), answer.schema.map(([name, type]) => [named(name), type]));
      assert.deepEqual(got.rows, answer.rows);
      for (const [i, field] of got.schema.entries()) {
        assert.ok(field.nullable || got.rows.every((row) => row[i] !== null), `${field.name} is said to hold no NULL`);
      }
    }
  });
}

test('every function of the table stands in a statement that Spark has answered', () => {
  const statements = answers.filter((answer) => answer.error === undefined).map((answer) => ` ${answer.sql.toLowerCase()} `).join('\n');
  /** Written by SQL's own grammar, or the form that others are turned into. */
  const otherwise: Readonly<Record<string, string>> = {
    substr: 'substring', element: ')[0]', when: 'case', negative: '-id', '||': '||', isnull: 'is null', '==': '=', '!=': '<>',
    '!': '!', negate: '-', regexp: 'rlike', std: 'stddev', any: 'some', dateadd: 'date_add', date_diff: 'datediff', cardinality: 'size', array_size: 'size', character_length: 'char_length', len: 'length', last_value: 'first_value',
  };
  const missing = functionRows.flatMap((row) => row.names).filter((name) => !statements.includes(otherwise[name] ?? (/^[a-z]/.test(name) ? `${name}(` : name)) && !statements.includes(` ${name} `));
  assert.deepEqual(missing, []);
});
