/** Records as lines: the key is the first fields, the value what follows the separator behind them. */

/** End of the `count`-th field, or `to` when there are not so many. */
export function fieldEnd(data: Buffer, from: number, to: number, separator: Buffer, count: number): number {
  let at = from;
  for (let field = 1; ; field += 1) {
    const found = separator.length === 1 ? indexOfByte(data, separator[0] as number, at, to) : data.subarray(at, to).indexOf(separator) + at;
    if (found < at) return to;
    if (field === count) return found;
    at = found + separator.length;
  }
}

/** Keys are short: a loop beats a call into the native `indexOf`, which also would not stop at `to`. */
function indexOfByte(data: Buffer, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i += 1) if (data[i] === byte) return i;
  return -1;
}

export type OnRecord = (data: Buffer, keyFrom: number, keyTo: number, valueFrom: number, valueTo: number) => void;

const newline = 10;
/** A longer line is an error: it could not be held. */
export const lineBytesMax = 64 << 20;

/** Takes chunks of lines apart into keys and values. */
export class RecordParser {
  readonly #separator: Buffer;
  readonly #keyFields: number;
  readonly #onRecord: OnRecord;
  #rest: Buffer = Buffer.alloc(0);

  constructor(separator: Buffer, keyFields: number, onRecord: OnRecord) {
    this.#separator = separator;
    this.#keyFields = keyFields;
    this.#onRecord = onRecord;
  }

  /** Bytes handed to `onRecord` are only valid during the call. */
  write(chunk: Buffer): void {
    let from = 0;
    if (this.#rest.length > 0) {
      const end = chunk.indexOf(newline);
      const part = end === -1 ? chunk : chunk.subarray(0, end + 1);
      this.#rest = Buffer.concat([this.#rest, part]);
      if (this.#rest.length > lineBytesMax) throw new Error(`a record is longer than ${lineBytesMax} bytes`);
      if (end === -1) return;
      this.#line(this.#rest, 0, this.#rest.length - 1);
      this.#rest = Buffer.alloc(0);
      from = end + 1;
    }
    for (;;) {
      const end = chunk.indexOf(newline, from);
      if (end === -1) break;
      this.#line(chunk, from, end);
      from = end + 1;
    }
    if (from < chunk.length) this.#rest = Buffer.from(chunk.subarray(from));
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#rest.length > 0) this.#line(this.#rest, 0, this.#rest.length);
    this.#rest = Buffer.alloc(0);
  }

  #line(data: Buffer, from: number, to: number): void {
    const keyTo = fieldEnd(data, from, to, this.#separator, this.#keyFields);
    this.#onRecord(data, from, keyTo, Math.min(to, keyTo + this.#separator.length), to);
  }
}
