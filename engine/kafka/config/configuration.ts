/** Which value of a configuration holds, and where it comes from: set for the topic, for the broker, for all brokers, in the broker's file, or by default. */
import type { BrokerSettings, Settings, TopicSettings } from '../broker/settings.ts';
import type { ConfigResource, MetadataImage } from '../controller/metadata-image.ts';
import type { LogConfig } from '../log/partition-log.ts';
import { brokerConfigOf, brokerConfigs } from './broker-config.ts';
import { configTrouble, listOf, numberOf, type ConfigDefinition } from './definition.ts';
import { groupConfigOf, groupConfigs, type GroupConfigDefinition } from './group-config.ts';
import { topicConfigOf, topicConfigs, type TopicConfigDefinition } from './topic-config.ts';

/** DescribeConfigs' numbers of the sources. */
export const configSource = { topic: 1, broker: 2, allBrokers: 3, file: 4, default: 5, group: 8 } as const;

export interface ConfigValue {
  readonly value: string | null;
  readonly source: keyof typeof configSource;
  /** All that say something, the strongest first. */
  readonly synonyms: readonly { readonly name: string; readonly value: string | null; readonly source: keyof typeof configSource }[];
}

export class ConfigurationTrouble extends Error {
  override readonly name = 'ConfigurationTrouble';
}

export class Configuration implements Settings {
  readonly #self: number;
  readonly #file: Readonly<Record<string, string>>;
  readonly broker: BrokerSettings;
  /** Of the last image: asked for at each produce request. */
  #cached: { readonly configs: MetadataImage['configs']; readonly topics: Map<string, TopicSettings> } | undefined;

  /** Throws `ConfigurationTrouble` that names what is wrong in the broker's file. */
  constructor(self: number, file: Readonly<Record<string, string>>) {
    for (const [name, value] of Object.entries(file)) {
      const definition = brokerConfigOf.get(name);
      if (definition === undefined) throw new ConfigurationTrouble(`there is no configuration '${name}' of brokers`);
      const trouble = configTrouble(definition, value);
      if (trouble !== undefined) throw new ConfigurationTrouble(trouble);
    }
    this.#self = self;
    this.#file = file;
    this.broker = this.#brokerSettings();
  }

