/** What members of a group must agree on, noted as it happens: any of them that says otherwise throws. */
import { strict as assert } from 'node:assert';
import type { StateMachine } from '../replicated-log.ts';

export class Agreement {
  /** Every entry that any member ever applied. */
  readonly order: { readonly index: number; readonly text: string }[] = [];
  readonly #places = new Map<string, number>();
  readonly #leaders = new Map<number, string>();
  /** So many entries any read sees that begins from now on. */
  #seen = 0;

  applied(member: string, place: number, index: number, text: string): void {
    const known = this.order[place];
    if (known !== undefined) {
      assert.deepEqual({ index, text }, known, `${member} applies '${text}' (${index}) at place ${place}, where another applied '${known.text}' (${known.index})`);
      return;
    }
    assert.equal(place, this.order.length, `${member} applies '${text}' at place ${place}: nobody has applied what is before it`);
    assert.ok(!this.#places.has(text), `${member} applies '${text}' a second time`);
    assert.ok(index > (this.order.at(-1)?.index ?? 0), `${member} applies '${text}' at index ${index}, which is not behind the one before`);
    this.#places.set(text, place);
    this.order.push({ index, text });
  }

  restored(member: string, texts: readonly string[]): void {
    assert.ok(texts.length <= this.order.length, `${member} is restored to ${texts.length} entries, of which only ${this.order.length} were ever applied`);
    for (const [place, text] of texts.entries()) assert.equal(text, this.order[place]?.text, `${member} is restored to another entry at place ${place}`);
  }

  leads(member: string, term: number): void {
    const known = this.#leaders.get(term);
    assert.ok(known === undefined || known === member, `${member} and ${known} both lead in term ${term}`);
    this.#leaders.set(term, member);
  }

  acknowledged(text: string, answer: unknown): void {
    const place = this.#places.get(text);
    assert.ok(place !== undefined, `'${text}' was acknowledged, and nobody has applied it`);
    assert.equal(answer, `${place + 1}:${text}`);
    this.#seen = Math.max(this.#seen, place + 1);
  }

  /** How many entries a read that begins now must see. */
  get seen(): number {
    return this.#seen;
  }

  read(mustSee: number, saw: number): void {
    assert.ok(saw >= mustSee, `a read saw ${saw} entries; ${mustSee} were acknowledged or read before it began`);
    this.#seen = Math.max(this.#seen, saw);
  }
}

/** Keeps what it was given, and tells the agreement. */
export class AgreeingMachine implements StateMachine {
  readonly #member: string;
  readonly #agreement: Agreement;
  #texts: string[] = [];

  constructor(member: string, agreement: Agreement) {
    this.#member = member;
    this.#agreement = agreement;
  }

  get texts(): readonly string[] {
    return this.#texts;
  }

  apply(entry: Uint8Array, index: number): string {
    const text = Buffer.from(entry).toString();
    this.#agreement.applied(this.#member, this.#texts.length, index, text);
    this.#texts.push(text);
    return `${this.#texts.length}:${text}`;
  }

  snapshot(): AsyncIterable<Uint8Array> {
    // Now, not when the first piece is asked for.
    const state = Buffer.from(JSON.stringify(this.#texts));
    return (async function* pieces() {
      for (let at = 0; at < state.length; at += 700) yield state.subarray(at, at + 700);
    })();
  }

  async restore(pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    const texts = JSON.parse(Buffer.concat(all).toString()) as string[];
    this.#agreement.restored(this.#member, texts);
    assert.ok(texts.length >= this.#texts.length, `${this.#member} is restored to ${texts.length} entries, and had applied ${this.#texts.length}`);
    this.#texts = texts;
  }
}
