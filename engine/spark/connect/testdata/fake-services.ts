/** Sessions without planner and executors: ranges, local rows and limits over them, evaluated here. */
import { Int64, makeData, Struct, Field, Schema as ArrowSchema, RecordBatch, RecordBatchReader } from 'apache-arrow';
import type { SessionServices } from '../../driver/session-services.ts';
import { sqlParser } from '../../driver/sql-parser.ts';
import type { JobOptions, JobResult } from '../../physical/job.ts';
import type { PhysicalPlan } from '../../physical/stage.ts';
import type { PlannerContext } from '../../plan/context.ts';
import type { LogicalPlan } from '../../plan/logical.ts';
import { SparkError } from '../../plan/spark-error.ts';
import type { Schema } from '../../plan/types.ts';
import { arrowStream } from '../arrow-stream.ts';

/** `beforeRun` sees every job and may wait, fail or watch its signal. */
export function fakeServices(beforeRun: (options: JobOptions) => Promise<void> = async () => {}): SessionServices {
  const plans = new WeakMap<PhysicalPlan, { readonly plan: LogicalPlan; readonly context: PlannerContext }>();
  const planQuery = async (plan: LogicalPlan, context: PlannerContext): Promise<PhysicalPlan> => {
    const physical: PhysicalPlan = { stages: [], schema: schemaOf(plan, context) };
    plans.set(physical, { plan, context });
    return physical;
  };
  return {
    parser: sqlParser,
    sources: { describe: () => Promise.reject(new Error('no files here')) },
    planner: {
      planQuery,
      planWrite: (command, context) => planQuery(command.plan, context),
      schemaOf: async (plan, context) => schemaOf(plan, context),
      explain: async (plan, mode) => `== ${mode} ==\n${plan.kind}`,
    },
    jobs: {
      slots: () => 2,
      run: async (physical, options): Promise<JobResult> => {
        await beforeRun(options);
        options.signal.throwIfAborted();
        const known = plans.get(physical);
        if (known === undefined) throw new Error('a plan that was not planned here');
        return { kind: 'rows', blocks: blocksOf(known.plan, known.context) };
      },
    },
  };
}

function schemaOf(plan: LogicalPlan, context: PlannerContext): Schema {
  switch (plan.kind) {
    case 'range': return [{ name: 'id', type: { kind: 'long' }, nullable: false }];
    case 'localArrow': return plan.schema ?? [...RecordBatchReader.from(plan.data).open().schema.fields].map((field) => ({ name: field.name, type: { kind: 'string' }, nullable: field.nullable }));
    case 'limit': case 'subqueryAlias': return schemaOf(plan.child, context);
    case 'project': return schemaOf(plan.child, context);
    case 'table': return schemaOf(viewOf(plan, context), context);
    default: throw new SparkError({ errorClass: 'UNSUPPORTED_FEATURE', sqlState: '0A000', message: `the fake planner has no ${plan.kind}` });
  }
}

function blocksOf(plan: LogicalPlan, context: PlannerContext): readonly { readonly data: Uint8Array; readonly rows: number }[] {
  switch (plan.kind) {
    case 'range': return rangeBlocks(plan);
    case 'localArrow': return [{ data: plan.data, rows: [...RecordBatchReader.from(plan.data)].reduce((sum, batch) => sum + batch.numRows, 0) }];
    case 'subqueryAlias': case 'project': return blocksOf(plan.child, context);
    case 'table': return blocksOf(viewOf(plan, context), context);
    case 'limit': return limited(blocksOf(plan.child, context), plan.count);
    default: throw new Error(`the fake planner has no ${plan.kind}`);
  }
}

function viewOf(plan: Extract<LogicalPlan, { kind: 'table' }>, context: PlannerContext): LogicalPlan {
  const name = plan.name.join('.');
  const view = context.views.get(name.toLowerCase());
  if (view !== undefined) return view;
  throw new SparkError({ errorClass: 'TABLE_OR_VIEW_NOT_FOUND', sqlState: '42P01', message: `The table or view \`${name}\` cannot be found.`, parameters: { relationName: name } });
}

/** Two blocks, so that more than one batch is sent. */
function rangeBlocks(plan: Extract<LogicalPlan, { kind: 'range' }>): readonly { readonly data: Uint8Array; readonly rows: number }[] {
  const ids: bigint[] = [];
  for (let id = plan.start; id < plan.end; id += plan.step) ids.push(id);
  const middle = Math.ceil(ids.length / 2);
  return [ids.slice(0, middle), ids.slice(middle)].map((part) => ({ data: arrowStream(idBatch(part)), rows: part.length }));
}

function idBatch(ids: readonly bigint[]): RecordBatch {
  const fields = [new Field('c0', new Int64(), false)];
  const child = makeData({ type: new Int64(), length: ids.length, data: BigInt64Array.from(ids) });
  return new RecordBatch(new ArrowSchema(fields), makeData({ type: new Struct(fields), length: ids.length, nullCount: 0, children: [child] }) as never);
}

function limited(blocks: readonly { readonly data: Uint8Array; readonly rows: number }[], count: number): readonly { readonly data: Uint8Array; readonly rows: number }[] {
  let left = count;
  return blocks.flatMap((block) => [...RecordBatchReader.from(block.data)].flatMap((batch) => {
    const taken = batch.slice(0, Math.max(0, left));
    left -= taken.numRows;
    return taken.numRows === 0 ? [] : [{ data: arrowStream(taken), rows: taken.numRows }];
  }));
}
