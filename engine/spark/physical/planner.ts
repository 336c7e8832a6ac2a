/** The way from a logical plan to stages: prepare (files, text) → analyse → optimise → build. */
import { emptyEnvironment, newAnalysis } from '../plan/analyse/analysis.ts';
import { analyse, trimmed } from '../plan/analyse/analyser.ts';
import { prepare } from '../plan/analyse/prepare.ts';
import { visible } from '../plan/analyse/scope.ts';
import { castTo, STRING } from '../plan/coercion.ts';
import { planSettings } from '../plan/conf.ts';
import type { PlannerContext } from '../plan/context.ts';
import type { Command, LogicalPlan } from '../plan/logical.ts';
import { optimise } from '../plan/optimise/optimiser.ts';
import { printResolved } from '../plan/print-resolved.ts';
import type { AttributeIds, Named, ResolvedExpression, ResolvedPlan } from '../plan/resolved.ts';
import { outputOf } from '../plan/resolved.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { Schema } from '../plan/types.ts';
import type { BuildContext } from './builder.ts';
import { build, ready } from './builder.ts';
import { kernelSettings } from './kernel.ts';
import { StageList } from './pipeline.ts';
import { printStages } from './print.ts';
import type { PhysicalPlan, StageOutput } from './stage.ts';
import type { WriteFormat } from './write-format.ts';
import { checkWritable, writeFormat } from './write-format.ts';

type Write = Extract<Command, { kind: 'write' }>;
export type ExplainMode = Extract<Command, { kind: 'explain' }>['mode'];

interface Resolved {
  readonly plan: ResolvedPlan;
  readonly schema: Schema;
  readonly ids: AttributeIds;
}

async function resolvePlan(plan: LogicalPlan, context: PlannerContext, signal: AbortSignal): Promise<Resolved> {
  const { timeZone } = planSettings(context.conf);
  const prepared = await prepare(plan, context, timeZone, signal);
  const analysis = newAnalysis(prepared.views, prepared.sources);
  const analysed = analyse(analysis, prepared.plan, emptyEnvironment);
  const schema = visible(analysed.scope).map(({ name, attribute }) => ({ name, type: attribute.type, nullable: attribute.nullable }));
  return { plan: trimmed(analysed), schema, ids: analysis.ids };
}

/** The stages of a query. Throws `SparkError` for everything that is wrong with the plan or its files. */
export async function planQuery(plan: LogicalPlan, context: PlannerContext, signal: AbortSignal): Promise<PhysicalPlan> {
  const resolved = await resolvePlan(plan, context, signal);
  return physical(resolved, optimise(resolved.plan), { kind: 'result' }, context);
}

/** The stages of a write; the last one yields the files. */
export async function planWrite(command: Write, context: PlannerContext, signal: AbortSignal): Promise<PhysicalPlan> {
  const { format, copyOptions, extension } = writeFormat(command.format, command.options);
  if (command.path === '') throw new SparkError({ errorClass: 'INVALID_EMPTY_LOCATION', sqlState: '42K05', message: 'The location name cannot be empty string, but `` was given.' });
  const resolved = await resolvePlan(command.plan, context, signal);
  checkWritable(format, resolved.schema);
  const columns = resolved.schema.map((field) => field.name);
  checkNames(columns);
  const partitionBy = command.partitionBy.map((name) => partitionColumn(name, columns));
  if (partitionBy.length > 0 && partitionBy.length === columns.length) {
    throw new SparkError({ errorClass: 'ALL_PARTITION_COLUMNS_NOT_ALLOWED', sqlState: 'KD005', message: 'Cannot use all columns for partition columns.' });
  }
  const plan = optimise(asText(resolved.plan, format, resolved.ids));
  const output: StageOutput = { kind: 'files', format, path: command.path, mode: command.mode, columns, partitionBy, copyOptions, extension };
  return physical({ ...resolved, schema: writtenSchema(plan, columns) }, plan, output, context);
}

export async function schemaOf(plan: LogicalPlan, context: PlannerContext, signal: AbortSignal): Promise<Schema> {
  return (await resolvePlan(plan, context, signal)).schema;
}

/** `simple`: the stages. `extended` and `formatted`: also the analysed and the optimised plan. */
export async function explain(plan: LogicalPlan, mode: ExplainMode, context: PlannerContext, signal: AbortSignal): Promise<string> {
  const resolved = await resolvePlan(plan, context, signal);
  const optimised = optimise(resolved.plan);
  const stages = printStages(physical(resolved, optimised, { kind: 'result' }, context));
  if (mode === 'simple') return `== Physical Plan ==\n${stages}\n`;
  return `== Analyzed Logical Plan ==\n${printResolved(resolved.plan)}\n\n== Optimized Logical Plan ==\n${printResolved(optimised)}\n\n== Physical Plan ==\n${stages}\n`;
}

function physical(resolved: Resolved, plan: ResolvedPlan, output: StageOutput, context: PlannerContext): PhysicalPlan {
  const stages = new StageList();
  const build_: BuildContext = { settings: planSettings(context.conf), slots: Math.max(1, context.slots), stages, ids: resolved.ids };
  const pipeline = ready(build(plan, build_));
  const attributes = outputOf(plan);
  stages.add(pipeline, attributes, output, resolved.schema);
  return { stages: stages.stages, schema: resolved.schema, settings: kernelSettings(context.conf) };
}

function checkNames(columns: readonly string[]): void {
  const lower = columns.map((name) => name.toLowerCase());
  const twice = columns.find((_, i) => lower.indexOf(lower[i] ?? '') !== i);
  if (twice === undefined) return;
  throw new SparkError({ errorClass: 'COLUMN_ALREADY_EXISTS', sqlState: '42711', message: `The column \`${twice}\` already exists. Choose another name or rename the existing column.`, parameters: { columnName: `\`${twice}\`` } });
}

function partitionColumn(name: string, columns: readonly string[]): string {
  const found = columns.find((column) => column.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  throw new SparkError({ errorClass: 'PARTITION_COLUMN_NOT_FOUND', sqlState: '42703', message: `The partition column \`${name}\` is not among the columns: ${columns.map((each) => `\`${each}\``).join(', ')}.`, parameters: { columnName: name } });
}

/** Text formats hold fractions and times as Spark writes them, not as the kernel would. */
function asText(plan: ResolvedPlan, format: WriteFormat, ids: AttributeIds): ResolvedPlan {
  if (format === 'parquet') return plan;
  const list = outputOf(plan).map((attribute): Named => {
    const expression = textOf(attribute, format);
    return { attribute: expression === attribute ? attribute : ids.next(attribute.name, STRING, attribute.nullable), expression };
  });
  return list.every((named) => named.attribute === named.expression) ? plan : { kind: 'project', child: plan, list };
}

function textOf(attribute: Named['attribute'], format: WriteFormat): ResolvedExpression {
  const { kind } = attribute.type;
  if (kind === 'timestamp' || kind === 'timestamp_ntz') {
    const pattern: ResolvedExpression = { kind: 'literal', value: `yyyy-MM-dd'T'HH:mm:ss.SSS${kind === 'timestamp' ? 'XXX' : ''}`, type: STRING };
    return { kind: 'call', name: 'date_format', arguments: [attribute, pattern], type: STRING, nullable: attribute.nullable };
  }
  return format === 'csv' && (kind === 'float' || kind === 'double') ? castTo(attribute, STRING) : attribute;
}

const writtenSchema = (plan: ResolvedPlan, columns: readonly string[]): Schema =>
  outputOf(plan).map((attribute, i) => ({ name: columns[i] ?? attribute.name, type: attribute.type, nullable: attribute.nullable }));
