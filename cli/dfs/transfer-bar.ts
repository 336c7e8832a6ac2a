/** The progress of one transfer on a terminal, redrawn in place; elsewhere nothing. */
import { humanBytes } from './format.ts';

const redrawMs = 100;
const barWidth = 24;

export class TransferBar {
  readonly #out: NodeJS.WriteStream;
  readonly #name: string;
  /** Undefined when it is not known: standard input. */
  readonly #bytes: number | undefined;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #drawnMs = -Infinity;
  #done = 0;

  constructor(out: NodeJS.WriteStream, name: string, bytes: number | undefined, nowMs: () => number) {
    this.#out = out;
    this.#name = name;
    this.#bytes = bytes;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** Passes the chunks on and counts them. */
  async *watch(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      for await (const chunk of chunks) {
        yield chunk;
        this.#done += chunk.length;
        this.#draw(false);
      }
    } finally {
      this.#draw(true);
      if (this.#out.isTTY) this.#out.write('\n');
    }
  }

  #draw(last: boolean): void {
    const nowMs = this.#nowMs();
    if (!this.#out.isTTY || (!last && nowMs - this.#drawnMs < redrawMs)) return;
    this.#drawnMs = nowMs;
    this.#out.write(`\r\u001b[2K${transferLine(this.#name, this.#done, this.#bytes, nowMs - this.#startMs, this.#out.columns)}`);
  }
}

/** `name  [######······]  52 %  1.2 G  310 M/s`, cut to the terminal's width. */
export function transferLine(name: string, done: number, bytes: number | undefined, elapsedMs: number, columns: number): string {
  const rate = elapsedMs < 1 ? '' : `  ${humanBytes(Math.round((done / elapsedMs) * 1000))}/s`;
  const share = bytes === undefined ? undefined : bytes === 0 ? 1 : Math.min(1, done / bytes);
  const filled = Math.round((share ?? 0) * barWidth);
  const bar = share === undefined ? '' : `  [${'#'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
  const figures = `${bar}  ${humanBytes(done)}${rate}`;
  const room = Math.max(8, columns - figures.length - 1);
  return `${name.length > room ? `…${name.slice(-(room - 1))}` : name}${figures}`;
}
