/** CreateTopics, DeleteTopics, CreatePartitions, DeleteRecords. */
import type { ControllerCalls, NewTopic } from '../../controller/controller-protocol.ts';
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import { KafkaError } from '../../kafka-error.ts';
import { zeroUuid } from '../../model.ts';
import { errorCode, type ErrorName } from '../../protocol/error-code.ts';
import type { RequestCreatableTopic } from '../../protocol/generated/create-topics.ts';
import type { Replicas } from '../../replica/replicas.ts';
import type { Handler, RequestContext } from '../request-context.ts';

export interface TopicParts {
  readonly feed: MetadataFeed;
  readonly controller: Pick<ControllerCalls, 'createTopics' | 'deleteTopics' | 'createPartitions'>;
  readonly replicas: Replicas;
}

/** The asker's next request may come to this broker: it is to know by then. */
export async function untilKnown(feed: MetadataFeed, index: number, timeoutMs: number, { signal }: RequestContext): Promise<void> {
  await feed.whenAt(index, AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.min(timeoutMs, 30_000)))])).catch(() => {});
}

/** Names that occur twice are refused, both times. */
function repeated<T>(items: readonly T[], name: (item: T) => string): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const item of items) {
    const each = name(item);
    if (seen.has(each)) twice.add(each);
    seen.add(each);
  }
  return twice;
}

const invalid = (name: string, message: string): { readonly name: string; readonly errorCode: number; readonly errorMessage: string } => ({ name, errorCode: errorCode.INVALID_REQUEST, errorMessage: message });

export function createTopicsHandler({ controller, feed }: TopicParts): Handler<'CreateTopics'> {
  return async (request, context) => {
    const twice = repeated(request.topics, ({ name }) => name);
    const { topics, index } = await controller.createTopics(request.topics.filter(({ name }) => !twice.has(name)).map(newTopic), { validateOnly: request.validateOnly });
    if (!request.validateOnly) await untilKnown(feed, index, request.timeoutMs, context);
    return {
      topics: [
        ...topics.map(({ name, id, code, message, partitions, replicationFactor }) => ({
          name, topicId: id, errorCode: errorCode[code], errorMessage: message ?? null, numPartitions: partitions, replicationFactor, configs: code === 'NONE' ? [] : null,
        })),
        ...[...twice].map((name) => invalid(name, 'the request names this topic twice')),
      ],
    };
  };
}

function newTopic({ name, numPartitions, replicationFactor, assignments, configs }: RequestCreatableTopic): NewTopic {
  const ordered = assignments.toSorted((a, b) => a.partitionIndex - b.partitionIndex);
  const whole = ordered.every(({ partitionIndex }, i) => partitionIndex === i);
  return {
    name, partitions: numPartitions, replicationFactor,
    // Partitions that are missing in between show as one without brokers, which the controller refuses.
    assignments: whole ? ordered.map(({ brokerIds }) => brokerIds) : [[]],
    configs: Object.fromEntries(configs.map(({ name: key, value }) => [key, value ?? ''])),
  };
}

export function deleteTopicsHandler({ controller, feed }: TopicParts): Handler<'DeleteTopics'> {
  return async (request, context) => {
    const wanted = context.version >= 6
      ? request.topics.map(({ name, topicId }) => (topicId === zeroUuid ? { name: name ?? '' } : { id: topicId }))
      : request.topicNames.map((name) => ({ name }));
    const { topics, index } = await controller.deleteTopics(wanted);
    await untilKnown(feed, index, request.timeoutMs, context);
    return { responses: topics.map(({ name, id, code, message }) => ({ name: name === '' && context.version >= 6 ? null : name, topicId: id, errorCode: errorCode[code], errorMessage: message ?? null })) };
  };
}

export function createPartitionsHandler({ controller, feed }: TopicParts): Handler<'CreatePartitions'> {
  return async (request, context) => {
    const twice = repeated(request.topics, ({ name }) => name);
    const wanted = request.topics.filter(({ name }) => !twice.has(name)).map(({ name, count, assignments }) => ({ name, count, assignments: assignments?.map(({ brokerIds }) => brokerIds) ?? [] }));
    const { topics, index } = await controller.createPartitions(wanted, { validateOnly: request.validateOnly });
    if (!request.validateOnly) await untilKnown(feed, index, request.timeoutMs, context);
    return { results: [...topics.map(({ name, code, message }) => ({ name, errorCode: errorCode[code], errorMessage: message ?? null })), ...[...twice].map((name) => invalid(name, 'the request names this topic twice'))] };
  };
}

export function deleteRecordsHandler({ replicas }: TopicParts): Handler<'DeleteRecords'> {
  return async (request) => ({
    topics: await Promise.all(request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(partitions.map(async ({ partitionIndex, offset }) => {
        try {
          const { log } = replicas.leader(name, partitionIndex);
          const until = offset === -1 ? log.highWatermark : offset;
          if (until < 0) throw new KafkaError('OFFSET_OUT_OF_RANGE', `${offset} is no offset`);
          if (until > log.logStartOffset) await log.advanceLogStart(until);
          return { partitionIndex, lowWatermark: log.logStartOffset, errorCode: 0 };
        } catch (error) {
          return { partitionIndex, lowWatermark: -1, errorCode: errorCode[codeOf(error)] };
        }
      })),
    }))),
  });
}

function codeOf(error: unknown): ErrorName {
  if (error instanceof KafkaError) return error.code;
  throw error;
}
