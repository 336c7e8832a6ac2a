/** Runs a physical plan in this process, one task after the other: what the planner's tests check answers with. */
import { strict as assert } from 'node:assert';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { tableFromIPC } from 'apache-arrow';
import { toText } from '../../plan/functions/cast.ts';
import { kernelType, quoteText } from '../../plan/functions/kernel-sql.ts';
import type { Schema } from '../../plan/types.ts';
import type { FileSplit, FragmentInput, PhysicalPlan, Stage } from '../stage.ts';
import { taskCount } from '../stage.ts';

export interface LocalAnswer {
  readonly schema: Schema;
  /** Every value as Spark shows it; NULL is null. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export class LocalRunner implements AsyncDisposable {
  readonly connection: DuckDBConnection;
  readonly #instance: DuckDBInstance;
  #run = 0;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.connection = connection;
  }

  static async open(): Promise<LocalRunner> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    return new LocalRunner(instance, await instance.connect());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.connection.closeSync();
    this.#instance.closeSync();
  }

  /** Rejects with the kernel's error when a fragment fails. */
  async run(plan: PhysicalPlan): Promise<LocalAnswer> {
    this.#run += 1;
    for (const [name, value] of Object.entries(plan.settings ?? {})) await this.connection.run(`SET ${name} = ${quoteText(value)}`);
    for (const stage of plan.stages) await this.#runStage(stage, plan);
    const last = plan.stages.at(-1);
    assert.ok(last !== undefined);
    const rows: (string | null)[][] = [];
    for (let task = 0; task < taskCount(last); task += 1) {
      const texts = plan.schema.map((field, i) => `CAST(${toText(`c${i}`, field.type)} AS VARCHAR)`);
      const read = await this.connection.runAndReadAll(`SELECT ${texts.length === 0 ? '1' : texts.join(', ')} FROM ${this.#table(last.id, task)}`);
      rows.push(...read.getRows().map((row) => row.map((value) => (value === null ? null : String(value)))));
    }
    return { schema: plan.schema, rows };
  }

  #table(stage: number, task: number): string {
    return `run${this.#run}_stage${stage}_task${task}`;
  }

  async #runStage(stage: Stage, plan: PhysicalPlan): Promise<void> {
    let task = 0;
    for (const fragment of stage.fragments) {
      if (fragment.kind === 'map' || fragment.kind === 'reduce') throw new Error('programs run in processes of their own');
      for (let index = 0; index < fragment.tasks; index += 1) {
        for (const input of fragment.inputs) await this.#createInput(input, index, plan);
        const table = this.#table(stage.id, task);
        await this.connection.run(`CREATE TEMP TABLE ${table} AS ${fragment.sql}`);
        await this.#checkTypes(table, stage, fragment.sql);
        task += 1;
      }
    }
  }

  /** The kernel's types must be those that the stage promises. */
  async #checkTypes(table: string, stage: Stage, sql: string): Promise<void> {
    const read = await this.connection.runAndReadAll(`SELECT * FROM ${table} LIMIT 0`);
    const actual = read.columnTypes().map((type) => String(type).replace('TIMESTAMP WITH TIME ZONE', 'TIMESTAMPTZ'));
    const expected = stage.schema.map((field) => kernelType(field.type));
    if (expected.length > 0) assert.deepEqual(actual.map(normal), expected.map(normal), `types of stage ${stage.id}: ${sql}`);
  }

  async #createInput(input: FragmentInput, index: number, plan: PhysicalPlan): Promise<void> {
    const create = (sql: string): Promise<unknown> => this.connection.run(`CREATE OR REPLACE TEMP VIEW ${input.name} AS ${sql}`);
    switch (input.kind) {
      case 'files': await create((input.splits[index] ?? []).map((split) => splitSql(input.scan, split)).join(' UNION ALL ')); break;
      case 'broadcast': await create(this.#tables(plan, input.stage).map((table) => `SELECT * FROM ${table}`).join(' UNION ALL ')); break;
      case 'shuffle': await create(this.#partition(plan, input.stage, index)); break;
      case 'local': await create(localSql(input.data)); break;
    }
  }

  #tables(plan: PhysicalPlan, stage: number): readonly string[] {
    const found = plan.stages[stage];
    assert.ok(found !== undefined);
    return Array.from({ length: taskCount(found) }, (_, task) => this.#table(stage, task));
  }

  #partition(plan: PhysicalPlan, id: number, index: number): string {
    const output = plan.stages[id]?.output;
    assert.ok(output?.kind === 'shuffle');
    const partition = output.keys.length > 0 ? `hash(${output.keys.join(', ')}) % ${output.partitions}` : `rowid % ${output.partitions}`;
    return this.#tables(plan, id).map((table) => `SELECT * FROM ${table} WHERE ${partition} = ${index}`).join(' UNION ALL ');
  }
}

const normal = (type: string): string => type.replaceAll('"', '').replaceAll(' ', '');

function splitSql(scan: string, split: FileSplit): string {
  const relation = scan.replaceAll('$path', quoteText(split.path));
  return `SELECT * FROM ${relation}${split.rows === undefined ? '' : ` WHERE file_row_number >= ${split.rows.from} AND file_row_number < ${split.rows.to}`}`;
}

/** Enough for tests: numbers, strings, booleans. */
function localSql(data: Uint8Array): string {
  const table = tableFromIPC(data);
  const names = table.schema.fields.map((_, i) => `c${i}`);
  const value = (each: unknown): string => (each === null || each === undefined ? 'NULL' : typeof each === 'string' ? quoteText(each) : String(each));
  const rows = Array.from({ length: table.numRows }, (_, i) => `(${table.schema.fields.map((_field, column) => value(table.getChildAt(column)?.get(i))).join(', ')})`);
  return rows.length === 0 ? `SELECT ${names.map((name) => `NULL AS ${name}`).join(', ')} WHERE false` : `SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.join(', ')})`;
}
