/**
 * Copies all partitions that this broker follows from one leader: one long poll at a time (`replica-protocol.ts`). Where the logs have parted the follower
 * cuts its own to where they agree (KIP-101, KIP-595): what it loses was never committed.
 */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Peer, Transport } from '../../net/transport.ts';
import type { ErrorName } from '../protocol/error-code.ts';
import type { Partition } from './partition.ts';
import { partitionKey, replicateAnswerSchema, replicateMethod, type AnsweredPartition, type ReplicateAnswer, type WantedPartition } from './replica-protocol.ts';

export interface FollowerOptions {
  readonly self: number;
  readonly selfEpoch: () => number;
  readonly leader: number;
  /** `host:port`; undefined while the metadata know none. */
  readonly addressOf: (broker: number) => string | undefined;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly waitMs: number;
  readonly bytesMax: number;
  readonly partitionBytesMax: number;
  readonly backoffMs: number;
}

interface Copied {
  readonly partition: Partition;
  /** What the session knows; undefined when it must be told. */
  sent: WantedPartition | undefined;
  /** Not to be asked for before: the leader or this broker does not know yet. */
  pausedUntilMs: number;
}

export class Follower {
  readonly #options: FollowerOptions;
  readonly #copied = new Map<string, Copied>();
  #forgotten: { readonly topic: string; readonly partition: number }[] = [];
  #session = { id: 0, number: 0 };
  #peer: Peer | undefined;
  readonly #stop = new AbortController();
  #idle: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  get count(): number {
    return this.#copied.size;
  }

  add(partition: Partition): void {
    this.#copied.set(partitionKey(partition.topicId, partition.partition), { partition, sent: undefined, pausedUntilMs: 0 });
    this.#idle?.();
  }

  remove(partition: Partition): void {
    if (!this.#copied.delete(partitionKey(partition.topicId, partition.partition))) return;
    this.#forgotten.push({ topic: partition.topicId, partition: partition.partition });
  }

  /** Resolves when nothing is copied any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#peer?.close();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, logger, leader, backoffMs } = this.#options;
    const { signal } = this.#stop;
    let unreachable = false;
    while (!signal.aborted) {
      try {
        if (this.#copied.size === 0) await this.#untilAdded(signal);
        else await this.#poll(signal);
        unreachable = false;
      } catch (error) {
        if (signal.aborted) return;
        this.#session = { id: 0, number: 0 };
        if (!unreachable) logger.info({ leader, err: error }, 'the leader does not answer; trying again');
        unreachable = true;
        await clock.sleep(backoffMs, signal).catch(() => {});
      }
    }
  }

  #untilAdded(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      this.#idle = () => {
        this.#idle = undefined;
        resolve();
      };
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { self, selfEpoch, waitMs, bytesMax, partitionBytesMax, clock } = this.#options;
    const peer = await this.#connect(signal);
    const fresh = this.#session.id === 0;
    if (fresh) for (const copied of this.#copied.values()) copied.sent = undefined;
    const { partitions, paused } = this.#wanted(clock.nowMs());
    const forgotten = fresh ? [] : this.#forgotten;
    this.#forgotten = [];
    // Those that pause are asked for again soon.
    const wait = paused ? Math.min(waitMs, this.#options.backoffMs) : waitMs;
    const number = fresh ? 0 : this.#session.number + 1;
    const answer = replicateAnswerSchema.parse(await peer.request(replicateMethod, {
      follower: self, brokerEpoch: selfEpoch(), session: this.#session.id, number, waitMs: wait, bytesMax, partitionBytesMax, partitions, forgotten,
    }, signal)) as ReplicateAnswer;
    this.#session = { id: answer.session, number };
    await Promise.all(answer.partitions.map((each) => this.#take(each)));
  }

  async #connect(signal: AbortSignal): Promise<Peer> {
    if (this.#peer?.open === true) return this.#peer;
    const { addressOf, leader, transport } = this.#options;
    const address = addressOf(leader);
    if (address === undefined) throw new Error(`no address of broker ${leader} is known yet`);
    this.#peer = await transport.dial(address, signal);
    this.#session = { id: 0, number: 0 };
    return this.#peer;
  }

  #wanted(nowMs: number): { readonly partitions: WantedPartition[]; readonly paused: boolean } {
    const partitions: WantedPartition[] = [];
    let paused = false;
    for (const copied of this.#copied.values()) {
      if (copied.pausedUntilMs > nowMs) {
        paused = true;
        continue;
      }
      const { partition } = copied;
      const { log } = partition;
      const wanted = {
        topic: partition.topicId, partition: partition.partition, leaderEpoch: partition.leaderEpoch, offset: log.logEndOffset, lastEpoch: log.latestEpoch, logStartOffset: log.logStartOffset,
      };
      const { sent } = copied;
      if (sent !== undefined && sent.offset === wanted.offset && sent.leaderEpoch === wanted.leaderEpoch && sent.lastEpoch === wanted.lastEpoch) continue;
      copied.sent = wanted;
      partitions.push(wanted);
    }
    return { partitions, paused };
  }

  async #take(answer: AnsweredPartition): Promise<void> {
    const { leader, logger } = this.#options;
    const copied = this.#copied.get(partitionKey(answer.topic, answer.partition));
    if (copied === undefined) return;
    const { partition, sent } = copied;
    // The metadata may have made it something else meanwhile.
    if (partition.leaderToFollow !== leader || sent === undefined || sent.leaderEpoch !== partition.leaderEpoch) return;
    try {
      if (answer.diverging !== undefined) await this.#cut(partition, answer.diverging);
      else if (answer.error === 'NONE') await this.#append(partition, sent, answer);
      else if (answer.error === 'OFFSET_OUT_OF_RANGE') await this.#startOver(partition, answer);
      else this.#pause(copied, answer.error);
    } catch (error) {
      logger.error({ partition: partition.title, err: error }, 'a replica cannot be filled');
      this.#pause(copied, 'KAFKA_STORAGE_ERROR');
    }
  }

  async #append(partition: Partition, sent: WantedPartition, answer: AnsweredPartition): Promise<void> {
    const { log } = partition;
    if (answer.records.length > 0) {
      if (sent.offset !== log.logEndOffset) return;
      await log.appendAsFollower(answer.records);
    }
    if (answer.logStartOffset > log.logStartOffset) {
      // The leader's start may be above the own high watermark only for as long as this takes.
      partition.followHighWatermark(Math.max(answer.highWatermark, answer.logStartOffset));
      await log.advanceLogStart(Math.min(answer.logStartOffset, log.highWatermark));
    }
    partition.followHighWatermark(answer.highWatermark);
  }

  async #cut(partition: Partition, { epoch, endOffset }: { readonly epoch: number; readonly endOffset: number }): Promise<void> {
    const { log } = partition;
    const here = log.endOffsetForEpoch(epoch);
    const until = here === undefined ? Math.min(endOffset, log.logEndOffset) : Math.min(endOffset, here.endOffset);
    this.#options.logger.info({ partition: partition.title, from: log.logEndOffset, until, highWatermark: log.highWatermark, epoch }, 'the log parts from the leader\'s: cutting it');
    await log.truncateTo(Math.max(until, log.logStartOffset));
  }

  /** The leader no longer has what comes next here, or does not have it yet. */
  async #startOver(partition: Partition, { logStartOffset }: AnsweredPartition): Promise<void> {
    const { log } = partition;
    if (logStartOffset > log.logEndOffset) {
      this.#options.logger.info({ partition: partition.title, from: log.logEndOffset, to: logStartOffset }, 'the leader begins later: starting over there');
      await log.truncateFullyAndStartAt(logStartOffset);
    }
    const copied = this.#copied.get(partitionKey(partition.topicId, partition.partition));
    if (copied !== undefined) this.#pause(copied, 'OFFSET_OUT_OF_RANGE');
  }

  #pause(copied: Copied, error: ErrorName): void {
    const { clock, backoffMs, logger } = this.#options;
    logger.debug({ partition: copied.partition.title, error }, 'a replica waits');
    copied.pausedUntilMs = clock.nowMs() + backoffMs;
    copied.sent = undefined;
    // The leader would answer at once each time, with the same.
    this.#forgotten.push({ topic: copied.partition.topicId, partition: copied.partition.partition });
  }
}
