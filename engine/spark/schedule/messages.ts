/** What driver and executor say to each other over the driver's RPC port. Bodies travel by `v8.serialize`. */
import { z } from 'zod';
import { countersSchema } from '../map-reduce/program.ts';
import { rowSchema, stageSchema } from './plan-schema.ts';

const index = z.number().int().min(0);
const bytes: z.ZodType<Uint8Array> = z.instanceof(Uint8Array);

/** Names of calls. Executor → driver: `register` (request), `taskSucceeded`, `taskFailed`, `taskStatus`, `draining`, `goodbye`. */
export const call = {
  register: 'register', taskSucceeded: 'taskSucceeded', taskFailed: 'taskFailed', taskStatus: 'taskStatus', draining: 'draining', goodbye: 'goodbye',
  /** Driver → executor. */
  stage: 'stage', task: 'task', cancelTask: 'cancelTask', endJob: 'endJob', shutdown: 'shutdown',
  /** Driver → executor, stream: the blocks of a result, one after the other. */
  result: 'result',
  /** Executor → executor, stream: shuffle and broadcast blocks. */
  blocks: 'blocks',
} as const;

export const addressSchema = z.object({ host: z.string(), port: z.number().int().min(1).max(65535) });
export type Address = z.infer<typeof addressSchema>;

export const registerSchema = z.object({
  executor: z.string().min(1).max(64), slots: z.number().int().min(1).max(1024), blocks: addressSchema,
  /** The Kubernetes node that it runs on, and that node's rack: what is near. */
  machine: z.string().max(253).exactOptional(), rack: z.string().max(253).exactOptional(),
});
export type Register = z.infer<typeof registerSchema>;

/** The answer to `register`. */
export const registeredSchema = z.object({ namespace: z.string(), user: z.string() });
export type Registered = z.infer<typeof registeredSchema>;

/** A task attempt as an executor knows it. */
export const runSchema = z.object({ job: index, stage: index, task: index, attempt: index });
export type Run = z.infer<typeof runSchema>;

/** Sent once per executor before the first task of the stage there. */
export const stageMessageSchema = z.object({
  job: index,
  stage: stageSchema,
  /** Kernel settings of the session that the job belongs to, by name. */
  settings: z.record(z.string(), z.string()),
  /** Columns of the stages that this one reads: a task may find no block at all. */
  reads: z.array(z.object({ stage: index, schema: rowSchema })),
  resultBytesMax: index,
  /** Where files go; absent for other outputs. */
  staging: z.object({ directory: z.string(), token: z.string() }).exactOptional(),
});
export type StageMessage = z.infer<typeof stageMessageSchema>;

export const taskMessageSchema = z.object({
  run: runSchema,
  /** Of each stage read, the outputs that hold something for this task. */
  inputs: z.array(z.object({ stage: index, outputs: z.array(z.object({ task: index, attempt: index, executor: z.string() })) })),
  addresses: z.record(z.string(), addressSchema),
});
export type TaskMessage = z.infer<typeof taskMessageSchema>;

export const writtenFileSchema = z.object({ /** Relative to the attempt's directory. */ name: z.string(), bytes: index });
export type WrittenFile = z.infer<typeof writtenFileSchema>;

export const taskSucceededSchema = z.object({
  run: runSchema,
  partitionBytes: z.array(index),
  rows: index,
  /** Arrow blocks; `data` is there when all of them together are small, else the driver asks for the stream `result`. */
  blocks: z.array(z.object({ rows: index, bytes: index, data: bytes.exactOptional() })),
  files: z.array(writtenFileSchema),
  /** Of MapReduce tasks. */
  counters: countersSchema.exactOptional(),
});
export type TaskSucceeded = z.infer<typeof taskSucceededSchema>;

const errorDetails = z.object({
  errorClass: z.string(), sqlState: z.string(), message: z.string(), parameters: z.record(z.string(), z.string()).exactOptional(),
});
export const taskFailedSchema = z.object({
  run: runSchema,
  failure: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('application'), error: errorDetails }),
    z.object({ kind: z.literal('infrastructure'), error: errorDetails }),
    z.object({ kind: z.literal('fetch'), missing: z.array(z.object({ stage: index, task: index, attempt: index })), message: z.string() }),
    z.object({ kind: z.literal('cancelled') }),
  ]),
});
export type TaskFailed = z.infer<typeof taskFailedSchema>;

/** What a program says of itself, for people. */
export const taskStatusSchema = z.object({ run: runSchema, text: z.string().max(1024) });

export const jobMessageSchema = z.object({ job: index });
export const cancelTaskSchema = z.object({ run: runSchema });
export const resultRequestSchema = z.object({ run: runSchema });

export const blocksRequestSchema = z.object({
  job: index, stage: index, partition: index, outputs: z.array(z.object({ task: index, attempt: index })),
});
export type BlocksRequest = z.infer<typeof blocksRequestSchema>;

/** Begins a `blocks` stream: its length as u32 big-endian, then this by `v8.serialize`, then the files' bytes in order. */
export const blocksHeaderSchema = z.object({
  files: z.array(z.object({ task: index, attempt: index, bytes: index, crc32: index })),
  /** Outputs asked for that are not there; then there are no files. */
  missing: z.array(z.object({ task: index, attempt: index })),
});
export type BlocksHeader = z.infer<typeof blocksHeaderSchema>;
export const blocksHeaderBytesMax = 64 * 1024 * 1024;
