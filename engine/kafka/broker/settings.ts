/** What the broker wants to know of the configurations; `engine/kafka/config` reads them. */
import type { LogConfig } from '../log/partition-log.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';

export interface BrokerSettings {
  readonly autoCreateTopics: boolean;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly messageBytesMax: number;
  readonly fetchBytesMax: number;
  readonly requestBytesMax: number;
  readonly connectionsMax: number;
  readonly connectionsIdleMs: number;
  readonly replicaLagMaxMs: number;
  readonly offsetsPartitions: number;
  readonly offsetsReplicationFactor: number;
  readonly transactionsPartitions: number;
  readonly transactionsReplicationFactor: number;
  readonly transactionTimeoutMaxMs: number;
  readonly groupInitialDelayMs: number;
  readonly groupSessionTimeoutMinMs: number;
  readonly groupSessionTimeoutMaxMs: number;
  readonly groupMembersMax: number;
  readonly offsetsRetentionMs: number;
}

export interface TopicSettings {
  readonly log: LogConfig;
  readonly minInSync: number;
  readonly uncleanElection: boolean;
}

export interface Settings {
  readonly broker: BrokerSettings;
  topic(image: MetadataImage, topic: string): TopicSettings;
}
