/** Sizes by guess: what decides between broadcast and shuffle, and how many partitions a shuffle has. */
import type { Attribute, ResolvedPlan } from '../plan/resolved.ts';
import { conjuncts, outputOf } from '../plan/resolved.ts';

/** Columnar files are compressed; rows in memory and in blocks are larger. */
const parquetGrowth = 3;
const filterSelectivity = 0.5;
const groupReduction = 0.5;

const widths: Readonly<Record<string, number>> = { boolean: 1, byte: 1, short: 2, int: 4, float: 4, date: 4, string: 20, binary: 20, array: 60, map: 60, struct: 60, decimal: 16 };

function rowBytes(attributes: readonly Attribute[]): number {
  return 8 + attributes.reduce((sum, attribute) => sum + (widths[attribute.type.kind] ?? 8), 0);
}

/** Estimated bytes of a plan's rows. */
export function estimatedBytes(plan: ResolvedPlan): number {
  switch (plan.kind) {
    case 'scan': {
      const bytes = plan.source.files.reduce((sum, file) => sum + file.bytes, 0) * (plan.source.format === 'parquet' ? parquetGrowth : 1);
      return bytes * Math.max(1, plan.attributes.length) / Math.max(1, plan.source.schema.length);
    }
    case 'local': return plan.data.byteLength;
    case 'values': return plan.rows.length * rowBytes(plan.attributes);
    case 'range': return Math.max(0, Math.ceil(Number(plan.end - plan.start) / Number(plan.step))) * 8;
    case 'project': return estimatedBytes(plan.child) * rowBytes(outputOf(plan)) / rowBytes(outputOf(plan.child));
    case 'filter': return estimatedBytes(plan.child) * filterSelectivity ** Math.min(3, conjuncts(plan.condition).length);
    case 'aggregate': return plan.groups.length === 0 ? rowBytes(outputOf(plan)) : estimatedBytes(plan.child) * groupReduction * Math.min(1, rowBytes(outputOf(plan)) / rowBytes(outputOf(plan.child)));
    case 'join': return plan.type === 'semi' || plan.type === 'anti' ? estimatedBytes(plan.left) : estimatedBytes(plan.left) + estimatedBytes(plan.right);
    case 'limit': return Math.min(estimatedBytes(plan.child), plan.count * rowBytes(outputOf(plan.child)));
    case 'union': return plan.children.reduce((sum, child) => sum + estimatedBytes(child), 0);
    case 'sort': case 'offset': case 'repartition': return estimatedBytes(plan.child);
  }
}

const smallShuffleBytes = 4 << 20;
const partitionBytes = 64 << 20;
const partitionsMax = 1000;

/** Partitions of a shuffle of so many bytes: one when small, a slot each, more when a partition would grow large. */
export function shufflePartitions(bytes: number, slots: number, configured: number | undefined): number {
  if (configured !== undefined) return configured;
  if (bytes <= smallShuffleBytes) return 1;
  return Math.min(partitionsMax, Math.max(slots, Math.ceil(bytes / partitionBytes)));
}
