/** What administrators do: topics, partitions, configurations, groups. Every call rejects with `KafkaError`, or with the signal's reason. */
import { KafkaError } from '../kafka-error.ts';
import { errorNameOf } from '../protocol/error-code.ts';
import { check, type Cluster, type TopicMetadata } from './cluster.ts';

export interface NewTopicRequest {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly configs: Readonly<Record<string, string>>;
}

export interface TopicConfigValue {
  readonly value: string | undefined;
  /** Set for the topic itself. */
  readonly own: boolean;
}

export interface PartitionOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

const requestTimeoutMs = 30_000;

export class Admin {
  readonly cluster: Cluster;

  constructor(cluster: Cluster) {
    this.cluster = cluster;
  }

  async topics(names: readonly string[] | undefined, signal: AbortSignal): Promise<readonly TopicMetadata[]> {
    return (await this.cluster.metadata(names, signal)).topics;
  }

  /** The topic's id. [TOPIC_ALREADY_EXISTS, INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_CONFIG, INVALID_TOPIC_EXCEPTION] */
  async createTopic({ name, partitions, replicationFactor, configs }: NewTopicRequest, signal: AbortSignal): Promise<string> {
    const answer = await this.cluster.askController('CreateTopics', {
      timeoutMs: requestTimeoutMs, topics: [{ name, numPartitions: partitions, replicationFactor, configs: Object.entries(configs).map(([key, value]) => ({ name: key, value })) }],
    }, signal);
    const created = answer.topics[0];
    check(created?.errorCode ?? -1, created?.errorMessage, `create topic ${name}`);
    return created?.topicId ?? '';
  }

  /** [UNKNOWN_TOPIC_OR_PARTITION] */
  async deleteTopic(name: string, signal: AbortSignal): Promise<void> {
    const answer = await this.cluster.askController('DeleteTopics', { timeoutMs: requestTimeoutMs, topics: [{ name }], topicNames: [name] }, signal);
    check(answer.responses[0]?.errorCode ?? -1, answer.responses[0]?.errorMessage, `delete topic ${name}`);
  }

  /** [INVALID_PARTITIONS when there are as many or more] */
  async createPartitions(name: string, count: number, signal: AbortSignal): Promise<void> {
    const answer = await this.cluster.askController('CreatePartitions', { timeoutMs: requestTimeoutMs, topics: [{ name, count, assignments: null }] }, signal);
    check(answer.results[0]?.errorCode ?? -1, answer.results[0]?.errorMessage, `grow topic ${name} to ${count} partitions`);
  }

