/** Fetch by consumers (KIP-74, KIP-320, KIP-392's rack is ignored, KIP-516, KIP-951). Every request names all its partitions: sessions (KIP-227) are not kept. */
import type { Clock } from '../../../core/clock.ts';
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import { KafkaError } from '../../kafka-error.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { FetchRequest, FetchResponseInput, RequestFetchPartition, ResponsePartitionDataInput } from '../../protocol/generated/fetch.ts';
import type { Partition } from '../../replica/partition.ts';
import type { Replicas } from '../../replica/replicas.ts';
import { currentLeader, endpointsOf } from '../endpoints.ts';
import type { Handler, RequestContext } from '../request-context.ts';

export interface FetchParts {
  readonly feed: MetadataFeed;
  readonly replicas: Replicas;
  readonly clock: Clock;
  readonly bytesMax: number;
}

interface Wanted {
  readonly topic: string | undefined;
  readonly fetch: RequestFetchPartition;
}

interface Collected {
  readonly answers: readonly ResponsePartitionDataInput[];
  readonly bytes: number;
  /** An error, or news that are not to wait. */
  readonly urgent: boolean;
}

const nothing = new Uint8Array();

export function fetchHandler(parts: FetchParts): Handler<'Fetch'> {
  return async (request, context) => {
    if (request.sessionId !== 0 && request.sessionEpoch > 0) return { errorCode: errorCode.FETCH_SESSION_ID_NOT_FOUND };
    const wanted = request.topics.map((each) => ({ ...each, known: context.version >= 13 ? parts.feed.image.topicNames.get(each.topicId) : each.topic }));
    const partitions = wanted.flatMap(({ known, partitions: list }) => list.map((fetch): Wanted => ({ topic: known, fetch })));
    const until = parts.clock.nowMs() + Math.min(Math.max(0, request.maxWaitMs), 600_000);
    let collected = await collect(parts, request, partitions, context);
    while (collected.bytes < request.minBytes && !collected.urgent && partitions.length > 0) {
      const leftMs = until - parts.clock.nowMs();
      if (leftMs <= 0 || context.signal.aborted) break;
      await untilNews(parts, partitions, leftMs, context.signal);
      collected = await collect(parts, request, partitions, context);
    }
    const rest = collected.answers.values();
    const responses = wanted.map(({ topic, topicId, partitions: list }) => ({ topic, topicId, partitions: list.map(() => rest.next().value ?? {}) }));
    const moved = collected.answers.some(({ currentLeader: leader }) => leader !== undefined);
    return { responses, sessionId: 0, ...(moved && context.version >= 16 ? { nodeEndpoints: endpointsOf(parts.feed.image, context.listener) } : {}) } satisfies FetchResponseInput;
  };
}

async function collect(parts: FetchParts, request: FetchRequest, wanted: readonly Wanted[], context: RequestContext): Promise<Collected> {
  const answers: ResponsePartitionDataInput[] = [];
  let bytes = 0;
  let urgent = false;
  let room = Math.min(request.maxBytes, parts.bytesMax);
  for (const each of wanted) {
    const answer = await readOne(parts, request, each, room, bytes === 0, context);
    const length = answer.records?.length ?? 0;
    bytes += length;
    room = Math.max(0, room - length);
    if (answer.errorCode !== 0 || answer.divergingEpoch !== undefined) urgent = true;
    answers.push(answer);
  }
  return { answers, bytes, urgent };
}

async function readOne(parts: FetchParts, request: FetchRequest, { topic, fetch }: Wanted, room: number, first: boolean, context: RequestContext): Promise<ResponsePartitionDataInput> {
  const { partition: partitionIndex } = fetch;
  try {
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID', 'there is no topic with this id');
    const partition = parts.replicas.leader(topic, partitionIndex);
    partition.checkEpoch(fetch.currentLeaderEpoch);
    const { log } = partition;
    const base = { partitionIndex, errorCode: 0, logStartOffset: log.logStartOffset, preferredReadReplica: -1 };
    const diverging = divergence(partition, fetch);
    if (diverging !== undefined) return { ...base, highWatermark: log.highWatermark, lastStableOffset: log.lastStableOffset, divergingEpoch: diverging, records: nothing };
    const read = await partition.read({
      offset: fetch.fetchOffset, bytesMax: Math.min(room, fetch.partitionMaxBytes), atLeastOneBatch: first && room > 0, until: request.isolationLevel === 1 ? 'committed' : 'uncommitted',
    });
    return {
      ...base, highWatermark: read.highWatermark, lastStableOffset: read.lastStableOffset, logStartOffset: read.logStartOffset, records: read.records,
      abortedTransactions: read.abortedTransactions === undefined ? null : [...read.abortedTransactions],
    };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    const moved = (error.code === 'NOT_LEADER_OR_FOLLOWER' || error.code === 'FENCED_LEADER_EPOCH') && topic !== undefined && context.version >= 12;
    return {
      partitionIndex, errorCode: errorCode[error.code], highWatermark: -1, lastStableOffset: -1, logStartOffset: -1, abortedTransactions: null, records: nothing,
      ...(moved ? { currentLeader: currentLeader(parts.feed.image.topics.get(topic)?.partitions[partitionIndex]) } : {}),
    };
  }
}

/** A consumer that read from another leader what this one does not have (KIP-320). */
function divergence({ log }: Partition, { lastFetchedEpoch, fetchOffset }: RequestFetchPartition): { readonly epoch: number; readonly endOffset: number } | undefined {
  if (lastFetchedEpoch < 0) return undefined;
  const here = log.endOffsetForEpoch(lastFetchedEpoch);
  return here === undefined || here.epoch < lastFetchedEpoch || here.endOffset < fetchOffset ? { epoch: here?.epoch ?? -1, endOffset: here?.endOffset ?? -1 } : undefined;
}

async function untilNews({ replicas, clock }: FetchParts, wanted: readonly Wanted[], ms: number, signal: AbortSignal): Promise<void> {
  const woken = new AbortController();
  const stops = wanted.map(({ topic, fetch }) => {
    try {
      return topic === undefined ? undefined : replicas.replica(topic, fetch.partition).watch(() => woken.abort());
    } catch {
      // It went away meanwhile: the next look says so.
      woken.abort();
      return undefined;
    }
  });
  await clock.sleep(ms, AbortSignal.any([woken.signal, signal])).catch(() => {});
  for (const stop of stops) stop?.();
}
