/**
 * CRC-32C of many chunks of 512 bytes at once. A call into native code per chunk costs more than the checksum itself; this is a small WebAssembly
 * module, put together here, that goes over a whole buffer. Algorithm: tables for eight bytes at a time ("slicing by 8", Kounavis and Berry 2005), two
 * chunks side by side, because the processor would wait for each look-up otherwise.
 */
import { bytesPerChecksum } from '../model.ts';

const castagnoliReversed = 0x82f6_3b78;
const tables = 8;
const tableBytes = 1024;
/** Layout of the module's memory. */
const outputAt = tables * tableBytes;
const inputAt = 2 * outputAt;
/** Chunks that one call takes. */
const chunksMax = 1024;
const memoryPages = Math.ceil((inputAt + chunksMax * bytesPerChecksum) / 65_536);
const lanes = 2;
const step = 8;

type Code = readonly number[];

// Instructions of the WebAssembly core specification, as bytes.
const unsigned = (value: number): Code => value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
const signed = (value: number): Code => value >= -64 && value < 64 ? [value & 0x7f] : [(value & 0x7f) | 0x80, ...signed(value >> 7)];
const constant = (value: number): Code => [0x41, ...signed(value)];
const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
const load = (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)];
const store = (address: Code, value: Code, offset: number): Code => [...address, ...value, 0x36, 2, ...unsigned(offset)];
const add = (a: Code, b: Code): Code => [...a, ...b, 0x6a];
const subtract = (a: Code, b: Code): Code => [...a, ...b, 0x6b];
const and = (a: Code, b: Code): Code => [...a, ...b, 0x71];
const xor = (a: Code, b: Code): Code => [...a, ...b, 0x73];
const shiftLeft = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x74];
const shiftRight = (a: Code, bits: number): Code => [...a, ...constant(bits), 0x76];
/** Runs the body, and again while `condition` holds. */
const repeatWhile = (body: Code, condition: Code): Code => [0x03, 0x40, ...body, ...condition, 0x0d, 0, 0x0b];

/** Parameters of `checksums(input, pairs, output)`: addresses, and how many pairs of chunks. Then the locals. */
const local = { input: 0, pairs: 1, output: 2, steps: 3, low: 4, high: 5, sums: 6 };
const localCount = 3 + lanes;

/** `table[index](byte `at` of word)`: entries have four bytes, so that the byte is taken out and multiplied in one. */
function lookUp(index: number, word: number, at: number): Code {
  const scaled = at === 0 ? shiftLeft(get(word), 2) : shiftRight(get(word), at * 8 - 2);
  return load(and(scaled, constant(0x3fc)), index * tableBytes);
}

function advance(lane: number): Code {
  const sum = local.sums + lane;
  const at = lane * bytesPerChecksum;
  const words = [local.low, local.high];
  const terms = words.flatMap((word, half) => [0, 1, 2, 3].map((byte) => lookUp(tables - 1 - half * 4 - byte, word, byte)));
  return [
    ...set(local.low, xor(load(get(local.input), at), get(sum))), ...set(local.high, load(get(local.input), at + 4)),
    ...set(sum, terms.reduce((a, b) => xor(a, b))),
  ];
}

function body(): Code {
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  return [
    ...repeatWhile([
      ...all.flatMap((lane) => set(local.sums + lane, constant(-1))),
      ...set(local.steps, constant(bytesPerChecksum / step)),
      ...repeatWhile([
        ...all.flatMap(advance),
        ...set(local.input, add(get(local.input), constant(step))),
        ...set(local.steps, subtract(get(local.steps), constant(1))),
      ], get(local.steps)),
      ...all.flatMap((lane) => store(get(local.output), xor(get(local.sums + lane), constant(-1)), lane * 4)),
      ...set(local.output, add(get(local.output), constant(lanes * 4))),
      ...set(local.input, add(get(local.input), constant((lanes - 1) * bytesPerChecksum))),
      ...set(local.pairs, subtract(get(local.pairs), constant(1))),
    ], get(local.pairs)),
    0x0b,
  ];
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const name = (text: string): Code => [text.length, ...Buffer.from(text)];
  const i32 = 0x7f;
  const code = [1, ...unsigned(localCount), i32, ...body()];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 3, i32, i32, i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...unsigned(memoryPages)]),
    ...section(7, [2, ...name('memory'), 2, 0, ...name('checksums'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

/** Table k holds the effect of a byte that is followed by k zero bytes. */
function writeTables(memory: Uint8Array<ArrayBuffer>): void {
  const words = new Uint32Array(memory.buffer, 0, tables * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ castagnoliReversed : sum >>> 1;
    words[byte] = sum;
  }
  for (let at = 256; at < words.length; at += 1) {
    const before = words[at - 256] ?? 0;
    words[at] = (before >>> 8) ^ (words[before & 0xff] ?? 0);
  }
}

/** What the types of Node lack. */
interface WebAssemblyConstructors {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** Writes the checksums of all full chunks of `data`, big-endian, to the start of `target`. Works in memory of its own: never two calls at once. */
export type ChecksumKernel = (data: Uint8Array, target: Buffer) => void;

export function checksumKernel(): ChecksumKernel {
  const { Instance, Module } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyConstructors }).WebAssembly;
  const { exports } = new Instance(new Module(moduleBytes()));
  const { buffer } = exports['memory'] as { readonly buffer: ArrayBuffer };
  const run = exports['checksums'] as (input: number, pairs: number, output: number) => void;
  const memory = new Uint8Array(buffer);
  writeTables(memory);
  const output = Buffer.from(buffer, outputAt, chunksMax * 4);
  return (data, target) => {
    const chunks = Math.floor(data.length / bytesPerChecksum);
    for (let from = 0; from < chunks; from += chunksMax) {
      const count = Math.min(chunksMax, chunks - from);
      memory.set(data.subarray(from * bytesPerChecksum, (from + count) * bytesPerChecksum), inputAt);
      run(inputAt, Math.ceil(count / lanes), outputAt);
      const sums = output.subarray(0, count * 4);
      sums.swap32();
      sums.copy(target, from * 4);
    }
  };
}
