/** ListOffsets and OffsetForLeaderEpoch: where a log begins, ends, and was at a time. */
import { KafkaError } from '../../kafka-error.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { RequestListOffsetsPartition, ResponseListOffsetsPartitionResponseInput } from '../../protocol/generated/list-offsets.ts';
import type { Partition } from '../../replica/partition.ts';
import type { Replicas } from '../../replica/replicas.ts';
import type { Handler } from '../request-context.ts';

/** Timestamps that stand for something else. */
const special = { latest: -1, earliest: -2, maxTimestamp: -3, earliestLocal: -4, latestTiered: -5 } as const;

export function listOffsetsHandler(replicas: Replicas): Handler<'ListOffsets'> {
  return async (request) => ({
    topics: await Promise.all(request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(partitions.map((wanted) => listOne(replicas, name, wanted, request.isolationLevel === 1))),
    }))),
  });
}

async function listOne(replicas: Replicas, topic: string, wanted: RequestListOffsetsPartition, committed: boolean): Promise<ResponseListOffsetsPartitionResponseInput> {
  const { partitionIndex } = wanted;
  try {
    const partition = replicas.leader(topic, partitionIndex);
    partition.checkEpoch(wanted.currentLeaderEpoch);
    const found = await lookUp(partition, wanted.timestamp, committed);
    return { partitionIndex, errorCode: 0, offset: found?.offset ?? -1, timestamp: found?.timestampMs ?? -1, leaderEpoch: found?.leaderEpoch ?? -1 };
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    return { partitionIndex, errorCode: errorCode[error.code], offset: -1, timestamp: -1, leaderEpoch: -1 };
  }
}

async function lookUp(partition: Partition, timestamp: number, committed: boolean): ReturnType<Partition['log']['offsetForTimestamp']> {
  const { log, leaderEpoch, epochStart } = partition;
  // A new leader does not know yet how far its predecessor had committed.
  if (epochStart !== undefined && log.highWatermark < epochStart && timestamp !== special.earliest) {
    throw new KafkaError('OFFSET_NOT_AVAILABLE', `the new leader of ${partition.title} does not know yet what is committed`);
  }
  const end = committed ? log.lastStableOffset : log.highWatermark;
  switch (timestamp) {
    case special.latest: return { offset: end, timestampMs: -1, leaderEpoch };
    case special.earliest: case special.earliestLocal: return { offset: log.logStartOffset, timestampMs: -1, leaderEpoch };
    case special.maxTimestamp: return log.offsetOfMaxTimestamp();
    case special.latestTiered: return undefined;
    default: return log.offsetForTimestamp(timestamp, end);
  }
}

export function offsetForLeaderEpochHandler(replicas: Replicas): Handler<'OffsetForLeaderEpoch'> {
  return (request) => ({
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map(({ partition: index, currentLeaderEpoch, leaderEpoch }) => {
        try {
          const partition = replicas.leader(topic, index);
          partition.checkEpoch(currentLeaderEpoch);
          const found = partition.log.endOffsetForEpoch(leaderEpoch);
          return { partition: index, errorCode: 0, leaderEpoch: found?.epoch ?? -1, endOffset: found?.endOffset ?? -1 };
        } catch (error) {
          if (!(error instanceof KafkaError)) throw error;
          return { partition: index, errorCode: errorCode[error.code], leaderEpoch: -1, endOffset: -1 };
        }
      }),
    })),
  });
}
