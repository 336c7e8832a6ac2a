/** Metadata, DescribeCluster, DescribeTopicPartitions: what a client must know to find its partitions. */
import type { ControllerCalls } from '../../controller/controller-protocol.ts';
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import type { MetadataImage, PartitionState, TopicState } from '../../controller/metadata-image.ts';
import { internalTopics, topicNameTrouble, zeroUuid } from '../../model.ts';
import { errorCode, type ErrorName } from '../../protocol/error-code.ts';
import type { MetadataResponseInput, ResponseMetadataResponsePartitionInput, ResponseMetadataResponseTopicInput } from '../../protocol/generated/metadata.ts';
import { endpointsOf } from '../endpoints.ts';
import type { Handler } from '../request-context.ts';

export interface MetadataParts {
  readonly feed: MetadataFeed;
  readonly controller: Pick<ControllerCalls, 'createTopics'>;
  readonly clusterId: string;
  readonly autoCreateTopics: boolean;
  /** Creates an internal topic that is asked for by name. */
  readonly signal: AbortSignal;
}

const internal = new Set<string>(Object.values(internalTopics));
/** A new topic is waited for so long; who asked is told to come again otherwise. */
const creationWaitMs = 2000;

export function metadataHandler(parts: MetadataParts): Handler<'Metadata'> {
  return async (request, context) => {
    const { version } = context;
    const wanted = request.topics === null || (version === 0 && request.topics.length === 0) ? undefined : request.topics;
    const byName = wanted?.filter(({ name, topicId }) => name !== null && topicId === zeroUuid).map(({ name }) => name ?? '') ?? [];
    const missing = byName.filter((name) => !parts.feed.image.topics.has(name) && topicNameTrouble(name) === undefined && !internal.has(name));
    if (missing.length > 0 && parts.autoCreateTopics && (version < 4 || request.allowAutoTopicCreation)) await create(parts, missing, context.signal);
    const { image } = parts.feed;
    const topics = wanted === undefined
      ? [...image.topics.values()].map((topic) => known(image, topic, context.listener))
      : wanted.map(({ name, topicId }) => one(image, name, topicId, context.listener));
    return { brokers: endpointsOf(image, context.listener), clusterId: parts.clusterId, controllerId: controllerOf(parts.feed), topics } satisfies MetadataResponseInput;
  };
}

/** A broker that can be asked: the one that decides, if its clients' address is known. */
function controllerOf({ controller, image }: MetadataFeed): number {
  if (controller !== undefined && image.brokers.get(controller)?.fenced === false) return controller;
  return [...image.brokers.values()].find(({ fenced }) => !fenced)?.id ?? -1;
}

async function create({ controller, feed, signal }: MetadataParts, names: readonly string[], asked: AbortSignal): Promise<void> {
  const waiting = AbortSignal.any([signal, asked, AbortSignal.timeout(creationWaitMs)]);
  try {
    const { index } = await controller.createTopics(names.map((name) => ({ name, partitions: -1, replicationFactor: -1, assignments: [], configs: {} })), { validateOnly: false });
    await feed.whenAt(index, waiting);
  } catch {
    // Whoever asked sees that the topic is not there, and asks again.
  }
}

function one(image: MetadataImage, name: string | null, topicId: string, listener: string): ResponseMetadataResponseTopicInput {
  const found = topicId === zeroUuid ? name ?? '' : image.topicNames.get(topicId);
  const topic = found === undefined ? undefined : image.topics.get(found);
  if (topic !== undefined) return known(image, topic, listener);
  const error: ErrorName = topicId !== zeroUuid ? 'UNKNOWN_TOPIC_ID' : topicNameTrouble(name ?? '') === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION';
  // Before version 12 a name cannot be null.
  return { errorCode: errorCode[error], name: name ?? '', topicId };
}

function known(image: MetadataImage, topic: TopicState, listener: string): ResponseMetadataResponseTopicInput {
  return {
    errorCode: 0, name: topic.name, topicId: topic.id, isInternal: internal.has(topic.name),
    partitions: topic.partitions.map((state, partitionIndex) => ({ partitionIndex, ...described(image, state, listener) })),
  };
}

function described(image: MetadataImage, state: PartitionState, listener: string): Omit<ResponseMetadataResponsePartitionInput, 'partitionIndex'> {
  const alive = (broker: number): boolean => image.brokers.get(broker)?.fenced === false;
  const leader = image.brokers.get(state.leader);
  const error: ErrorName = leader === undefined || leader.fenced ? 'LEADER_NOT_AVAILABLE' : leader.listeners[listener] === undefined ? 'LISTENER_NOT_FOUND' : 'NONE';
  return {
    errorCode: errorCode[error], leaderId: error === 'NONE' ? state.leader : -1, leaderEpoch: state.leaderEpoch, replicaNodes: state.replicas, isrNodes: state.inSync,
    offlineReplicas: state.replicas.filter((broker) => !alive(broker)),
  };
}

export function describeClusterHandler({ feed, clusterId }: MetadataParts): Handler<'DescribeCluster'> {
  return (request, context) => {
    if (request.endpointType !== 1) return { errorCode: errorCode.MISMATCHED_ENDPOINT_TYPE, errorMessage: 'brokers are asked here, not controllers', clusterId };
    const { image } = feed;
    const fenced = request.includeFencedBrokers ? [...image.brokers.values()].filter((broker) => broker.fenced) : [];
    return {
      clusterId, controllerId: controllerOf(feed),
      brokers: [
        ...endpointsOf(image, context.listener).map(({ nodeId, host, port, rack }) => ({ brokerId: nodeId, host, port, rack, isFenced: false })),
        ...fenced.flatMap(({ id, listeners, rack }) => (listeners[context.listener] === undefined ? [] : [{ brokerId: id, ...listeners[context.listener], rack: rack ?? null, isFenced: true }])),
      ],
    };
  };
}

export function describeTopicPartitionsHandler({ feed }: MetadataParts): Handler<'DescribeTopicPartitions'> {
  return (request, { listener }) => {
    const { image } = feed;
    const { cursor } = request;
    const names = (request.topics.length === 0 ? [...image.topics.keys()] : request.topics.map(({ name }) => name)).toSorted().filter((name) => cursor === null || name >= cursor.topicName);
    const limit = Math.max(1, Math.min(request.responsePartitionLimit, 2000));
    const topics = [];
    let room = limit;
    for (const name of names) {
      const topic = image.topics.get(name);
      if (topic === undefined) {
        topics.push({ errorCode: errorCode[topicNameTrouble(name) === undefined ? 'UNKNOWN_TOPIC_OR_PARTITION' : 'INVALID_TOPIC_EXCEPTION'], name });
        continue;
      }
      if (room === 0) return { topics, nextCursor: { topicName: name, partitionIndex: 0 } };
      const from = cursor?.topicName === name ? Math.max(0, cursor.partitionIndex) : 0;
      const partitions = topic.partitions.slice(from, from + room).map((state, i) => ({ partitionIndex: from + i, ...described(image, state, listener), eligibleLeaderReplicas: [], lastKnownElr: [] }));
      room -= partitions.length;
      topics.push({ errorCode: 0, name, topicId: topic.id, isInternal: internal.has(name), partitions });
      if (from + partitions.length < topic.partitions.length) return { topics, nextCursor: { topicName: name, partitionIndex: from + partitions.length } };
    }
    return { topics, nextCursor: null };
  };
}
