/** Pipelines that begin: scans of files, rows held by the plan, VALUES, ranges. */
import { castSql, quoteName, quoteText } from '../plan/functions/kernel-sql.ts';
import { expressionSql } from '../plan/functions/expression-sql.ts';
import type { Attribute, ResolvedPlan } from '../plan/resolved.ts';
import type { FileSplit } from './stage.ts';
import type { Piece, Pipeline } from './pipeline.ts';
import { selectFrom } from './select.ts';
import type { SplitLimits } from './splits.ts';
import { splitFiles } from './splits.ts';

type Node<K extends ResolvedPlan['kind']> = Extract<ResolvedPlan, { kind: K }>;

export function scanPipeline(plan: Node<'scan'>, limits: SplitLimits): Pipeline {
  const splits = splitFiles(plan.source.files, limits, plan.columns);
  const steps = [`scan ${fileNames(splits)}`];
  if (splits.length === 0) return { pieces: [emptyPiece(plan.attributes)], attributes: plan.attributes, steps };
  const columns = plan.attributes.map((attribute, i) => {
    const name = plan.columns[i] ?? attribute.name;
    return { attribute, sql: plan.source.columnSql?.[name] ?? quoteName(name) };
  });
  const plain = plan.columns.every((name) => plan.source.columnSql?.[name] === undefined);
  const piece: Piece = {
    inputs: [{ kind: 'files', name: 'input0', scan: plan.source.scan, splits }], tasks: splits.length, select: selectFrom('input0', columns, plain),
  };
  return { pieces: [piece], attributes: plan.attributes, steps };
}

/** For people: the file's name, and how many others. */
function fileNames(splits: readonly (readonly FileSplit[])[]): string {
  const paths = [...new Set(splits.flat().map((split) => split.path))];
  const first = paths[0]?.split('/').at(-1) ?? 'nothing';
  return paths.length > 1 ? `${first} and ${paths.length - 1} more` : first;
}

/** A relation with the right columns and no rows, so that a stage always has a task. */
function emptyPiece(attributes: readonly Attribute[]): Piece {
  const list = attributes.map((attribute, i) => `${castSql('NULL', attribute.type)} AS v${i}`);
  const from = `(SELECT ${list.length === 0 ? 'true AS "none"' : list.join(', ')} WHERE false)`;
  return { inputs: [], tasks: 1, select: selectFrom(from, attributes.map((attribute, i) => ({ attribute, sql: `v${i}` }))) };
}

/** Rows of the plan take the plan's types here, whatever Arrow made of them. */
export function localPipeline(plan: Node<'local'>): Pipeline {
  const columns = plan.attributes.map((attribute, i) => ({ attribute, sql: castSql(`c${plan.columns[i] ?? i}`, attribute.type) }));
  const piece: Piece = { inputs: [{ kind: 'local', name: 'input0', data: plan.data }], tasks: 1, select: selectFrom('input0', columns, columns.length === 0) };
  return { pieces: [piece], attributes: plan.attributes, steps: ['local rows'] };
}

export function valuesPipeline(plan: Node<'values'>): Pipeline {
  if (plan.rows.length === 0) return { pieces: [emptyPiece(plan.attributes)], attributes: plan.attributes, steps: ['values'] };
  const none = (): string => {
    throw new Error('VALUES reads no columns');
  };
  const rows = plan.rows.map((row) => `(${row.length === 0 ? 'true' : row.map((value) => expressionSql(value, none)).join(', ')})`);
  const names = plan.attributes.length === 0 ? 'v0' : plan.attributes.map((_, i) => `v${i}`).join(', ');
  const select = selectFrom(`(VALUES ${rows.join(', ')}) AS v(${names})`, plan.attributes.map((attribute, i) => ({ attribute, sql: `v${i}` })));
  return { pieces: [{ inputs: [], tasks: 1, select }], attributes: plan.attributes, steps: ['values'] };
}

/** Cut into as many fragments as there are slots (or partitions asked for): each knows its own bounds. */
export function rangePipeline(plan: Node<'range'>, slots: number): Pipeline {
  const { start, end, step, attribute } = plan;
  const distance = step > 0n ? end - start : start - end;
  const size = step > 0n ? step : -step;
  const count = distance <= 0n ? 0n : (distance + size - 1n) / size;
  const slices = BigInt(Math.max(1, Math.min(plan.partitions ?? slots, Number(count < 1000n ? count : 1000n))));
  const at = (index: bigint): string => castSql(quoteText(String(start + index * step)), { kind: 'long' });
  const pieces = Array.from({ length: Number(slices) }, (_, i): Piece => {
    const [from, to] = [count * BigInt(i) / slices, count * BigInt(i + 1) / slices];
    const relation = to > from
      ? `range(CAST(0 AS BIGINT), CAST(${to - from} AS BIGINT)) AS r(i)`
      : '(SELECT CAST(0 AS BIGINT) AS i WHERE false) AS r';
    const sql = `${at(from)} + i * CAST(${quoteText(String(step))} AS BIGINT)`;
    return { inputs: [], tasks: 1, select: selectFrom(relation, [{ attribute, sql: `(${sql})` }], false) };
  });
  return { pieces, attributes: [attribute], steps: ['range'] };
}