  topic(image: MetadataImage, topic: string): TopicSettings {
    if (this.#cached?.configs !== image.configs) this.#cached = { configs: image.configs, topics: new Map() };
    const cached = this.#cached.topics.get(topic);
    if (cached !== undefined) return cached;
    const settings = this.#topicSettings(image, topic);
    this.#cached.topics.set(topic, settings);
    return settings;
  }

  /** Of a topic. Undefined when there is no such configuration. */
  topicValue(image: MetadataImage, topic: string, name: string): ConfigValue | undefined {
    const definition = topicConfigOf.get(name);
    return definition === undefined ? undefined : this.#resolve([this.#set(image, `topic:${topic}`, name, 'topic'), ...this.#brokerSources(image, definition)], definition);
  }

  /** Of a group, as it was set: see `groupNumber` for what holds. Undefined when there is no such configuration. */
  groupValue(image: MetadataImage, group: string, name: string): ConfigValue | undefined {
    const definition = groupConfigOf.get(name);
    if (definition === undefined) return undefined;
    const { brokerName } = definition;
    return this.#resolve([this.#set(image, `group:${group}`, name, 'group'), ...(brokerName === undefined ? [] : this.#sourcesOf(image, brokerName))], definition);
  }

  /** What holds for a group: what it set, within the bounds of the broker's file. */
  groupNumber(image: MetadataImage, group: string, name: string): number {
    const value = numberOf(this.groupValue(image, group, name)?.value ?? '');
    const bounds: GroupConfigDefinition['bounds'] = groupConfigOf.get(name)?.bounds;
    if (bounds === undefined) return value;
    return Math.max(numberOf(this.#fileOrDefault(bounds.least)), Math.min(numberOf(this.#fileOrDefault(bounds.most)), value));
  }

  /** Of this broker, or with `all` of what holds for all brokers. */
  brokerValue(image: MetadataImage, name: string): ConfigValue | undefined {
    const definition = brokerConfigOf.get(name);
    return definition === undefined ? undefined : this.#resolve(this.#sourcesOf(image, name), definition);
  }

  #topicSettings(image: MetadataImage, topic: string): TopicSettings {
    const value = (name: string): string => this.topicValue(image, topic, name)?.value ?? '';
    const number = (name: string): number => numberOf(value(name));
    const log: LogConfig = {
      segmentBytes: number('segment.bytes'), segmentMs: number('segment.ms'), indexIntervalBytes: number('index.interval.bytes'), maxMessageBytes: number('max.message.bytes'),
      retentionMs: number('retention.ms'), retentionBytes: number('retention.bytes'), cleanupPolicy: listOf(value('cleanup.policy')) as LogConfig['cleanupPolicy'],
      minCompactionLagMs: number('min.compaction.lag.ms'), maxCompactionLagMs: number('max.compaction.lag.ms'), minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
      deleteRetentionMs: number('delete.retention.ms'), fileDeleteDelayMs: number('file.delete.delay.ms'), timestampType: value('message.timestamp.type') as LogConfig['timestampType'],
      timestampBeforeMaxMs: number('message.timestamp.before.max.ms'), timestampAfterMaxMs: number('message.timestamp.after.max.ms'), flushMessages: number('flush.messages'),
      flushMs: number('flush.ms'), producerIdExpirationMs: numberOf(this.#fileOrDefault('producer.id.expiration.ms')),
    };
    return { log, minInSync: number('min.insync.replicas'), uncleanElection: value('unclean.leader.election.enable') === 'true' };
  }

  #fileOrDefault(name: string): string {
    return this.#file[name] ?? brokerConfigOf.get(name)?.default ?? '';
  }

  #brokerSettings(): BrokerSettings {
    const number = (name: string): number => numberOf(this.#fileOrDefault(name));
    return {
      autoCreateTopics: this.#fileOrDefault('auto.create.topics.enable') === 'true', partitions: number('num.partitions'), replicationFactor: number('default.replication.factor'),
      messageBytesMax: number('message.max.bytes'), fetchBytesMax: number('fetch.max.bytes'), requestBytesMax: number('socket.request.max.bytes'), connectionsMax: number('max.connections'),
      connectionsIdleMs: number('connections.max.idle.ms'), replicaLagMaxMs: number('replica.lag.time.max.ms'), offsetsPartitions: number('offsets.topic.num.partitions'),
      offsetsReplicationFactor: number('offsets.topic.replication.factor'), transactionsPartitions: number('transaction.state.log.num.partitions'),
      transactionsReplicationFactor: number('transaction.state.log.replication.factor'), transactionTimeoutMaxMs: number('transaction.max.timeout.ms'),
      groupInitialDelayMs: number('group.initial.rebalance.delay.ms'), groupSessionTimeoutMinMs: number('group.min.session.timeout.ms'),
      groupSessionTimeoutMaxMs: number('group.max.session.timeout.ms'), groupMembersMax: number('group.max.size'), offsetsRetentionMs: number('offsets.retention.minutes') * 60_000,
    };
  }

  #set(image: MetadataImage, resource: ConfigResource, name: string, source: keyof typeof configSource): ConfigValue['synonyms'][number] | undefined {
    const value = image.configs.get(resource)?.get(name);
    return value === undefined ? undefined : { name, value, source };
  }

  #sourcesOf(image: MetadataImage, name: string): readonly (ConfigValue['synonyms'][number] | undefined)[] {
    const inFile = this.#file[name];
    return [
      this.#set(image, `broker:${this.#self}`, name, 'broker'), this.#set(image, 'broker:', name, 'allBrokers'),
      inFile === undefined ? undefined : { name, value: inFile, source: 'file' },
    ];
  }

  #brokerSources(image: MetadataImage, { brokerNames }: TopicConfigDefinition): readonly (ConfigValue['synonyms'][number] | undefined)[] {
    return brokerNames.flatMap(({ name, unitMs }) => this.#sourcesOf(image, name).map((each) => (each === undefined || unitMs === undefined ? each : { ...each, value: inMs(each.value ?? '', unitMs) })));
  }

  #resolve(sources: readonly (ConfigValue['synonyms'][number] | undefined)[], definition: ConfigDefinition): ConfigValue {
    const synonyms = [...sources.filter((each) => each !== undefined), { name: definition.name, value: definition.default, source: 'default' as const }];
    const strongest = synonyms[0];
    return { value: strongest?.value ?? null, source: strongest?.source ?? 'default', synonyms };
  }
}

/** -1 stands for no limit, whatever the unit. */
function inMs(text: string, unitMs: number): string {
  const value = numberOf(text);
  return String(value < 0 ? value : value * unitMs);
}

/** What the controller asks before it takes a change. Undefined when it is right. */
export function configChangeTrouble(resource: ConfigResource, name: string, value: string | null): string | undefined {
  if (resource.startsWith('group:')) {
    const definition = groupConfigOf.get(name);
    if (definition === undefined) return `there is no configuration '${name}' of groups`;
    return value === null ? undefined : configTrouble(definition, value);
  }
  const isTopic = resource.startsWith('topic:');
  const definition = isTopic ? topicConfigOf.get(name) : brokerConfigOf.get(name);
  if (definition === undefined) return `there is no configuration '${name}' of ${isTopic ? 'topics' : 'brokers'}`;
  if (!isTopic && brokerConfigOf.get(name)?.dynamic !== true) return `${name} is read when a broker starts: set it in the KafkaCluster's config`;
  return value === null ? undefined : configTrouble(definition, value);
}

/** Which names DescribeConfigs lists. */
export const configNames = { topic: topicConfigs.map(({ name }) => name), broker: brokerConfigs.map(({ name }) => name), group: groupConfigs.map(({ name }) => name) } as const;
