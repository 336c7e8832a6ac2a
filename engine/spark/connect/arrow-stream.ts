/** Small results as Arrow, one batch to a stream, as Spark's clients expect them. */
import { makeData, RecordBatch, RecordBatchStreamWriter, Schema as ArrowSchema, Struct, vectorFromArray } from 'apache-arrow';
import { toArrowField } from '../execute/arrow.ts';
import type { Schema } from '../plan/types.ts';

/** A complete IPC stream of a few rows of strings and booleans. */
export function smallArrowStream(schema: Schema, rows: readonly (readonly (string | boolean | null)[])[]): Uint8Array {
  const fields = schema.map(toArrowField);
  const children = fields.map((field, column) => {
    const vector = vectorFromArray(rows.map((row) => row[column] ?? null), field.type);
    return vector.data[0] ?? makeData({ type: field.type, length: 0 } as never);
  });
  const data = makeData({ type: new Struct(fields), length: rows.length, nullCount: 0, children });
  return arrowStream(new RecordBatch(new ArrowSchema(fields), data as never));
}

/** One batch as a stream of its own: what Spark Connect's arrow_batch holds. */
export function arrowStream(batch: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}
