/** Input of a map task: the bytes of its lines, and the lines themselves, as TextInputFormat gives them. */
import { isAscii } from 'node:buffer';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { FileSystem } from '../../storage/file-system.ts';
import { readLineRange } from '../../storage/line-range.ts';
import type { MapInput } from './program.ts';
import { lineBytesMax } from './record.ts';

const decompressors: Readonly<Record<string, () => Transform>> = { gz: createGunzip, deflate: createInflate, zst: createZstdDecompress };
const newline = 10;
const carriageReturn = 13;

/** Ending of a file that is compressed, known here or not; such a file is one split. */
export function compressionOf(path: string): string | undefined {
  return /\.(gz|deflate|zst|bz2|snappy|lz4|lzo)$/i.exec(path)?.[1]?.toLowerCase();
}

export const isReadable = (compression: string | undefined): boolean => compression === undefined || compression in decompressors;

/** The bytes of the input's lines, cut anywhere. */
export async function* readInput(files: FileSystem, input: MapInput, signal: AbortSignal): AsyncGenerator<Buffer> {
  const { path, from, to, fileBytes } = input;
  const decompress = decompressors[compressionOf(path) ?? ''];
  if (decompress === undefined) {
    for await (const chunk of readLineRange(files, path, { from, to, fileBytes }, signal)) yield asBuffer(chunk);
    return;
  }
  const text = decompress();
  const fed = pipeline(Readable.from(files.readRange(path, 0, fileBytes, signal)), text, { signal });
  fed.catch(() => {}); // the reader sees it
  yield* text as AsyncIterable<Buffer>;
  await fed;
}

const asBuffer = (chunk: Uint8Array): Buffer => Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);

/** Every line ends in `\n` alone, also the last. */
export async function* withNewlines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let last = newline;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (last !== carriageReturn && chunk.indexOf(carriageReturn) === -1) {
      yield chunk;
      last = chunk.at(-1) as number;
      continue;
    }
    const text = Buffer.from(chunk.toString('latin1').replace(/\r\n?/g, '\n'), 'latin1');
    // A `\r` at the end of the chunk before has become a newline already.
    yield last === carriageReturn && chunk[0] === newline ? text.subarray(1) : text;
    last = chunk.at(-1) as number;
  }
  if (last !== newline && last !== carriageReturn) yield Buffer.from('\n');
}

/** Calls `onLine` with the offset of each line in the file and its text; stops to wait where that returns a promise. */
export async function eachLine(chunks: AsyncIterable<Buffer>, fileOffset: number, onLine: (offset: number, text: string) => void | Promise<void>): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = fileOffset;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline);
    if (end === -1) {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > lineBytesMax) throw new Error(`a line is longer than ${lineBytesMax} bytes`);
      continue;
    }
    const whole = rest.length === 0 ? chunk.subarray(0, end + 1) : Buffer.concat([rest, chunk.subarray(0, end + 1)]);
    rest = Buffer.from(chunk.subarray(end + 1));
    await linesOf(whole, offset, onLine);
    offset += whole.length;
  }
  if (rest.length > 0) await linesOf(rest, offset, onLine);
}

async function linesOf(data: Buffer, offset: number, onLine: (offset: number, text: string) => void | Promise<void>): Promise<void> {
  const plain = data.indexOf(carriageReturn) === -1;
  // One byte a character: the whole is decoded at once, and places in the text are places in the file.
  const ascii = isAscii(data);
  const text = ascii ? data.toString('latin1') : '';
  for (let from = 0; from < data.length;) {
    const found = ascii ? text.indexOf('\n', from) : data.indexOf(newline, from);
    const to = found === -1 ? data.length : found;
    const line = ascii ? text.slice(from, to) : data.toString('utf8', from, to);
    const waited = plain || !line.includes('\r') ? onLine(offset + from, line) : splitAtReturns(line, offset + from, onLine);
    if (waited !== undefined) await waited;
    from = to + 1;
  }
}

/** `\r` alone ends a line, too. */
async function splitAtReturns(line: string, offset: number, onLine: (offset: number, text: string) => void | Promise<void>): Promise<void> {
  const parts = line.split('\r');
  // One before the newline belongs to it.
  if (parts.at(-1) === '') parts.pop();
  let at = offset;
  for (const part of parts) {
    await onLine(at, part);
    at += Buffer.byteLength(part) + 1;
  }
}
