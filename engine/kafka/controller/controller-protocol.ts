/**
 * What brokers ask of the controller, over the authenticated RPC between brokers (`engine/net/transport.ts`). Asked at any broker of the quorum; one that
 * does not lead answers NOT_CONTROLLER, and `ControllerClient` (`controller-client.ts`) then asks the one that does. Answers come after the log has stored
 * what they say, with the index of the entry, so that the asker can wait for its own image to have it.
 */
import type { ErrorName } from '../protocol/error-code.ts';
import type { Uuid } from '../model.ts';
import type { BrokerState, ConfigResource, ScramCredential, ScramMechanism } from './metadata-image.ts';

export interface Outcome {
  /** NONE when it went well. */
  readonly code: ErrorName;
  readonly message?: string;
}

export interface RegisterBroker {
  readonly id: number;
  readonly incarnation: Uuid;
  readonly clusterId: string;
  readonly listeners: BrokerState['listeners'];
  readonly rpcAddress: string;
  readonly rack: string | undefined;
  /** The machine went down under the last life of this broker: what was not synced may be gone, so it leaves in-sync sets that have other members. */
  readonly unclean: boolean;
}

export interface BrokerHeartbeat {
  readonly id: number;
  readonly epoch: number;
  /** How far its image is. It is unfenced once it has its own registration. */
  readonly metadataIndex: number;
  readonly wantsFenced: boolean;
  /** Controlled shutdown: leaderships move away; `mayStop` says when they have. */
  readonly wantsShutdown: boolean;
}

export interface NewTopic {
  readonly name: string;
  /** -1: the broker's default. Both -1 and no assignment where `assignments` is given. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** By partition; empty: the controller places them. */
  readonly assignments: readonly (readonly number[])[];
  readonly configs: Readonly<Record<string, string>>;
}

export interface CreatedTopic extends Outcome {
  readonly name: string;
  readonly id: Uuid;
  readonly partitions: number;
  readonly replicationFactor: number;
}

export interface AlterPartition {
  readonly topic: Uuid;
  readonly partition: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** With the epoch of each broker as the leader knows it: a broker that was born again meanwhile is not let in. */
  readonly newInSync: readonly { readonly broker: number; readonly epoch: number }[];
}

export type ConfigOperation = 'set' | 'delete' | 'append' | 'subtract';

export interface ControllerCalls {
  /** The epoch of the broker. [DUPLICATE_BROKER_REGISTRATION while an earlier life is still heard of, INCONSISTENT_CLUSTER_ID] */
  registerBroker(request: RegisterBroker): Promise<Outcome & { readonly epoch: number; readonly index: number }>;
  /** [STALE_BROKER_EPOCH, BROKER_ID_NOT_REGISTERED] */
  heartbeat(request: BrokerHeartbeat): Promise<Outcome & { readonly fenced: boolean; readonly mayStop: boolean }>;
  unregisterBroker(id: number): Promise<Outcome>;
  /** What the operator wants emptied: no new replicas there. The whole set each time. */
  cordonBrokers(ids: readonly number[]): Promise<Outcome>;
  createTopics(topics: readonly NewTopic[], options: { readonly validateOnly: boolean }): Promise<{ readonly topics: readonly CreatedTopic[]; readonly index: number }>;
  deleteTopics(topics: readonly { readonly name?: string; readonly id?: Uuid }[]): Promise<{ readonly topics: readonly (Outcome & { readonly name: string; readonly id: Uuid })[]; readonly index: number }>;
  createPartitions(topics: readonly { readonly name: string; readonly count: number; readonly assignments: readonly (readonly number[])[] }[], options: { readonly validateOnly: boolean }): Promise<{ readonly topics: readonly (Outcome & { readonly name: string })[]; readonly index: number }>;
  alterConfigs(changes: readonly { readonly resource: ConfigResource; readonly operations: readonly { readonly name: string; readonly operation: ConfigOperation; readonly value: string | null }[] }[], options: { readonly validateOnly: boolean; readonly replaceAll: boolean }): Promise<{ readonly resources: readonly (Outcome & { readonly resource: ConfigResource })[]; readonly index: number }>;
  alterPartitions(request: { readonly broker: number; readonly brokerEpoch: number; readonly partitions: readonly AlterPartition[] }): Promise<Outcome & { readonly partitions: readonly (Outcome & { readonly topic: Uuid; readonly partition: number })[]; readonly index: number }>;
  /** `preferred`: the first replica, if it is in sync. */
  electLeaders(partitions: readonly { readonly topic: string; readonly partition: number }[] | 'all', kind: 'preferred' | 'unclean'): Promise<{ readonly partitions: readonly (Outcome & { readonly topic: string; readonly partition: number })[]; readonly index: number }>;
  /** `replicas` undefined: cancels. */
  reassign(partitions: readonly { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] | undefined }[]): Promise<{ readonly partitions: readonly (Outcome & { readonly topic: string; readonly partition: number })[]; readonly index: number }>;
  /** A block of ids that nobody else gets. */
  allocateProducerIds(request: { readonly broker: number; readonly brokerEpoch: number }): Promise<Outcome & { readonly first: number; readonly count: number }>;
  alterScram(changes: readonly { readonly user: string; readonly mechanism: ScramMechanism; readonly credential: ScramCredential | undefined }[]): Promise<{ readonly users: readonly (Outcome & { readonly user: string })[]; readonly index: number }>;
}
