/**
 * Snappy, as Kafka's clients write it: those in Java put blocks into the frame of snappy-java (magic, two versions, then blocks with their lengths before
 * them), librdkafka writes one bare block. Both are read; the frame is written. Sources: google/snappy's format description, snappy-java's stream.
 *
 *     block     uncompressed length (varint), then elements
 *     element   tag byte, its lowest two bits: 0 literal, 1 to 3 a copy with a distance of 11, 16 or 32 bits
 */
import { BoundedOutput, copyBytes, wronglyCompressed } from './bounded-output.ts';
import { int32At, setInt32 } from './big-endian.ts';

const magic = Uint8Array.of(0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0);
const frameHeaderBytes = 16;
/** Of what goes into one block. As snappy-java has it; a distance always fits 16 bits. */
const blockBytes = 32 * 1024;
const hashBits = 14;

export function decompressSnappy(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const output = new BoundedOutput(bytes.length * 3, bytesMax);
  if (!hasMagicAt(bytes, 0)) {
    readBlock(bytes, 0, bytes.length, output);
    return output.bytes();
  }
  let at = 0;
  while (at < bytes.length) {
    // Streams one after another are one stream.
    if (hasMagicAt(bytes, at)) {
      at += frameHeaderBytes;
      continue;
    }
    if (at + 4 > bytes.length) throw wrong('a block has no length');
    const end = at + 4 + int32At(bytes, at);
    if (end < at + 4 || end > bytes.length) throw wrong('a block is cut off');
    readBlock(bytes, at + 4, end, output);
    at = end;
  }
  return output.bytes();
}

export function compressSnappy(bytes: Uint8Array): Uint8Array {
  const target = Buffer.allocUnsafe(frameHeaderBytes + Math.ceil(bytes.length / blockBytes) * 9 + bytes.length + Math.ceil(bytes.length / 6));
  target.set(magic);
  setInt32(target, 8, 1);
  setInt32(target, 12, 1);
  const table = new Uint16Array(1 << hashBits);
  let at = frameHeaderBytes;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const end = writeBlock(bytes.subarray(from, from + blockBytes), target, at + 4, table);
    setInt32(target, at, end - at - 4);
    at = end;
  }
  return target.subarray(0, at);
}

function hasMagicAt(bytes: Uint8Array, at: number): boolean {
  if (at + frameHeaderBytes > bytes.length) return false;
  for (let i = 0; i < magic.length; i += 1) if (bytes[at + i] !== magic[i]) return false;
  return true;
}

function readBlock(source: Uint8Array, from: number, to: number, output: BoundedOutput): void {
  let at = from;
  let length = 0;
  for (let unit = 1; ; unit *= 128) {
    if (at >= to || unit > 0x1000_0000) throw wrong('a block does not say its length');
    const byte = source[at++] as number;
    length += (byte & 127) * unit;
    if (byte < 128) break;
  }
  const start = output.length;
  while (at < to) {
    const tag = source[at++] as number;
    at = (tag & 3) === 0 ? readLiteral(source, at, to, tag >>> 2, output) : readCopy(source, at, to, tag, output, start);
    if (output.length - start > length) throw wrong('a block is longer than it says');
  }
  if (output.length - start !== length) throw wrong('a block is shorter than it says');
}

function readLiteral(source: Uint8Array, from: number, to: number, code: number, output: BoundedOutput): number {
  let at = from;
  let length = code;
  if (code >= 60) {
    const extra = code - 59;
    if (at + extra > to) throw wrong('a literal is cut off');
    length = 0;
    for (let i = 0; i < extra; i += 1) length += (source[at + i] as number) * 2 ** (8 * i);
    at += extra;
  }
  const end = at + length + 1;
  if (end > to) throw wrong('a literal is cut off');
  output.literal(source, at, end);
  return end;
}

function readCopy(source: Uint8Array, at: number, to: number, tag: number, output: BoundedOutput, start: number): number {
  const kind = tag & 3;
  const bytes = kind === 3 ? 4 : kind;
  if (at + bytes > to) throw wrong('a copy is cut off');
  let distance = source[at] as number;
  if (kind === 1) distance |= (tag >>> 5) << 8;
  else for (let i = 1; i < bytes; i += 1) distance += (source[at + i] as number) * 2 ** (8 * i);
  if (distance === 0 || distance > output.length - start) throw wrong('a copy reaches before its block');
  output.repeat(distance, kind === 1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1);
  return at + bytes;
}

/** Greedy, as Snappy is: the last place of each hash of four bytes is tried, and steps grow where nothing repeats. */
function writeBlock(source: Uint8Array, target: Uint8Array, from: number, table: Uint16Array): number {
  const length = source.length;
  let at = writeLength(target, from, length);
  let literal = 0;
  table.fill(0);
  let misses = 32;
  for (let here = 1; here + 4 <= length;) {
    const word = wordAt(source, here);
    const hash = Math.imul(word, 0x1e35_a7bd) >>> (32 - hashBits);
    const before = table[hash] as number;
    table[hash] = here;
    if (wordAt(source, before) !== word || before >= here) {
      here += misses++ >>> 5;
      continue;
    }
    misses = 32;
    let end = here + 4;
    while (end < length && source[end] === source[before + end - here]) end += 1;
    at = writeLiteral(source, literal, here, target, at);
    at = writeCopy(target, at, here - before, end - here);
    here = end;
    literal = end;
  }
  return writeLiteral(source, literal, length, target, at);
}

function writeLength(target: Uint8Array, from: number, length: number): number {
  let at = from;
  let left = length;
  for (; left > 127; left >>>= 7) target[at++] = (left & 127) | 128;
  target[at] = left;
  return at + 1;
}

function writeLiteral(source: Uint8Array, from: number, to: number, target: Uint8Array, start: number): number {
  const length = to - from;
  if (length === 0) return start;
  let at = start;
  if (length <= 60) target[at++] = (length - 1) << 2;
  else {
    target[at++] = (length <= 256 ? 60 : 61) << 2;
    target[at++] = length - 1;
    if (length > 256) target[at++] = (length - 1) >>> 8;
  }
  copyBytes(source, from, to, target, at);
  return at + length;
}

function writeCopy(target: Uint8Array, start: number, distance: number, length: number): number {
  let at = start;
  for (let left = length; left > 0;) {
    const part = Math.min(left, 64);
    target[at] = ((part - 1) << 2) | 2;
    target[at + 1] = distance;
    target[at + 2] = distance >>> 8;
    at += 3;
    left -= part;
  }
  return at;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

function wrong(what: string): Error {
  return wronglyCompressed('snappy', what);
}
