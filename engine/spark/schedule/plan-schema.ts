/** Checks of stages that come over the network. The types themselves stand in physical/stage.ts. */
import { z } from 'zod';
import { mapReduceJobSchema } from '../map-reduce/program.ts';
import type { Stage } from '../physical/stage.ts';
import type { DataType, Schema, StructField } from '../plan/types.ts';

const index = z.number().int().min(0);
const text = z.string();

const dataType: z.ZodType<DataType> = z.lazy(() => z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['null', 'boolean', 'byte', 'short', 'int', 'long', 'float', 'double', 'string', 'binary', 'date', 'timestamp', 'timestamp_ntz']) }),
  z.object({ kind: z.literal('decimal'), precision: index.max(38), scale: index.max(38) }),
  z.object({ kind: z.literal('array'), element: dataType, containsNull: z.boolean() }),
  z.object({ kind: z.literal('map'), key: dataType, value: dataType, valueContainsNull: z.boolean() }),
  z.object({ kind: z.literal('struct'), fields: z.array(structField) }),
]));
const structField: z.ZodType<StructField> = z.object({ name: text, type: dataType, nullable: z.boolean() });

export const rowSchema: z.ZodType<Schema> = z.array(structField);

const range = z.object({ from: index, to: index });

const splitCopy = z.object({
  version: text, fileBytes: index,
  part: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ranges'), ranges: z.array(range) }),
    z.object({ kind: z.literal('lines'), from: index, to: index, headerLines: index }),
  ]),
});
const split = z.object({ path: text, bytes: index, rows: range.exactOptional(), copy: splitCopy.exactOptional() });

const input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('files'), name: text, scan: text, splits: z.array(z.array(split)) }),
  z.object({ kind: z.literal('shuffle'), name: text, stage: index }),
  z.object({ kind: z.literal('broadcast'), name: text, stage: index }),
  z.object({ kind: z.literal('local'), name: text, data: z.instanceof(Uint8Array) }),
]);

const output = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('shuffle'), keys: z.array(text), partitions: index.min(1) }),
  z.object({ kind: z.literal('broadcast') }),
  z.object({ kind: z.literal('result') }),
  z.object({
    kind: z.literal('files'), format: z.enum(['parquet', 'csv', 'json', 'text']), path: text, mode: z.enum(['error', 'overwrite', 'append', 'ignore']),
    columns: z.array(text), partitionBy: z.array(text), copyOptions: text, extension: text,
  }),
]);

export const stageSchema: z.ZodType<Stage> = z.object({
  id: index, description: text, output, schema: rowSchema,
  fragments: z.array(z.union([
    z.object({ kind: z.literal('map'), job: mapReduceJobSchema, splits: z.array(z.object({ path: text, from: index, to: index, fileBytes: index, version: text })), tasks: index }),
    z.object({ kind: z.literal('reduce'), job: mapReduceJobSchema, stage: index, tasks: index }),
    z.object({ kind: z.literal('kernel').exactOptional(), inputs: z.array(input), sql: text, tasks: index }),
  ])),
});
