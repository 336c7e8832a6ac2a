/** A snapshot from the leader to a follower that is behind the log: piece by piece, each acknowledged. */
import { z } from 'zod';
import type { LogStore } from './log-store.ts';
import { LogError } from './replicated-log.ts';
import type { SnapshotId } from './snapshot-store.ts';

const pieceSchema = z.object({
  from: z.string().max(256), term: z.number().int(), index: z.number().int(), snapshotTerm: z.number().int(), sequence: z.number().int(), last: z.boolean(), piece: z.instanceof(Uint8Array),
});
type SnapshotPiece = z.infer<typeof pieceSchema>;

export interface SendSnapshotOptions {
  readonly store: LogStore;
  readonly from: string;
  readonly term: number;
  readonly request: (body: SnapshotPiece) => Promise<unknown>;
}

/** Resolves when the follower has it all and has taken it over. */
export async function sendSnapshot({ store, from, term, request }: SendSnapshotOptions): Promise<void> {
  const { newest } = store.snapshots;
  if (newest === undefined) throw new LogError('Corrupt', 'the log does not begin at its start, and there is no snapshot');
  let sequence = 0;
  const shared = { from, term, index: newest.index, snapshotTerm: newest.term };
  for await (const piece of store.snapshots.read(newest)) {
    await request({ ...shared, sequence, last: false, piece: new Uint8Array(piece) });
    sequence += 1;
  }
  await request({ ...shared, sequence, last: true, piece: new Uint8Array() });
}

/** Puts pieces together, of one sender at a time: a new first piece begins anew. */
export class SnapshotReceiver {
  readonly #store: LogStore;
  #incoming: { readonly key: string; readonly pieces: PieceQueue; readonly written: Promise<void>; next: number } | undefined;

  constructor(store: LogStore) {
    this.#store = store;
  }

  /** The snapshot's id when it is whole and stored. */
  async take(body: unknown): Promise<{ readonly id: SnapshotId; readonly from: string } | undefined> {
    const message = pieceSchema.parse(body);
    const id = { index: message.index, term: message.snapshotTerm };
    const key = `${message.from} ${message.term} ${id.index}`;
    if (message.sequence === 0) await this.#begin(key, id);
    const incoming = this.#incoming;
    if (incoming === undefined || incoming.key !== key || incoming.next !== message.sequence) throw new LogError('Unknown', 'the pieces of the snapshot are out of order');
    incoming.next += 1;
    if (!message.last) {
      await incoming.pieces.push(message.piece);
      return undefined;
    }
    incoming.pieces.end();
    await incoming.written;
    if (this.#incoming === incoming) this.#incoming = undefined;
    return { id, from: message.from };
  }

  /** What has not come whole is dropped. */
  async close(): Promise<void> {
    this.#incoming?.pieces.fail(new LogError('Closed', 'the log is closed'));
    await this.#incoming?.written.catch(() => {});
  }

  async #begin(key: string, id: SnapshotId): Promise<void> {
    for (let before = this.#incoming; before !== undefined; before = this.#incoming) {
      before.pieces.fail(new LogError('Unknown', 'another snapshot has begun'));
      await before.written.catch(() => {});
      if (this.#incoming === before) this.#incoming = undefined;
    }
    const pieces = new PieceQueue();
    const written = this.#store.snapshots.write(id, pieces.read());
    written.catch((error: unknown) => pieces.fail(error));
    this.#incoming = { key, pieces, written, next: 0 };
  }
}

/** One piece at a time from who brings to who writes. */
class PieceQueue {
  #piece: Uint8Array | undefined;
  #state: 'open' | 'ended' | { readonly error: unknown } = 'open';
  #wakeReader: () => void = () => {};
  #wakeWriter: () => void = () => {};

  async push(piece: Uint8Array): Promise<void> {
    this.#piece = piece;
    this.#wakeReader();
    while (this.#piece !== undefined && this.#state === 'open') {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
    if (typeof this.#state === 'object') throw this.#state.error;
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    this.#wakeReader();
  }

  fail(error: unknown): void {
    if (this.#state === 'open') this.#state = { error };
    this.#wakeReader();
    this.#wakeWriter();
  }

  async* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (typeof this.#state === 'object') throw this.#state.error;
      const piece = this.#piece;
      if (piece !== undefined) {
        yield piece;
        this.#piece = undefined;
        this.#wakeWriter();
        continue;
      }
      if (this.#state === 'ended') return;
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }
}
