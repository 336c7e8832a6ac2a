/**
 * All replicas that this broker hosts, kept as the metadata say: logs are opened, roles taken, leaders followed, logs of deleted topics removed. Deltas are
 * worked off in order.
 */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { RequestHandler, Transport } from '../../net/transport.ts';
import type { Disk } from '../../storage/disk.ts';
import type { ControllerCalls } from '../controller/controller-protocol.ts';
import type { MetadataFeed } from '../controller/metadata-feed.ts';
import type { MetadataDelta, MetadataImage, TopicState } from '../controller/metadata-image.ts';
import { KafkaError } from '../kafka-error.ts';
import type { LogConfig, PartitionLog } from '../log/partition-log.ts';
import { Follower } from './follower.ts';
import { InSyncProposals } from './in-sync-proposals.ts';
import { Partition } from './partition.ts';
import { ReplicateSessions } from './replicate-sessions.ts';
import { partitionKey, replicateMethod, replicateRequestSchema } from './replica-protocol.ts';

export interface ReplicasOptions {
  readonly self: number;
  readonly selfEpoch: () => number;
  /** The broker's data: each replica has a directory `logs/TOPIC_ID-PARTITION`. */
  readonly disk: Disk;
  readonly openLog: (disk: Disk, directory: string, config: LogConfig) => Promise<PartitionLog>;
  readonly feed: MetadataFeed;
  readonly controller: Pick<ControllerCalls, 'alterPartitions'>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As configured now, for a topic of the image. */
  readonly logConfig: (image: MetadataImage, topic: string) => LogConfig;
  readonly minInSync: (image: MetadataImage, topic: string) => number;
  readonly lagMaxMs: number;
  readonly fetch: { readonly waitMs: number; readonly bytesMax: number; readonly partitionBytesMax: number; readonly backoffMs: number };
  /** A log cannot be opened or kept: what the broker does about it. */
  readonly onLogFailure: (partition: string, error: unknown) => void;
}

const logsDirectory = 'logs';
const opensAtOnce = 32;
const tickMs = 250;
const maintainMs = 15_000;

export interface LeadershipChange {
  readonly topic: string;
  readonly partition: number;
  /** Undefined: this broker does not lead it any more. */
  readonly leaderEpoch: number | undefined;
}

export class Replicas {
  readonly handlers: Readonly<Record<string, RequestHandler>>;
  readonly #options: ReplicasOptions;
  readonly #hosted = new Map<string, Partition>();
  /** Logs that could not be opened. */
  readonly #failed = new Map<string, unknown>();
  readonly #followers = new Map<number, Follower>();
  readonly #sessions: ReplicateSessions;
  readonly #proposals: InSyncProposals;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<(change: LeadershipChange) => void>();
  #work: Promise<void> = Promise.resolve();
  #running: readonly Promise<void>[] = [];
  #off = (): void => {};
  /** Of the last delta that was worked off. */
  #at = -1;

  constructor(options: ReplicasOptions) {
    this.#options = options;
    const { signal } = this.#stop;
    this.#sessions = new ReplicateSessions((key) => this.#hosted.get(key));
    this.#proposals = new InSyncProposals({ ...options, signal });
    this.handlers = {
      [replicateMethod]: (body, caller) => this.#replicate(body, caller.signal),
    };
  }

  /** Resolves when every replica of the present image is open and has its role. Logs whose topics are gone are removed. */
  async start(): Promise<void> {
    const { feed } = this.#options;
    this.#off = feed.onDelta((delta) => this.#enqueue(() => this.#apply(delta)));
    const { image } = feed;
    this.#enqueue(() => this.#begin(image));
    await this.#work;
    this.#running = [this.#every(tickMs, () => this.#tick()), this.#every(maintainMs, () => this.#maintain())];
  }

  get all(): Iterable<Partition> {
    return this.#hosted.values();
  }

  get index(): number {
    return this.#at;
  }

