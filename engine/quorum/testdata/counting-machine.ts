/** A state machine that keeps what it was given: enough to see order, loss and repetition. */
import type { StateMachine } from '../replicated-log.ts';

export class CountingMachine implements StateMachine {
  entries: string[] = [];

  apply(entry: Uint8Array): string {
    const text = Buffer.from(entry).toString();
    this.entries.push(text);
    return `${this.entries.length}:${text}`;
  }

  snapshot(): AsyncIterable<Uint8Array> {
    const state = Buffer.from(JSON.stringify(this.entries));
    return (async function* pieces() {
      yield state.subarray(0, Math.ceil(state.length / 2));
      yield state.subarray(Math.ceil(state.length / 2));
    })();
  }

  async restore(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    this.entries = JSON.parse(Buffer.concat(all).toString()) as string[];
  }
}
