/** A Kafka cluster as a client knows it: its brokers, who leads which partition, who decides, who coordinates. Finds its way when that changes. */
import { abortReason } from '../../core/abort.ts';
import type { Clock } from '../../core/clock.ts';
import { KafkaError } from '../kafka-error.ts';
import type { Uuid } from '../model.ts';
import { errorNameOf, isRetriable, type ErrorName } from '../protocol/error-code.ts';
import type { ApiTypes } from '../protocol/generated/apis.ts';
import type { ApiName } from '../protocol/message-header.ts';
import { BrokerConnection, type ConnectionSettings } from './broker-connection.ts';

export interface ClusterSettings extends ConnectionSettings {
  /** `host:port`, any of the cluster's brokers. */
  readonly bootstrapServers: readonly string[];
  readonly clock: Clock;
  /** How long a call goes on trying. */
  readonly deadlineMs: number;
}

export interface BrokerAddress {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | undefined;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** -1: none. */
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  readonly offline: readonly number[];
}

export interface TopicMetadata {
  readonly name: string;
  readonly id: Uuid;
  readonly internal: boolean;
  readonly error: ErrorName;
  readonly partitions: readonly PartitionMetadata[];
}

export interface ClusterMetadata {
  readonly clusterId: string | undefined;
  readonly controller: number;
  readonly brokers: ReadonlyMap<number, BrokerAddress>;
  readonly topics: readonly TopicMetadata[];
}