  /** The replica here, whatever its role. [UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR] */
  replica(topic: string, partition: number): Partition {
    const { image } = this.#options.feed;
    const state = image.topics.get(topic);
    if (state?.partitions[partition] === undefined) throw new KafkaError('UNKNOWN_TOPIC_OR_PARTITION', `there is no partition ${topic}-${partition}`);
    const key = partitionKey(state.id, partition);
    const hosted = this.#hosted.get(key);
    if (hosted !== undefined) return hosted;
    if (this.#failed.has(key)) throw new KafkaError('KAFKA_STORAGE_ERROR', `the log of ${topic}-${partition} cannot be used here`);
    throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `this broker has no replica of ${topic}-${partition}`);
  }

  /** [as `replica`, and NOT_LEADER_OR_FOLLOWER when it does not lead] */
  leader(topic: string, partition: number): Partition {
    const found = this.replica(topic, partition);
    if (!found.isLeader) throw new KafkaError('NOT_LEADER_OR_FOLLOWER', `this broker does not lead ${found.title}`);
    return found;
  }

  /** Called after the role is taken, in order. Returns how to stop. */
  onLeadership(listener: (change: LeadershipChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#off();
    this.#stop.abort();
    await this.#work;
    await Promise.all([...this.#followers.values()].map((follower) => follower.close()));
    await Promise.all(this.#running);
    const hosted = [...this.#hosted.values()];
    for (const partition of hosted) partition.close();
    await inParallel(hosted, ({ log }) => log.close());
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.onLogFailure('the replicas', error);
    });
  }

  async #begin(image: MetadataImage): Promise<void> {
    await this.#removeStray(image);
    await this.#host(image, [...image.topics.values()]);
    this.#at = image.index;
  }

  async #apply({ image, before, topics, configs }: MetadataDelta): Promise<void> {
    if (image.index <= this.#at) return;
    for (const name of topics) {
      const old = before.topics.get(name);
      if (old !== undefined && image.topics.get(name)?.id !== old.id) await this.#removeTopic(old);
    }
    await this.#host(image, [...topics].map((name) => image.topics.get(name)).filter((topic) => topic !== undefined));
    if (configs.size > 0) {
      const all = [...configs].some((resource) => resource.startsWith('broker:'));
      for (const partition of this.#hosted.values()) if (all || configs.has(`topic:${partition.topic}`)) partition.log.reconfigure(this.#options.logConfig(image, partition.topic));
    }
    this.#at = image.index;
  }

  async #host(image: MetadataImage, topics: readonly TopicState[]): Promise<void> {
    const { self } = this.#options;
    const steps = topics.flatMap((topic) => topic.partitions.map((state, partition) => ({ topic, state, partition })));
    await inParallel(steps, async ({ topic, state, partition }) => {
      const key = partitionKey(topic.id, partition);
      const hosted = this.#hosted.get(key);
      if (!state.replicas.includes(self)) {
        if (hosted !== undefined) await this.#remove(key, hosted);
        return;
      }
      const replica = hosted ?? await this.#open(image, topic, partition, key);
      if (replica === undefined) return;
      const led = replica.isLeader ? replica.leaderEpoch : undefined;
      const followed = replica.leaderToFollow;
      await replica.become(state);
      this.#follow(replica, followed);
      const leads = replica.isLeader ? replica.leaderEpoch : undefined;
      if (led !== leads) this.#tellLeadership({ topic: topic.name, partition, leaderEpoch: leads });
    });
  }

  async #open(image: MetadataImage, topic: TopicState, partition: number, key: string): Promise<Partition | undefined> {
    const { disk, openLog, logConfig, minInSync, feed, self, selfEpoch, clock, lagMaxMs, onLogFailure } = this.#options;
    try {
      const log = await openLog(disk, `${logsDirectory}/${key}`, logConfig(image, topic.name));
      const replica = new Partition({
        topic: topic.name, topicId: topic.id, partition, self, selfEpoch, log, clock, lagMaxMs,
        minInSync: () => minInSync(feed.image, topic.name),
        mayBeInSync: (broker, epoch) => {
          const known = feed.image.brokers.get(broker);
          return known !== undefined && known.epoch === epoch && !known.fenced && !known.inControlledShutdown;
        },
        propose: (proposal) => this.#proposals.add(proposal),
      });
      this.#hosted.set(key, replica);
      return replica;
    } catch (error) {
      this.#failed.set(key, error);
      onLogFailure(`${topic.name}-${partition}`, error);
      return undefined;
    }
  }

  #follow(replica: Partition, before: number | undefined): void {
    const now = replica.leaderToFollow;
    if (before !== undefined && before !== now) this.#followers.get(before)?.remove(replica);
    if (now === undefined || now === before) return;
    let follower = this.#followers.get(now);
    if (follower === undefined) {
      const { self, selfEpoch, transport, clock, logger, fetch, feed } = this.#options;
      follower = new Follower({ self, selfEpoch, leader: now, addressOf: (broker) => feed.image.brokers.get(broker)?.rpcAddress, transport, clock, logger, ...fetch });
      this.#followers.set(now, follower);
    }
    follower.add(replica);
  }

