/** A MapReduce job as stages: maps with runs for the reducers, and reduces with a file each; or maps alone. Pure. */
import type { MapReduceApplication } from '../../../contract.ts';
import type { MapReduceJob, Program } from '../../map-reduce/program.ts';
import type { MapSplit, PhysicalPlan, StageOutput } from '../../physical/stage.ts';

/** Of map output, held by each task; the container's memory is shared by slots. */
export const bufferBytesDefault = 32 << 20;

export interface Programs {
  readonly mapper: Program;
  readonly combiner: Program | undefined;
  readonly reducer: Program | undefined;
}

export interface JobNames {
  readonly id: string;
  readonly name: string;
}

export function mapReducePlan(application: MapReduceApplication, programs: Programs, splits: readonly MapSplit[], names: JobNames, bufferBytes: number): PhysicalPlan {
  const { mapper, combiner, reducer } = programs;
  const { numReduceTasks, partitionFields, sort } = application;
  const job: MapReduceJob = {
    ...names, mapper, ...(combiner === undefined ? {} : { combiner }), ...(reducer === undefined ? {} : { reducer }), maps: splits.length, reducers: numReduceTasks,
    fieldSeparator: application.fieldSeparator, keyFields: application.keyFields, ...(partitionFields === undefined ? {} : { partitionFields }),
    sort: { by: sort.by === 'Bytes' ? 'bytes' : 'number', order: sort.order === 'Ascending' ? 'ascending' : 'descending' },
    environment: application.environment, bufferBytes,
  };
  const files: StageOutput = { kind: 'files', format: 'text', path: application.output, mode: 'error', columns: [], partitionBy: [], copyOptions: '', extension: '' };
  const output: StageOutput = numReduceTasks === 0 ? files : { kind: 'shuffle', keys: [], partitions: numReduceTasks };
  const maps = { id: 0, description: 'map', fragments: [{ kind: 'map' as const, job, splits, tasks: splits.length }], output, schema: [] };
  if (numReduceTasks === 0) return { stages: [maps], schema: [] };
  const reduces = { id: 1, description: 'reduce', fragments: [{ kind: 'reduce' as const, job, stage: 0, tasks: numReduceTasks }], output: files, schema: [] };
  return { stages: [maps, reduces], schema: [] };
}
