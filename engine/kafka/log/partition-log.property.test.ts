/** The log against an array of batches: appends, reads, truncations, restarts and crashes in any order. Every seed is a life of a log. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { integerBelow, seededRandom, type Random } from '../../core/random.ts';
import { batchesIn, checksumHolds } from '../records/batch-header.ts';
import { FileError } from '../../storage/file-system.ts';
import { KafkaError } from '../kafka-error.ts';
import { LogWorld, batchOf } from './testdata/log-world.ts';

interface ModelBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
  readonly value: string;
}

class Life {
  readonly random: Random;
  readonly world: LogWorld;
  batches: ModelBatch[] = [];
  start = 0;
  end = 0;
  flushedEnd = 0;
  highWatermark = 0;
  epoch = 0;
  #values = 0;

  constructor(random: Random, world: LogWorld) {
    this.random = random;
    this.world = world;
  }

  below(bound: number): number {
    return integerBelow(this.random, bound);
  }

  async step(crashes: boolean): Promise<void> {
    const { log } = this.world;
    const choice = this.below(100);
    if (choice < 45) await this.#append();
    else if (choice < 70) await this.#read();
    else if (choice < 75) {
      await log.flush();
      this.flushedEnd = this.end;
    } else if (choice < 80) {
      this.highWatermark = Math.max(this.highWatermark, Math.min(this.end, this.highWatermark + this.below(40)));
      log.setHighWatermark(this.highWatermark);
    } else if (choice < 84) await this.#truncate();
    else if (choice < 86) await this.#deleteRecords();
    else if (choice < 88) {
      this.epoch += 1;
      await log.beginEpoch(this.epoch);
    } else if (choice < 91) {
      await this.world.restart();
      this.flushedEnd = this.end;
    } else if (choice < 93) {
      await this.world.kill();
      this.flushedEnd = this.end;
    } else if (choice < 94) await this.#restartAt();
    else if (crashes && choice < 95) await this.#crash();
    else if (crashes) await this.#powerFailure();
    else await log.maintain(this.world.nowMs);
  }

  /** Follows the log where it may choose: after retention and crashes. */
  check(): void {
    const { log } = this.world;
    assert.equal(log.logEndOffset, this.end);
    assert.ok(log.logStartOffset <= log.highWatermark || log.highWatermark === log.logEndOffset);
    if (log.logStartOffset > this.start) this.start = log.logStartOffset;
    assert.equal(log.logStartOffset, this.start);
  }

  async readAll(): Promise<void> {
    let offset = this.start;
    const seen: ModelBatch[] = [];
    while (offset < this.end) {
      const { records } = await this.world.log.read({ offset, bytesMax: 3000, atLeastOneBatch: true, until: 'logEnd' });
      if (records.length === 0) break;
      for (const { at, header } of batchesIn(records)) {
        assert.ok(checksumHolds(records, header, at));
        seen.push({ baseOffset: header.baseOffset, endOffset: header.baseOffset + header.lastOffsetDelta + 1, epoch: header.leaderEpoch, value: valueIn(records, at) });
        offset = header.baseOffset + header.lastOffsetDelta + 1;
      }
    }
    assert.deepEqual(seen, this.batches.filter(({ endOffset }) => endOffset > this.start));
  }

  async #append(): Promise<void> {
    const appends = Array.from({ length: 1 + this.below(4) }, () => this.#one());
    const results = await Promise.allSettled(appends);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    this.check();
  }

  async #one(): Promise<void> {
    const records = 1 + this.below(5);
    this.#values += 1;
    // Told by its beginning.
    const value = `v${this.#values}-`;
    const long = value.padEnd(8 + this.below(this.below(10) === 0 ? 3000 : 100), 'x');
    const batch = batchOf(Array.from({ length: records }, (_, i) => (i === 0 ? long : '')), this.world.nowMs + this.below(1000));
    const asFollower = this.below(4) === 0;
    const baseOffset = this.end + (asFollower && this.below(3) === 0 ? this.below(20) : 0);
    this.end = baseOffset + records;
    this.batches.push({ baseOffset, endOffset: this.end, epoch: this.epoch, value });
    if (!asFollower) {
      const result = await this.world.log.appendAsLeader(batch, this.world.leader({ leaderEpoch: this.epoch }));
      assert.equal(result.firstOffset, baseOffset);
      return;
    }
    batch.writeBigInt64BE(BigInt(baseOffset), 0);
    batch.writeInt32BE(this.epoch, 12);
    await this.world.log.appendAsFollower(batch);
  }

  async #read(): Promise<void> {
    const offset = this.start + this.below(this.end - this.start + 3) - 1;
    const bytesMax = this.below(6000);
    const atLeastOneBatch = this.below(2) === 0;
    const until = this.below(2) === 0 ? 'logEnd' : 'uncommitted';
    const read = this.world.log.read({ offset, bytesMax, atLeastOneBatch, until });
    if (offset < this.start || offset > this.end) {
      await assert.rejects(read, (error) => error instanceof KafkaError && error.code === 'OFFSET_OUT_OF_RANGE');
      return;
    }
    const { records, highWatermark } = await read;
    assert.equal(highWatermark, this.world.log.highWatermark);
    const limit = until === 'logEnd' ? this.end : highWatermark;
    const allowed = offset >= limit ? [] : this.batches.filter(({ endOffset, baseOffset }) => endOffset > offset && baseOffset < limit);
    const got = [...batchesIn(records)].map(({ at, header }) => ({ base: header.baseOffset, value: valueIn(records, at) }));
    assert.deepEqual(got, allowed.slice(0, got.length).map(({ baseOffset, value }) => ({ base: baseOffset, value })));
    if (atLeastOneBatch && allowed.length > 0) assert.ok(got.length > 0, 'one batch at least');
    if (got.length > 1 || !atLeastOneBatch) assert.ok(records.length <= Math.max(0, bytesMax));
  }

  async #truncate(): Promise<void> {
    const offset = Math.max(this.highWatermark, this.end - this.below(30));
    if (offset < this.start) return;
    // A batch that holds the offset goes as a whole.
    if (offset < this.end) this.flushedEnd = Math.min(this.flushedEnd, this.batches.findLast(({ endOffset }) => endOffset <= offset)?.endOffset ?? this.start);
    await this.world.log.truncateTo(offset);
    this.#cut(offset);
    this.check();
  }

  #cut(offset: number): void {
    if (offset >= this.end) return;
    const { logEndOffset } = this.world.log;
    this.batches = this.batches.filter(({ endOffset }) => endOffset <= offset);
    assert.ok(logEndOffset <= offset && logEndOffset >= (this.batches.at(-1)?.endOffset ?? 0));
    this.end = logEndOffset;
    this.flushedEnd = Math.min(this.flushedEnd, this.end);
    this.highWatermark = Math.min(this.highWatermark, this.end);
    this.start = Math.min(this.start, this.end);
  }

  async #deleteRecords(): Promise<void> {
    const { log } = this.world;
    const offset = log.logStartOffset + this.below(10);
    if (offset > log.highWatermark) {
      await assert.rejects(log.advanceLogStart(offset), (error) => error instanceof KafkaError && error.code === 'OFFSET_OUT_OF_RANGE');
      return;
    }
    await log.advanceLogStart(offset);
    this.start = Math.max(this.start, offset);
    this.check();
  }

  async #restartAt(): Promise<void> {
    if (this.below(4) !== 0) return;
    const offset = this.end + this.below(50);
    await this.world.log.truncateFullyAndStartAt(offset);
    this.batches = [];
    this.start = offset;
    this.end = offset;
    this.flushedEnd = offset;
    this.highWatermark = offset;
    this.check();
  }

  /** The power goes at some call to the disk, in the middle of whatever is done. */
  async #powerFailure(): Promise<void> {
    let calls = this.below(30);
    this.world.disk.fault = ({ kind, path }) => {
      if (kind === 'read' || kind === 'stat' || kind === 'list') return;
      calls -= 1;
      if (calls < 0) throw new FileError('Io', path, 'the power is gone');
    };
    try {
      for (let i = 0; i < 8; i += 1) {
        const choice = this.below(10);
        if (choice < 5) await this.#append();
        else if (choice < 7) await this.#truncate();
        else if (choice < 8) await this.world.log.maintain(this.world.nowMs);
        else if (choice < 9) await this.world.restart();
        else await this.world.kill();
      }
    } catch (error) {
      if (!(error instanceof KafkaError && error.code === 'KAFKA_STORAGE_ERROR')) throw error;
    }
    this.world.disk.fault = () => {};
    // What is still under way ends: the log is offline.
    await this.world.log.close().catch(() => {});
    await this.#crash();
  }

  /** What was flushed is there; what is there is a beginning of what was. */
  async #crash(): Promise<void> {
    this.world.disk.crash(this.random);
    await this.world.open();
    const { log } = this.world;
    assert.ok(log.logEndOffset >= this.flushedEnd && log.logEndOffset <= Math.max(this.end, this.start), `${log.logEndOffset} is not from ${this.flushedEnd} to ${this.end}`);
    this.end = log.logEndOffset;
    this.flushedEnd = this.end;
    this.batches = this.batches.filter(({ endOffset }) => endOffset <= this.end);
    this.highWatermark = Math.min(this.highWatermark, log.highWatermark);
    this.check();
    await this.readAll();
  }
}

function valueIn(records: Uint8Array, at: number): string {
  const text = Buffer.from(records.buffer, records.byteOffset, records.length).toString('latin1', at + 61, at + 90);
  return /v\d+-/.exec(text)?.[0] ?? '';
}

async function live(seed: number, steps: number, crashes: boolean): Promise<void> {
  const random = seededRandom(seed);
  const world = await LogWorld.open({ segmentBytes: 4000 + integerBelow(random, 8000), indexIntervalBytes: 50 + integerBelow(random, 500), maxMessageBytes: 3500, retentionBytes: integerBelow(random, 2) === 0 ? -1 : 30_000 });
  const life = new Life(random, world);
  for (let i = 0; i < steps; i += 1) {
    world.clock.advance(10);
    await life.step(crashes);
    life.check();
  }
  await life.readAll();
  await world.restart();
  life.check();
  await life.readAll();
}

for (const crashes of [false, true]) {
  test(`a log does what an array of batches does${crashes ? ', and a crash at any moment keeps what was flushed' : ''}`, async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      try {
        await live(seed, 250, crashes);
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
  });
}
