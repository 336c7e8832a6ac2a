/** Which batches belong to aborted transactions, and which markers have nothing left to end, for one pass of compaction over a log. */
import { isTransactional, lastOffsetOf, type BatchHeader } from '../records/batch-header.ts';
import type { TransactionMarker } from '../records/transaction-marker.ts';
import type { AbortedEntry } from './segment-indexes.ts';

export class CompactionTransactions {
  /** By first offset; the next one last. */
  readonly #ahead: AbortedEntry[];
  readonly #aborting = new Map<number, { readonly entry: AbortedEntry; seen: boolean }>();
  readonly #committing = new Set<number>();

  constructor(aborted: readonly AbortedEntry[]) {
    this.#ahead = aborted.toSorted((a, b) => b.firstOffset - a.firstOffset);
  }

  /** Called for every data batch in order. Whether its records never counted. */
  isAborted(header: BatchHeader): boolean {
    this.#advance(lastOffsetOf(header));
    if (!isTransactional(header.attributes)) return false;
    const aborting = this.#aborting.get(header.producerId);
    if (aborting === undefined) {
      this.#committing.add(header.producerId);
      return false;
    }
    aborting.seen = true;
    return true;
  }

  /**
   * Called for every marker in order. Whether the pass has met no record of its transaction, so that the marker may go; and what readers still have to know
   * of an aborted one.
   */
  end(header: BatchHeader, marker: TransactionMarker): { readonly mayGo: boolean; readonly aborted: AbortedEntry | undefined } {
    this.#advance(lastOffsetOf(header));
    const { producerId } = header;
    if (marker.committed) return { mayGo: !this.#committing.delete(producerId), aborted: undefined };
    const aborting = this.#aborting.get(producerId);
    this.#aborting.delete(producerId);
    return aborting?.seen === true ? { mayGo: false, aborted: aborting.entry } : { mayGo: true, aborted: undefined };
  }

  #advance(offset: number): void {
    for (let next = this.#ahead.at(-1); next !== undefined && next.firstOffset <= offset; next = this.#ahead.at(-1)) {
      this.#ahead.pop();
      this.#aborting.set(next.producerId, { entry: next, seen: false });
    }
  }
}
