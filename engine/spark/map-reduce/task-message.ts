/** What an executor and the process of a MapReduce task tell each other. The process runs user code, so the executor checks what comes. */
import { z } from 'zod';
import type { StoreSettings } from '../../storage/stores.ts';
import { countersSchema, type MapInput, type MapReduceJob } from './program.ts';

/** Executor → process, once. */
export interface TaskStart {
  readonly kind: 'start';
  readonly job: MapReduceJob;
  readonly task: number;
  readonly attempt: number;
  readonly work:
    | { readonly kind: 'map'; readonly input: MapInput }
    /** Paths of the runs of this partition, in order of the map tasks. */
    | { readonly kind: 'reduce'; readonly runs: readonly { readonly path: string; readonly bytes: number }[] };
  readonly output:
    /** Where runs go, one for each partition. */
    | { readonly kind: 'runs'; readonly directory: string }
    /** A path of the file layer. */
    | { readonly kind: 'file'; readonly path: string };
  /** Only for this task. */
  readonly scratchDirectory: string;
  readonly workingDirectory: string;
  readonly mounts: Readonly<Record<string, string>>;
  readonly stores: StoreSettings;
}

const count = z.number().int().min(0);
const text = z.string().max(1 << 16);

/** Process → executor. */
export const taskReportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), text }),
  z.object({
    kind: z.literal('done'), counters: countersSchema, records: count,
    runs: z.array(z.object({ partition: count, path: text, bytes: count })),
    /** Of the file written. */
    bytes: count,
  }),
  z.object({
    kind: z.literal('failed'),
    /** `program`: the user's. `changed`: the input is not what it was. `file`: reading or writing. `engine`: anything else. */
    fault: z.enum(['program', 'changed', 'file', 'engine']), message: text,
  }),
]);
export type TaskReport = z.infer<typeof taskReportSchema>;