const backoffMs = { first: 50, most: 1000 };
/** Who does not know it yet, or no longer, is asked again; or somebody else is. */
const elsewhere = new Set<ErrorName>(['NETWORK_EXCEPTION', 'NOT_CONTROLLER', 'NOT_COORDINATOR', 'NOT_LEADER_OR_FOLLOWER', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']);

export class Cluster {
  readonly #settings: ClusterSettings;
  readonly #connections = new Map<string, Promise<BrokerConnection>>();
  #brokers: ReadonlyMap<number, BrokerAddress> = new Map();
  #controller = -1;

  /** `bootstrapServers` must be `host:port` each; throws `KafkaError` INVALID_REQUEST otherwise. */
  constructor(settings: ClusterSettings) {
    this.#settings = settings;
    for (const server of settings.bootstrapServers) addressIn(server);
  }

  /** Undefined topics: all. Topics that are not there are not created. */
  async metadata(topics: readonly string[] | undefined, signal: AbortSignal): Promise<ClusterMetadata> {
    return this.retry(signal, async () => {
      const connection = await this.any(signal);
      const answer = await connection.request('Metadata', { topics: topics?.map((name) => ({ name })) ?? null, allowAutoTopicCreation: false }, signal);
      this.#brokers = new Map(answer.brokers.map(({ nodeId, host, port, rack }) => [nodeId, { id: nodeId, host, port, rack: rack ?? undefined }]));
      this.#controller = answer.controllerId;
      return {
        clusterId: answer.clusterId ?? undefined, controller: answer.controllerId, brokers: this.#brokers,
        topics: answer.topics.map(({ name, topicId, isInternal, errorCode, partitions }) => ({
          name: name ?? '', id: topicId, internal: isInternal, error: errorNameOf(errorCode),
          partitions: partitions.map((each) => ({
            partition: each.partitionIndex, leader: each.leaderId, leaderEpoch: each.leaderEpoch, replicas: each.replicaNodes, inSync: each.isrNodes, offline: each.offlineReplicas,
          })).toSorted((a, b) => a.partition - b.partition),
        })),
      };
    });
  }

  /** Asks any broker, or a certain one. Retries as `retry` does. */
  ask<Name extends ApiName>(name: Name, message: ApiTypes[Name]['requestInput'], signal: AbortSignal, broker?: number): Promise<ApiTypes[Name]['response']> {
    return this.retry(signal, async () => (await (broker === undefined ? this.any(signal) : this.broker(broker, signal))).request(name, message, signal));
  }

  /** Asks the controller, or the broker that stands for it. */
  askController<Name extends ApiName>(name: Name, message: ApiTypes[Name]['requestInput'], signal: AbortSignal): Promise<ApiTypes[Name]['response']> {
    return this.retry(signal, async () => {
      if (!this.#brokers.has(this.#controller)) await this.metadata([], signal);
      return (await (this.#brokers.has(this.#controller) ? this.broker(this.#controller, signal) : this.any(signal))).request(name, message, signal);
    });
  }

  /** The broker that coordinates a group or a transactional id. */
  coordinator(kind: 'group' | 'transaction', key: string, signal: AbortSignal): Promise<number> {
    return this.retry(signal, async () => {
      const connection = await this.any(signal);
      const answer = await connection.request('FindCoordinator', { key, keyType: kind === 'group' ? 0 : 1, coordinatorKeys: [key] }, signal, connection.supports('FindCoordinator') ? Infinity : 0);
      const found = answer.coordinators[0] ?? answer;
      check(found.errorCode, found.errorMessage, `who coordinates ${key}`);
      this.#brokers = new Map([...this.#brokers, [found.nodeId, { id: found.nodeId, host: found.host, port: found.port, rack: undefined }]]);
      return found.nodeId;
    });
  }

  /** Runs `attempt` until it succeeds, while what it rejects with is a `KafkaError` that may pass. */
  async retry<T>(signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
    const { clock, deadlineMs } = this.#settings;
    const until = clock.nowMs() + deadlineMs;
    for (let waitMs = backoffMs.first;; waitMs = Math.min(backoffMs.most, waitMs * 2)) {
      try {
        return await attempt();
      } catch (error) {
        if (signal.aborted) throw abortReason(signal);
        if (!(error instanceof KafkaError) || !(isRetriable(error.code) || elsewhere.has(error.code)) || clock.nowMs() + waitMs > until) throw error;
        if (elsewhere.has(error.code)) this.#controller = -1;
      }
      await clock.sleep(waitMs, signal);
    }
  }

  async broker(id: number, signal: AbortSignal): Promise<BrokerConnection> {
    if (!this.#brokers.has(id)) await this.metadata([], signal);
    const at = this.#brokers.get(id);
    if (at === undefined) throw new KafkaError('BROKER_NOT_AVAILABLE', `broker ${id} is not there`);
    return this.#connect(at.host, at.port, signal);
  }

  /** One that answers: of the known ones, else of those that were given. */
  async any(signal: AbortSignal): Promise<BrokerConnection> {
    const known = [...this.#brokers.values()].map(({ host, port }) => ({ host, port }));
    let last: unknown;
    for (const { host, port } of [...known, ...this.#settings.bootstrapServers.map(addressIn)]) {
      try {
        return await this.#connect(host, port, signal);
      } catch (error) {
        if (!(error instanceof KafkaError) || error.code !== 'NETWORK_EXCEPTION') throw error;
        last = error;
      }
    }
    throw last;
  }

  async close(): Promise<void> {
    for (const opening of this.#connections.values()) await opening.then((connection) => connection.close(), () => {});
    this.#connections.clear();
  }

  async #connect(host: string, port: number, signal: AbortSignal): Promise<BrokerConnection> {
    const key = `${host}:${port}`;
    const known = await this.#connections.get(key);
    if (known?.open === true) return known;
    // One attempt for all who want it at the same time.
    const opening = BrokerConnection.open(host, port, this.#settings, signal);
    this.#connections.set(key, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#connections.get(key) === opening) this.#connections.delete(key);
      throw error;
    }
  }
}

/** Throws `KafkaError` for any code but 0. */
export function check(code: number, message: string | null | undefined, what: string): void {
  if (code !== 0) throw new KafkaError(errorNameOf(code), `${what}: ${message ?? errorNameOf(code)}`);
}

function addressIn(server: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(server.trim()) ?? [];
  if (host === '') throw new KafkaError('INVALID_REQUEST', `'${server}' is not HOST:PORT`);
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
