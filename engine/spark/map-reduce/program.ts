/** A MapReduce job with Hadoop Streaming's contract, as stages carry it: plain data. */
import { z } from 'zod';

const count = z.number().int().min(0);

export const programSchema = z.discriminatedUnion('kind', [
  /** Reads records as lines on standard input, writes records as lines. `argv[0]` is looked up in PATH. */
  z.object({ kind: z.literal('command'), argv: z.array(z.string()).min(1) }),
  /** The text of a module that exports `map`, `combine` or `reduce`. */
  z.object({ kind: z.literal('function'), source: z.string(), /** For people and for the language. */ fileName: z.string() }),
]);
export type Program = z.infer<typeof programSchema>;

export const mapReduceJobSchema = z.object({
  /** `job_<application>_<number>`. */
  id: z.string(),
  name: z.string(),
  mapper: programSchema,
  combiner: programSchema.exactOptional(),
  /** Absent: records are written as they come, sorted. */
  reducer: programSchema.exactOptional(),
  maps: count,
  /** 0: the mappers' output is the job's. */
  reducers: count,
  /** One character or more between the fields of a record. */
  fieldSeparator: z.string().min(1),
  /** So many fields of a record are its key. */
  keyFields: count.min(1),
  /** Fields of the key, from 1, that decide on the reducer; absent: the whole key. */
  partitionFields: z.object({ from: count.min(1), to: count.min(1) }).exactOptional(),
  sort: z.object({ by: z.enum(['bytes', 'number']), order: z.enum(['ascending', 'descending']) }),
  environment: z.record(z.string(), z.string()),
  /** Of map output that is held before it is sorted and written. */
  bufferBytes: count.min(1),
});
export type MapReduceJob = z.infer<typeof mapReduceJobSchema>;

/** What a map task reads. */
export interface MapInput {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly fileBytes: number;
  readonly version: string;
}

/** Group → name → amount. */
export type Counters = Readonly<Record<string, Readonly<Record<string, number>>>>;
export const countersSchema = z.record(z.string(), z.record(z.string(), z.number()));
