/**
 * LZ4 in its frame, as Kafka's clients write it. Written: independent blocks of 64 KiB without checksums, like the Java client's. Read: any frame but those
 * that need a dictionary. Source: the LZ4 frame and block format descriptions.
 *
 *     frame      magic, flags, block size, [content size int64], checksum of this header, blocks, 0, [checksum of the content]
 *     block      length int32, its highest bit: not compressed; bytes; [checksum]
 *     bytes      sequences: token (lengths of literals and of the match, four bits each), literals, distance int16, further bytes of either length
 *
 * All numbers are little-endian.
 */
import { BoundedOutput, copyBytes, wronglyCompressed } from './bounded-output.ts';
import { xxHash32 } from './xx-hash-32.ts';

const magic = 0x184d_2204;
const blockBytes = 64 * 1024;
const hashBits = 14;
/** The last match begins so many bytes before the end of a block, and leaves so many as literals. */
const lastMatchStart = 12;
const lastLiterals = 5;
const notCompressed = 0x8000_0000;
/** Version 1, independent blocks; blocks of 64 KiB. */
const flags = 0x60;
const blockSizeCode = 0x40;

interface Frame {
  readonly blocksAt: number;
  readonly independent: boolean;
  readonly blockChecksums: boolean;
  readonly contentChecksum: boolean;
}

export function decompressLz4(bytes: Uint8Array, bytesMax: number): Uint8Array {
  const frame = readFrameHeader(bytes);
  const output = new BoundedOutput(bytes.length * 3, bytesMax);
  let at = frame.blocksAt;
  for (;;) {
    const size = wordAt(bytes, at);
    at += 4;
    if (size === 0) break;
    const length = size & ~notCompressed;
    const end = at + length;
    if (end + (frame.blockChecksums ? 4 : 0) > bytes.length) throw wrong('a block is cut off');
    if ((size & notCompressed) === 0) readBlock(bytes, at, end, output, frame.independent ? output.length : 0);
    else output.literal(bytes, at, end);
    if (frame.blockChecksums && xxHash32(bytes.subarray(at, end)) !== wordAt(bytes, end)) throw wrong('the checksum of a block differs');
    at = end + (frame.blockChecksums ? 4 : 0);
  }
  if (frame.contentChecksum && xxHash32(output.bytes()) !== wordAt(bytes, at)) throw wrong('the checksum of the content differs');
  return output.bytes();
}

function readFrameHeader(bytes: Uint8Array): Frame {
  if (wordAt(bytes, 0) !== magic) throw wrong('it does not begin as a frame does');
  const descriptor = bytes[4] ?? 0;
  if (descriptor >>> 6 !== 1) throw wrong(`its frame has version ${descriptor >>> 6}`);
  if ((descriptor & 1) !== 0) throw wrong('its frame needs a dictionary');
  const checksumAt = 6 + ((descriptor & 8) === 0 ? 0 : 8);
  if (checksumAt >= bytes.length || bytes[checksumAt] !== headerChecksum(bytes.subarray(4, checksumAt))) throw wrong('the checksum of the frame differs');
  return { blocksAt: checksumAt + 1, independent: (descriptor & 32) !== 0, blockChecksums: (descriptor & 16) !== 0, contentChecksum: (descriptor & 4) !== 0 };
}

function headerChecksum(descriptor: Uint8Array): number {
  return (xxHash32(descriptor) >>> 8) & 0xff;
}

/** `start`: what matches may not reach behind. */
function readBlock(source: Uint8Array, from: number, to: number, output: BoundedOutput, start: number): void {
  let at = from;
  while (at < to) {
    const token = source[at++] as number;
    let length = token >>> 4;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) {
        if (at >= to) throw wrong('a length is cut off');
        more = source[at++] as number;
      }
    }
    if (at + length > to) throw wrong('literals are cut off');
    output.literal(source, at, at + length);
    at += length;
    if (at === to) return;
    if (at + 2 > to) throw wrong('a match is cut off');
    const distance = (source[at] as number) | ((source[at + 1] as number) << 8);
    at += 2;
    if (distance === 0 || distance > output.length - start) throw wrong('a match reaches before its block');
    length = token & 15;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) {
        if (at >= to) throw wrong('a length is cut off');
        more = source[at++] as number;
      }
    }
    output.repeat(distance, length + 4);
  }
}

export function compressLz4(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / blockBytes);
  const target = Buffer.allocUnsafe(7 + blocks * (4 + blockBytesMax(blockBytes)) + 4);
  setWord(target, 0, magic);
  target[4] = flags;
  target[5] = blockSizeCode;
  target[6] = headerChecksum(target.subarray(4, 6));
  const table = new Uint16Array(1 << hashBits);
  let at = 7;
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const source = bytes.subarray(from, from + blockBytes);
    const end = writeBlock(source, target, at + 4, table);
    if (end - at - 4 < source.length) {
      setWord(target, at, end - at - 4);
      at = end;
    } else {
      setWord(target, at, source.length | notCompressed);
      target.set(source, at + 4);
      at += 4 + source.length;
    }
  }
  setWord(target, at, 0);
  return target.subarray(0, at + 4);
}

function blockBytesMax(bytes: number): number {
  return bytes + Math.ceil(bytes / 255) + 16;
}

/** Greedy: the last place of each hash of four bytes is tried, and steps grow where nothing repeats. */
function writeBlock(source: Uint8Array, target: Uint8Array, from: number, table: Uint16Array): number {
  const { length } = source;
  let at = from;
  let literal = 0;
  table.fill(0);
  let misses = 64;
  for (let here = 1; here < length - lastMatchStart;) {
    const word = rawWordAt(source, here);
    const hash = Math.imul(word, 0x9e37_79b1) >>> (32 - hashBits);
    const before = table[hash] as number;
    table[hash] = here;
    if (before >= here || rawWordAt(source, before) !== word) {
      here += misses++ >>> 6;
      continue;
    }
    misses = 64;
    let end = here + 4;
    while (end < length - lastLiterals && source[end] === source[before + end - here]) end += 1;
    at = writeSequence(source, literal, here, target, at, end - here);
    target[at] = here - before;
    target[at + 1] = (here - before) >>> 8;
    at = writeLength(target, at + 2, end - here - 4);
    here = end;
    literal = end;
  }
  return writeSequence(source, literal, length, target, at, 4);
}

/** Token and literals, up to where the distance of the match goes. */
function writeSequence(source: Uint8Array, from: number, to: number, target: Uint8Array, start: number, matchLength: number): number {
  const length = to - from;
  target[start] = (Math.min(length, 15) << 4) | Math.min(matchLength - 4, 15);
  const at = writeLength(target, start + 1, length);
  copyBytes(source, from, to, target, at);
  return at + length;
}

/** What does not fit the token's four bits. */
function writeLength(target: Uint8Array, start: number, length: number): number {
  if (length < 15) return start;
  let at = start;
  let left = length - 15;
  for (; left >= 255; left -= 255) target[at++] = 255;
  target[at] = left;
  return at + 1;
}

/** Unsigned. */
function wordAt(bytes: Uint8Array, at: number): number {
  if (at + 4 > bytes.length) throw wrong('it is cut off');
  return rawWordAt(bytes, at) >>> 0;
}

function rawWordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

function setWord(target: Uint8Array, at: number, value: number): void {
  target[at] = value;
  target[at + 1] = value >>> 8;
  target[at + 2] = value >>> 16;
  target[at + 3] = value >>> 24;
}

function wrong(what: string): Error {
  return wronglyCompressed('lz4', what);
}
