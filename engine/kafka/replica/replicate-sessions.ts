/**
 * The leader's side of `replica-protocol.ts`: what each follower is known to want, and what it was told last, so that a poll over thousands of quiet
 * partitions costs nothing on the wire.
 */
import { KafkaError } from '../kafka-error.ts';
import type { ErrorName } from '../protocol/error-code.ts';
import type { Partition } from './partition.ts';
import { partitionKey, type AnsweredPartition, type ReplicateAnswer, type ReplicateRequest, type WantedPartition } from './replica-protocol.ts';

interface Followed {
  wanted: WantedPartition;
  /** Told last; -1 before the first answer. */
  highWatermark: number;
  logStartOffset: number;
}

interface Session {
  readonly id: number;
  number: number;
  /** In the order in which they are served: whoever got records goes to the end. */
  readonly followed: Map<string, Followed>;
}

const nothing = new Uint8Array();

export class ReplicateSessions {
  readonly #sessions = new Map<number, Session>();
  readonly #partition: (key: string) => Partition | undefined;
  #lastId = 0;

  constructor(partition: (key: string) => Partition | undefined) {
    this.#partition = partition;
  }

  /** Waits up to `waitMs` until there is something to tell. `wait` resolves at the time-out or when it is woken. */
  async answer(request: ReplicateRequest, wait: (ms: number, watch: (wake: () => void) => readonly (() => void)[]) => Promise<void>): Promise<ReplicateAnswer> {
    const session = this.#sessionOf(request);
    if (session === undefined) return { session: 0, partitions: [] };
    let partitions = await this.#collect(session, request);
    if (partitions.length === 0 && request.waitMs > 0) {
      await wait(request.waitMs, (wake) => [...session.followed.keys()].map((key) => this.#partition(key)?.watch(wake) ?? (() => {})));
      partitions = await this.#collect(session, request);
    }
    return { session: session.id, partitions };
  }

  forget(follower: number): void {
    this.#sessions.delete(follower);
  }

  #sessionOf({ follower, session: id, number, partitions, forgotten }: ReplicateRequest): Session | undefined {
    let session = this.#sessions.get(follower);
    if (id === 0) {
      this.#lastId += 1;
      session = { id: this.#lastId, number: 0, followed: new Map() };
      this.#sessions.set(follower, session);
    } else if (session?.id !== id || session.number + 1 !== number) return undefined;
    session.number = number;
    for (const { topic, partition } of forgotten) session.followed.delete(partitionKey(topic, partition));
    for (const wanted of partitions) {
      const key = partitionKey(wanted.topic, wanted.partition);
      const followed = session.followed.get(key);
      if (followed === undefined) session.followed.set(key, { wanted, highWatermark: -1, logStartOffset: -1 });
      else followed.wanted = wanted;
    }
    return session;
  }

  async #collect(session: Session, request: ReplicateRequest): Promise<AnsweredPartition[]> {
    const answers: AnsweredPartition[] = [];
    let bytes = 0;
    // A copy: whoever got records is put at the end on the way.
    for (const [key, followed] of Array.from(session.followed)) {
      const partition = this.#partition(key);
      // Nothing new to read and nothing new to tell: most of them, most of the time.
      if (partition !== undefined && followed.highWatermark >= 0 && this.#isQuiet(partition, followed)) {
        partition.followerHasAll(request.follower, request.brokerEpoch);
        continue;
      }
      const answer = await this.#ask(partition, followed, request, Math.max(0, request.bytesMax - bytes), bytes === 0);
      if (answer.records.length > 0) {
        bytes += answer.records.length;
        session.followed.delete(key);
        session.followed.set(key, followed);
      }
      if (answer.error !== 'NONE' || answer.diverging !== undefined || answer.records.length > 0 || answer.highWatermark !== followed.highWatermark || answer.logStartOffset !== followed.logStartOffset) {
        answers.push(answer);
      }
      followed.highWatermark = answer.error === 'NONE' ? answer.highWatermark : -1;
      followed.logStartOffset = answer.logStartOffset;
    }
    return answers;
  }

  #isQuiet(partition: Partition, { wanted, highWatermark, logStartOffset }: Followed): boolean {
    const { log } = partition;
    return partition.isLeader && wanted.leaderEpoch === partition.leaderEpoch && wanted.offset === log.logEndOffset
      && highWatermark === log.highWatermark && logStartOffset === log.logStartOffset;
  }

  async #ask(partition: Partition | undefined, { wanted }: Followed, request: ReplicateRequest, room: number, first: boolean): Promise<AnsweredPartition> {
    const { topic, partition: index } = wanted;
    const failed = (error: ErrorName): AnsweredPartition => ({ topic, partition: index, error, highWatermark: -1, logStartOffset: -1, records: nothing });
    if (partition === undefined) return failed('UNKNOWN_TOPIC_ID');
    const { log } = partition;
    try {
      const read = await partition.readForFollower({
        follower: request.follower, brokerEpoch: request.brokerEpoch, leaderEpoch: wanted.leaderEpoch, offset: wanted.offset, lastEpoch: wanted.lastEpoch,
        bytesMax: Math.min(room, request.partitionBytesMax), atLeastOneBatch: first,
      });
      const told = { topic, partition: index, error: 'NONE' as const, highWatermark: log.highWatermark, logStartOffset: log.logStartOffset };
      if (read.kind === 'diverging') return { ...told, records: nothing, diverging: { epoch: read.epoch, endOffset: read.endOffset } };
      return { ...told, records: read.read.records };
    } catch (error) {
      if (!(error instanceof KafkaError)) throw error;
      return { ...failed(error.code), logStartOffset: log.logStartOffset, highWatermark: log.highWatermark };
    }
  }
}
