/** ElectLeaders, AlterPartitionReassignments, ListPartitionReassignments, DescribeLogDirs, DescribeProducers, DescribeQuorum, UnregisterBroker. */
import type { ControllerCalls, Outcome } from '../../controller/controller-protocol.ts';
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import { KafkaError } from '../../kafka-error.ts';
import type { TopicPartition } from '../../model.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { Replicas } from '../../replica/replicas.ts';
import type { Handler } from '../request-context.ts';
import { untilKnown } from './topics.ts';

export interface PartitionParts {
  readonly feed: MetadataFeed;
  readonly controller: Pick<ControllerCalls, 'electLeaders' | 'reassign' | 'unregisterBroker'>;
  readonly replicas: Replicas;
  readonly space: () => Promise<{ readonly capacityBytes: number; readonly freeBytes: number }>;
  readonly quorum: () => { readonly leader: number; readonly term: number; readonly committed: number; readonly ends: ReadonlyMap<number, number> };
}

/** One list per topic, in the order in which they came. */
function byTopic<T extends TopicPartition>(items: readonly T[]): readonly (readonly [string, readonly T[]])[] {
  return [...Map.groupBy(items, ({ topic }) => topic)];
}

const told = ({ code, message }: Outcome): { readonly errorCode: number; readonly errorMessage: string | null } => ({ errorCode: errorCode[code], errorMessage: message ?? null });

export function electLeadersHandler({ controller, feed }: PartitionParts): Handler<'ElectLeaders'> {
  return async (request, context) => {
    const wanted = request.topicPartitions?.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition }))) ?? 'all';
    const { partitions, index } = await controller.electLeaders(wanted, request.electionType === 1 ? 'unclean' : 'preferred');
    await untilKnown(feed, index, request.timeoutMs, context);
    return { replicaElectionResults: byTopic(partitions).map(([topic, list]) => ({ topic, partitionResult: list.map((each) => ({ partitionId: each.partition, ...told(each) })) })) };
  };
}

export function reassignHandler({ controller, feed }: PartitionParts): Handler<'AlterPartitionReassignments'> {
  return async (request, context) => {
    const wanted = request.topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex, replicas }) => ({ topic: name, partition: partitionIndex, replicas: replicas ?? undefined })));
    const { partitions, index } = await controller.reassign(wanted);
    await untilKnown(feed, index, request.timeoutMs, context);
    return {
      allowReplicationFactorChange: request.allowReplicationFactorChange, errorMessage: null,
      responses: byTopic(partitions).map(([name, list]) => ({ name, partitions: list.map((each) => ({ partitionIndex: each.partition, ...told(each) })) })),
    };
  };
}

export function listReassignmentsHandler({ feed }: PartitionParts): Handler<'ListPartitionReassignments'> {
  return (request) => {
    const wanted = request.topics === null ? undefined : new Map(request.topics.map(({ name, partitionIndexes }) => [name, new Set(partitionIndexes)]));
    const topics = [...feed.image.topics.values()].flatMap(({ name, partitions }) => {
      const moving = partitions.flatMap(({ replicas, adding, removing }, partitionIndex) =>
        ((adding.length > 0 || removing.length > 0) && (wanted === undefined || wanted.get(name)?.has(partitionIndex) === true)
          ? [{ partitionIndex, replicas, addingReplicas: adding, removingReplicas: removing }] : []));
      return moving.length === 0 ? [] : [{ name, partitions: moving }];
    });
    return { topics, errorMessage: null };
  };
}

export function describeLogDirsHandler({ replicas, space }: PartitionParts): Handler<'DescribeLogDirs'> {
  return async (request) => {
    const wanted = request.topics === null ? undefined : new Map(request.topics.map(({ topic, partitions }) => [topic, new Set(partitions)]));
    const here = [...replicas.all].filter(({ topic, partition }) => wanted === undefined || wanted.get(topic)?.has(partition) === true);
    const { capacityBytes, freeBytes } = await space();
    return {
      results: [{
        logDir: '/data', totalBytes: capacityBytes, usableBytes: freeBytes,
        topics: byTopic(here).map(([name, list]) => ({
          name, partitions: list.map(({ partition, log }) => ({ partitionIndex: partition, partitionSize: log.bytes, offsetLag: Math.max(0, log.highWatermark - log.logEndOffset) })),
        })),
      }],
    };
  };
}

export function describeProducersHandler({ replicas }: PartitionParts): Handler<'DescribeProducers'> {
  return (request) => ({
    topics: request.topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        try {
          const producers = replicas.leader(name, partitionIndex).log.producers();
          return {
            partitionIndex, errorCode: 0,
            activeProducers: producers.map((each) => ({
              producerId: each.producerId, producerEpoch: each.producerEpoch, lastSequence: each.lastSequence, lastTimestamp: each.lastTimestampMs, coordinatorEpoch: each.coordinatorEpoch,
              currentTxnStartOffset: each.currentTransactionStartOffset,
            })),
          };
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          return { partitionIndex, errorCode: errorCode[error.code], errorMessage: error.message };
        }
      }),
    })),
  });
}

const metadataTopic = '__cluster_metadata';

export function describeQuorumHandler({ quorum, feed }: PartitionParts): Handler<'DescribeQuorum'> {
  return (request, context) => ({
    topics: request.topics.map(({ topicName, partitions }) => ({
      topicName,
      partitions: partitions.map(({ partitionIndex }) => {
        if (topicName !== metadataTopic || partitionIndex !== 0) return { partitionIndex, errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION };
        const { leader, term, committed, ends } = quorum();
        return {
          partitionIndex, errorCode: 0, leaderId: leader, leaderEpoch: term, highWatermark: committed,
          currentVoters: [...ends].map(([replicaId, logEndOffset]) => ({ replicaId, logEndOffset })), observers: [],
        };
      }),
    })),
    nodes: context.version < 2 ? [] : [...quorum().ends.keys()].map((nodeId) => ({
      nodeId, listeners: Object.entries(feed.image.brokers.get(nodeId)?.listeners ?? {}).map(([name, { host, port }]) => ({ name, host, port })),
    })),
  });
}

export function unregisterBrokerHandler({ controller }: PartitionParts): Handler<'UnregisterBroker'> {
  return async ({ brokerId }) => told(await controller.unregisterBroker(brokerId));
}