  async #removeTopic(topic: TopicState): Promise<void> {
    for (const partition of topic.partitions.keys()) {
      const key = partitionKey(topic.id, partition);
      const hosted = this.#hosted.get(key);
      if (hosted !== undefined) await this.#remove(key, hosted);
      this.#failed.delete(key);
    }
  }

  async #remove(key: string, replica: Partition): Promise<void> {
    const { disk, logger } = this.#options;
    const wasLeader = replica.isLeader;
    const followed = replica.leaderToFollow;
    this.#hosted.delete(key);
    if (followed !== undefined) this.#followers.get(followed)?.remove(replica);
    replica.close();
    if (wasLeader) this.#tellLeadership({ topic: replica.topic, partition: replica.partition, leaderEpoch: undefined });
    await replica.log.close().catch(() => {});
    await disk.remove(`${logsDirectory}/${key}`);
    logger.info({ partition: replica.title }, 'the replica is no longer here; its log is removed');
  }

  async #removeStray(image: MetadataImage): Promise<void> {
    const { disk, self, logger } = this.#options;
    await disk.makeDirectory(logsDirectory);
    const ours = new Set([...image.topics.values()].flatMap((topic) =>
      topic.partitions.flatMap((state, partition) => (state.replicas.includes(self) ? [partitionKey(topic.id, partition)] : []))));
    for (const { name } of await disk.list(logsDirectory)) {
      if (ours.has(name)) continue;
      logger.info({ directory: `${logsDirectory}/${name}` }, 'the topic of this log was deleted or has moved away meanwhile; it is removed');
      await disk.remove(`${logsDirectory}/${name}`);
    }
  }

  #tellLeadership(change: LeadershipChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  async #replicate(body: unknown, signal: AbortSignal): Promise<unknown> {
    const request = replicateRequestSchema.parse(body);
    const known = this.#options.feed.image.brokers.get(request.follower);
    // An earlier life of the follower; a later one may not be known here yet.
    if (known !== undefined && known.epoch > request.brokerEpoch) throw new KafkaError('STALE_BROKER_EPOCH', `broker ${request.follower} has begun another life`);
    return this.#sessions.answer(request, (ms, watch) => this.#wait(ms, watch, signal));
  }

  async #wait(ms: number, watch: (wake: () => void) => readonly (() => void)[], signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const stops = watch(() => woken.abort());
    await this.#options.clock.sleep(ms, AbortSignal.any([woken.signal, signal, this.#stop.signal])).catch(() => {});
    for (const stop of stops) stop();
  }

  async #every(ms: number, step: () => void | Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await this.#options.clock.sleep(ms, signal).catch(() => {});
      if (!signal.aborted) await step();
    }
  }

  #tick(): void {
    for (const partition of this.#hosted.values()) {
      partition.expire();
      partition.checkFollowers();
    }
  }

  async #maintain(): Promise<void> {
    for (const partition of Array.from(this.#hosted.values())) {
      if (this.#stop.signal.aborted) return;
      await partition.log.maintain(this.#options.clock.wallMs()).catch((error: unknown) => this.#options.onLogFailure(partition.title, error));
    }
  }
}

async function inParallel<T>(items: readonly T[], step: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(Array.from({ length: opensAtOnce }, async () => {
    for (const item of rest) await step(item);
  }));
}
