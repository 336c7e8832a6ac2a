/**
 * How followers copy from leaders: `kafka.replicate` over the authenticated RPC between brokers, a long poll in the sense of Kafka's Fetch by replicas
 * (KIP-227 sessions, KIP-595 divergence). Records travel as they lie in the log.
 */
import { z } from 'zod';
import type { ErrorName } from '../protocol/error-code.ts';
import type { Uuid } from '../model.ts';

export const replicateMethod = 'kafka.replicate';

const int = z.number().int();
const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const error = z.custom<ErrorName>((value) => typeof value === 'string');

const wantedSchema = z.object({
  topic: z.string().max(64), partition: int.min(0), leaderEpoch: int, offset: int.min(0),
  /** Epoch of the follower's last batch, -1 without one: tells whether the logs have diverged. */
  lastEpoch: int, logStartOffset: int.min(0),
});
export type WantedPartition = z.infer<typeof wantedSchema>;

export const replicateRequestSchema = z.object({
  follower: int.min(0),
  brokerEpoch: int,
  /** 0 with number 0 opens a session: `partitions` are all. Else `partitions` are those that changed since the last request, `forgotten` those that are gone. */
  session: int.min(0), number: int.min(0),
  waitMs: int.min(0), bytesMax: int.min(1), partitionBytesMax: int.min(1),
  partitions: z.array(wantedSchema),
  forgotten: z.array(z.object({ topic: z.string().max(64), partition: int.min(0) })),
});
export type ReplicateRequest = z.infer<typeof replicateRequestSchema>;

const answeredSchema = z.object({
  topic: z.string(), partition: int, error, highWatermark: int, logStartOffset: int, records: bytes,
  /** The leader's log parts from the follower's here: the follower cuts. */
  diverging: z.object({ epoch: int, endOffset: int }).optional(),
});
export type AnsweredPartition = z.infer<typeof answeredSchema>;

/** Partitions without news are left out. `session` 0: the session is unknown; begin another. */
export const replicateAnswerSchema = z.object({ session: int, partitions: z.array(answeredSchema) });
export type ReplicateAnswer = z.infer<typeof replicateAnswerSchema>;

export const partitionKey = (topic: Uuid, partition: number): string => `${topic}-${partition}`;
