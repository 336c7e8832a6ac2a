import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { MemoryDisk } from '../storage/memory-disk.ts';
import { LogStore } from './log-store.ts';
import { LogError } from './replicated-log.ts';
import { SnapshotReceiver } from './snapshot-transfer.ts';

interface Sent {
  readonly attempt: number;
  readonly sequence: number;
  readonly term?: number;
}

class Reception {
  readonly store: LogStore;
  readonly #receiver: SnapshotReceiver;

  private constructor(store: LogStore) {
    this.store = store;
    this.#receiver = new SnapshotReceiver(store);
  }

  static async begin(): Promise<Reception> {
    return new Reception(await LogStore.open(new MemoryDisk()));
  }

  /** A piece that says whose it is; the fourth is the end. */
  take({ attempt, sequence, term = 3 }: Sent): Promise<unknown> {
    const last = sequence === 3;
    return this.#receiver.take({ from: 'm0', term, attempt, index: 10, snapshotTerm: 2, sequence, last, piece: Buffer.from(last ? '' : `${term}.${attempt}.${sequence} `) });
  }

  async refuses(sent: Sent): Promise<void> {
    await assert.rejects(this.take(sent), (error) => error instanceof LogError && error.code === 'Unknown');
  }

  async stored(): Promise<string> {
    const { newest } = this.store.snapshots;
    assert.deepEqual(newest, { index: 10, term: 2 });
    const pieces: Uint8Array[] = [];
    for await (const piece of this.store.snapshots.read(newest)) pieces.push(piece);
    return Buffer.concat(pieces).toString();
  }
}

test('a repeated piece is not taken, the first one neither', async () => {
  const reception = await Reception.begin();
  await reception.take({ attempt: 1, sequence: 0 });
  await Promise.all([reception.refuses({ attempt: 1, sequence: 0 }), reception.take({ attempt: 1, sequence: 1 })]);
  await Promise.all([reception.refuses({ attempt: 1, sequence: 1 }), reception.take({ attempt: 1, sequence: 2 })]);
  await reception.take({ attempt: 1, sequence: 3 });
  assert.equal(await reception.stored(), '3.1.0 3.1.1 3.1.2 ');
});

test('a later attempt begins anew, and what an earlier one still sends is not taken', async () => {
  const reception = await Reception.begin();
  await reception.take({ attempt: 1, sequence: 0 });
  await reception.take({ attempt: 2, sequence: 0 });
  await reception.refuses({ attempt: 1, sequence: 0 });
  await reception.refuses({ attempt: 1, sequence: 1 });
  await Promise.all([reception.take({ attempt: 2, sequence: 1 }), reception.refuses({ attempt: 1, sequence: 2 })]);
  await reception.refuses({ attempt: 9, sequence: 0, term: 2 });
  await reception.take({ attempt: 2, sequence: 2 });
  await reception.take({ attempt: 2, sequence: 3 });
  assert.equal(await reception.stored(), '3.2.0 3.2.1 3.2.2 ');
});

test('a piece too early is not taken', async () => {
  const reception = await Reception.begin();
  await reception.refuses({ attempt: 1, sequence: 1 });
  await reception.take({ attempt: 1, sequence: 0 });
  await reception.refuses({ attempt: 1, sequence: 2 });
  assert.equal(reception.store.snapshots.newest, undefined);
});