  /** By topic; topics that are not there are left out. */
  async topicConfigs(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ReadonlyMap<string, TopicConfigValue>>> {
    const answer = await this.cluster.ask('DescribeConfigs', { resources: names.map((resourceName) => ({ resourceType: 2, resourceName, configurationKeys: null })) }, signal);
    const found = new Map<string, ReadonlyMap<string, TopicConfigValue>>();
    for (const { errorCode, errorMessage, resourceName, configs } of answer.results) {
      if (errorNameOf(errorCode) === 'UNKNOWN_TOPIC_OR_PARTITION') continue;
      check(errorCode, errorMessage, `describe the configuration of topic ${resourceName}`);
      found.set(resourceName, new Map(configs.map(({ name, value, configSource }) => [name, { value: value ?? undefined, own: configSource === 1 }])));
    }
    return found;
  }

  /** Undefined values go back to their default. [INVALID_CONFIG] */
  async alterTopicConfigs(name: string, changes: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<void> {
    const configs = Object.entries(changes).map(([key, value]) => ({ name: key, configOperation: value === undefined ? 1 : 0, value: value ?? null }));
    const answer = await this.cluster.ask('IncrementalAlterConfigs', { resources: [{ resourceType: 2, resourceName: name, configs }] }, signal);
    check(answer.responses[0]?.errorCode ?? -1, answer.responses[0]?.errorMessage, `change the configuration of topic ${name}`);
  }

  /** New replicas by partition. [INVALID_REPLICA_ASSIGNMENT, NO_REASSIGNMENT_IN_PROGRESS] */
  async reassign(name: string, replicas: ReadonlyMap<number, readonly number[] | undefined>, signal: AbortSignal): Promise<void> {
    const partitions = [...replicas].map(([partitionIndex, list]) => ({ partitionIndex, replicas: list ?? null }));
    const answer = await this.cluster.askController('AlterPartitionReassignments', { timeoutMs: requestTimeoutMs, topics: [{ name, partitions }] }, signal);
    check(answer.errorCode, answer.errorMessage, `reassign topic ${name}`);
    for (const { partitionIndex, errorCode, errorMessage } of answer.responses.flatMap((each) => each.partitions)) check(errorCode, errorMessage, `reassign ${name}-${partitionIndex}`);
  }

  /** Topics and partitions that are being moved. */
  async reassigning(signal: AbortSignal): Promise<readonly { readonly topic: string; readonly partition: number; readonly adding: readonly number[]; readonly removing: readonly number[] }[]> {
    const answer = await this.cluster.askController('ListPartitionReassignments', { timeoutMs: requestTimeoutMs, topics: null }, signal);
    check(answer.errorCode, answer.errorMessage, 'list reassignments');
    return answer.topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex, addingReplicas, removingReplicas }) => ({ topic: name, partition: partitionIndex, adding: addingReplicas, removing: removingReplicas })));
  }

  /** The offset at a time: -1 the end, -2 the start, else the first record that is not older. -1 when there is none. */
  async offsets(wanted: readonly { readonly topic: string; readonly partition: number; readonly timestamp: number }[], signal: AbortSignal): Promise<readonly PartitionOffset[]> {
    return this.cluster.retry(signal, async () => {
      const { topics } = await this.cluster.metadata([...new Set(wanted.map(({ topic }) => topic))], signal);
      const leaderOf = ({ topic, partition }: { readonly topic: string; readonly partition: number }): number => {
        const found = topics.find(({ name }) => name === topic);
        if (found === undefined || found.error !== 'NONE') throw new KafkaError(found?.error ?? 'UNKNOWN_TOPIC_OR_PARTITION', `topic ${topic} is not there`);
        return found.partitions[partition]?.leader ?? -1;
      };
      const answers = await Promise.all([...Map.groupBy(wanted, leaderOf)].map(async ([leader, list]) => {
        if (leader < 0) throw new KafkaError('LEADER_NOT_AVAILABLE', `${list[0]?.topic}-${list[0]?.partition} has no leader`);
        const connection = await this.cluster.broker(leader, signal);
        const answer = await connection.request('ListOffsets', {
          replicaId: -1,
          topics: [...Map.groupBy(list, ({ topic }) => topic)].map(([name, own]) => ({ name, partitions: own.map(({ partition, timestamp }) => ({ partitionIndex: partition, currentLeaderEpoch: -1, timestamp })) })),
        }, signal);
        return answer.topics.flatMap(({ name, partitions }) => partitions.map(({ partitionIndex, errorCode, offset }) => {
          check(errorCode, undefined, `offset of ${name}-${partitionIndex}`);
          return { topic: name, partition: partitionIndex, offset };
        }));
      }));
      return answers.flat();
    });
  }

  /** What a group has committed. */
  async committed(group: string, signal: AbortSignal): Promise<readonly PartitionOffset[]> {
    return this.cluster.retry(signal, async () => {
      const connection = await this.cluster.broker(await this.cluster.coordinator('group', group, signal), signal);
      // The form with one group: all brokers know it.
      const answer = await connection.request('OffsetFetch', { groupId: group, topics: null, requireStable: false }, signal, 7);
      check(answer.errorCode, undefined, `offsets of group ${group}`);
      return answer.topics.flatMap(({ name, partitions }) => partitions.filter(({ committedOffset }) => committedOffset >= 0).map(({ partitionIndex, committedOffset }) => ({ topic: name, partition: partitionIndex, offset: committedOffset })));
    });
  }

  async groups(signal: AbortSignal): Promise<readonly { readonly id: string; readonly state: string; readonly type: string }[]> {
    const { brokers } = await this.cluster.metadata([], signal);
    const answers = await Promise.all([...brokers.keys()].map((id) => this.cluster.ask('ListGroups', {}, signal, id)));
    return answers.flatMap((answer) => {
      check(answer.errorCode, undefined, 'list groups');
      return answer.groups.map(({ groupId, groupState, groupType }) => ({ id: groupId, state: groupState, type: groupType }));
    }).toSorted((a, b) => a.id.localeCompare(b.id));
  }
}
