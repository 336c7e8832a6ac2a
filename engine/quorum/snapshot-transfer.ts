/** A snapshot from the leader to a follower that is behind the log: piece by piece, each acknowledged. */
import { z } from 'zod';
import type { LogStore } from './log-store.ts';
import { LogError } from './replicated-log.ts';
import type { SnapshotId } from './snapshot-store.ts';

const pieceSchema = z.object({
  from: z.string().max(256), term: z.number().int(), attempt: z.number().int(), index: z.number().int(), snapshotTerm: z.number().int(),
  sequence: z.number().int(), last: z.boolean(), piece: z.instanceof(Uint8Array),
});
type SnapshotPiece = z.infer<typeof pieceSchema>;

export interface SendSnapshotOptions {
  readonly store: LogStore;
  readonly from: string;
  readonly term: number;
  /** Grows with each attempt of the sender in a term. */
  readonly attempt: number;
  readonly request: (body: SnapshotPiece) => Promise<unknown>;
}

/** Resolves when the follower has it all and has taken it over. */
export async function sendSnapshot({ store, from, term, attempt, request }: SendSnapshotOptions): Promise<void> {
  const { newest } = store.snapshots;
  if (newest === undefined) throw new LogError('Corrupt', 'the log does not begin at its start, and there is no snapshot');
  let sequence = 0;
  const shared = { from, term, attempt, index: newest.index, snapshotTerm: newest.term };
  for await (const piece of store.snapshots.read(newest)) {
    await request({ ...shared, sequence, last: false, piece: new Uint8Array(piece) });
    sequence += 1;
  }
  await request({ ...shared, sequence, last: true, piece: new Uint8Array() });
}

/**
 * Puts pieces together, of one attempt at a time: a later one begins anew. Pieces of an earlier attempt may still arrive, on a connection that its sender
 * has given up, and so may a repeated piece: neither is taken, so that no piece comes while the one before is being written.
 */
export class SnapshotReceiver {
  readonly #store: LogStore;
  #incoming: { readonly attempt: Attempt; readonly pieces: PieceQueue; readonly written: Promise<void>; next: number } | undefined;

  constructor(store: LogStore) {
    this.#store = store;
  }

  /** The snapshot's id when it is whole and stored. */
  async take(body: unknown): Promise<{ readonly id: SnapshotId; readonly from: string } | undefined> {
    const message = pieceSchema.parse(body);
    const id = { index: message.index, term: message.snapshotTerm };
    const current = this.#incoming?.attempt;
    if (current !== undefined && isBehind(message, current)) throw new LogError('Unknown', 'a later attempt to send a snapshot has begun');
    if (message.sequence === 0 && (current === undefined || !isSame(message, current))) await this.#begin(message, id);
    const incoming = this.#incoming;
    if (incoming === undefined || !isSame(message, incoming.attempt) || incoming.next !== message.sequence) throw new LogError('Unknown', 'the pieces of the snapshot are out of order');
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

  async #begin({ from, term, attempt }: Attempt, id: SnapshotId): Promise<void> {
    for (let before = this.#incoming; before !== undefined; before = this.#incoming) {
      before.pieces.fail(new LogError('Unknown', 'another snapshot has begun'));
      await before.written.catch(() => {});
      if (this.#incoming === before) this.#incoming = undefined;
    }
    const pieces = new PieceQueue();
    const written = this.#store.snapshots.write(id, pieces.read());
    written.catch((error: unknown) => pieces.fail(error));
    this.#incoming = { attempt: { from, term, attempt }, pieces, written, next: 0 };
  }
}

interface Attempt {
  readonly from: string;
  readonly term: number;
  readonly attempt: number;
}

function isSame(a: Attempt, b: Attempt): boolean {
  return a.from === b.from && a.term === b.term && a.attempt === b.attempt;
}

function isBehind(a: Attempt, b: Attempt): boolean {
  return a.term < b.term || (a.from === b.from && a.term === b.term && a.attempt < b.attempt);
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
