/**
 * What the cluster agrees on: brokers, topics, configurations, as of one entry of the replicated log. Each broker has an image and follows the log; the
 * controller (the broker that leads the log) decides changes. An image is never changed: a new entry makes a new one that shares what is the same.
 */
import type { Uuid } from '../model.ts';

export interface BrokerState {
  readonly id: number;
  /** Made anew at each start of the process. */
  readonly incarnation: Uuid;
  /** Index of its registration in the log. Fences requests of an earlier life. */
  readonly epoch: number;
  /** By name of the listener: `INTERNAL`, `EXTERNAL`. */
  readonly listeners: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
  /** `host:port` for other brokers. */
  readonly rpcAddress: string;
  readonly rack: string | undefined;
  /** It is not to lead or to be in sync: it is silent, or has not caught up with the metadata after its start. */
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  /** New replicas are not placed here: it is being emptied. */
  readonly cordoned: boolean;
}

export interface PartitionState {
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  /** Being added or removed by a reassignment. */
  readonly adding: readonly number[];
  readonly removing: readonly number[];
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  /** Grows with each change of the partition. */
  readonly partitionEpoch: number;
  /** The last leader may have lost what it had acknowledged (unclean election allowed by the topic). */
  readonly recovering: boolean;
}

export interface TopicState {
  readonly name: string;
  readonly id: Uuid;
  readonly partitions: readonly PartitionState[];
}

export type ConfigResource = `topic:${string}` | `broker:${number}` | 'broker:' | `group:${string}`;

export interface ScramCredential {
  readonly salt: string;
  readonly storedKey: string;
  readonly serverKey: string;
  readonly iterations: number;
}
export type ScramMechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export interface MetadataImage {
  /** Index of the last entry. */
  readonly index: number;
  readonly brokers: ReadonlyMap<number, BrokerState>;
  readonly topics: ReadonlyMap<string, TopicState>;
  readonly topicNames: ReadonlyMap<Uuid, string>;
  /** What was set; defaults are not here. */
  readonly configs: ReadonlyMap<ConfigResource, ReadonlyMap<string, string>>;
  /** `user`, then mechanism. */
  readonly scram: ReadonlyMap<string, ReadonlyMap<ScramMechanism, ScramCredential>>;
  /** The next producer id that no broker has been given. */
  readonly nextProducerId: number;
}

/** What one entry changed. */
export interface MetadataDelta {
  readonly image: MetadataImage;
  readonly before: MetadataImage;
  readonly brokers: ReadonlySet<number>;
  /** Topics that came, went or have changed partitions, by name. */
  readonly topics: ReadonlySet<string>;
  readonly configs: ReadonlySet<ConfigResource>;
}
