/** Produce (KIP-98, KIP-516, KIP-951). Appends are begun before anything is awaited: the order of a connection's requests is the order in the log. */
import type { MetadataFeed } from '../../controller/metadata-feed.ts';
import { KafkaError } from '../../kafka-error.ts';
import type { AppendResult } from '../../log/partition-log.ts';
import { internalTopics } from '../../model.ts';
import { errorCode } from '../../protocol/error-code.ts';
import type { ProduceRequest, ProduceResponseInput, ResponsePartitionProduceResponseInput } from '../../protocol/generated/produce.ts';
import type { Replicas } from '../../replica/replicas.ts';
import { currentLeader, endpointsOf } from '../endpoints.ts';
import type { Handler, RequestContext } from '../request-context.ts';

export interface ProduceParts {
  readonly feed: MetadataFeed;
  readonly replicas: Replicas;
  readonly wallMs: () => number;
  /** Transactions: whether the producer has told its coordinator of this partition. Undefined: it has. */
  readonly verify: (transactionalId: string, records: Uint8Array, topic: string, partition: number) => Promise<void> | undefined;
  readonly onMessages: (count: number) => void;
}

type PartitionAnswer = ResponsePartitionProduceResponseInput;
const byOthers = new Set<string>(Object.values(internalTopics));

export function produceHandler(parts: ProduceParts): Handler<'Produce'> {
  return (request, context) => {
    const { acks } = request;
    if (acks !== 0 && acks !== 1 && acks !== -1) return refuseAll(request, 'INVALID_REQUIRED_ACKS');
    const waits: Promise<PartitionAnswer>[] = [];
    const topics = request.topicData.map(({ name, topicId, partitionData }) => {
      const topic = context.version >= 13 ? parts.feed.image.topicNames.get(topicId) : name;
      const answers = partitionData.map(({ index, records }) => {
        const answer = append(parts, request, context, topic, index, records);
        waits.push(answer);
        return answer;
      });
      return { name, topicId, answers };
    });
    if (acks === 0) return endOnFailure(waits);
    return Promise.all(topics.map(async ({ name, topicId, answers }) => ({ name, topicId, partitionResponses: await Promise.all(answers) }))).then((responses): ProduceResponseInput => {
      const moved = responses.some(({ partitionResponses }) => partitionResponses.some(({ currentLeader: leader }) => leader !== undefined));
      return { responses, ...(moved && context.version >= 10 ? { nodeEndpoints: endpointsOf(parts.feed.image, context.listener) } : {}) };
    });
  };
}

/** Without acknowledgements the only sign that something went wrong is the end of the connection: the client then asks for the metadata anew. */
async function endOnFailure(waits: readonly Promise<PartitionAnswer>[]): Promise<undefined> {
  const answers = await Promise.all(waits);
  const failed = answers.find(({ errorCode: code }) => code !== 0);
  if (failed !== undefined) throw new KafkaError('NETWORK_EXCEPTION', `a record without acknowledgement could not be stored: ${failed.errorMessage ?? ''}`);
  return undefined;
}

async function append(parts: ProduceParts, request: ProduceRequest, context: RequestContext, topic: string | undefined, index: number, records: Uint8Array | null): Promise<PartitionAnswer> {
  const { acks, timeoutMs, transactionalId } = request;
  try {
    if (topic === undefined) throw new KafkaError('UNKNOWN_TOPIC_ID', 'there is no topic with this id');
    if (byOthers.has(topic)) throw new KafkaError('INVALID_TOPIC_EXCEPTION', `${topic} is written by brokers only`);
    if (records === null) throw new KafkaError('INVALID_RECORD', 'there are no records');
    const partition = parts.replicas.leader(topic, index);
    const verified = transactionalId === null ? undefined : parts.verify(transactionalId, records, topic, index);
    if (verified !== undefined) await verified;
    const { acknowledged } = partition.append(records, { nowMs: parts.wallMs(), origin: 'client' }, { acks: acks as -1 | 0 | 1, timeoutMs });
    const result = await acknowledged;
    parts.onMessages(result.lastOffset - result.firstOffset + 1);
    return stored(index, result);
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    const moved = (error.code === 'NOT_LEADER_OR_FOLLOWER' || error.code === 'FENCED_LEADER_EPOCH') && topic !== undefined && context.version >= 10;
    return {
      index, errorCode: errorCode[error.code], errorMessage: error.message, baseOffset: -1,
      ...(moved ? { currentLeader: currentLeader(parts.feed.image.topics.get(topic)?.partitions[index]) } : {}),
    };
  }
}

function stored(index: number, { firstOffset, logAppendTimeMs, logStartOffset }: AppendResult): PartitionAnswer {
  return { index, errorCode: 0, baseOffset: firstOffset, logAppendTimeMs, logStartOffset };
}

function refuseAll({ topicData }: ProduceRequest, code: 'INVALID_REQUIRED_ACKS'): ProduceResponseInput {
  return { responses: topicData.map(({ name, topicId, partitionData }) => ({ name, topicId, partitionResponses: partitionData.map(({ index }) => ({ index, errorCode: errorCode[code], baseOffset: -1 })) })) };
}
