/** Lines of a part of a file, as Hadoop's TextInputFormat divides them: each line belongs to the part that its first byte lies in. */
import { FileError, type FileSystem } from './file-system.ts';

export interface LineRange {
  readonly from: number;
  readonly to: number;
  /** Of the whole file. */
  readonly fileBytes: number;
}

const newline = 10;
/** Of a read past the end of the part, for the end of its last line. */
const lookAheadBytes = 64 * 1024;

/**
 * The bytes of the lines that begin in the range, in order and cut anywhere; the last one may lack its newline at the end of the file. A line
 * that begins before the range is left out; the one that begins last is read to its end, wherever that is. Only `\n` ends a line here.
 */
export async function* readLineRange(files: FileSystem, path: string, { from, to, fileBytes }: LineRange, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (from >= to) return;
  // The byte before tells whether a line begins right at the range's first byte.
  let at = from === 0 ? 0 : from - 1;
  let skipping = from > 0;
  for (let end = Math.min(to, fileBytes); at < fileBytes; end = Math.min(end + lookAheadBytes, fileBytes)) {
    const before = at;
    for await (const read of files.readRange(path, at, end - at, signal)) {
      let chunk = read;
      if (skipping) {
        const found = chunk.indexOf(newline);
        at += found === -1 ? chunk.length : found + 1;
        if (at >= to) return;
        if (found === -1) continue;
        skipping = false;
        chunk = chunk.subarray(found + 1);
      }
      const last = at + chunk.length < to ? -1 : chunk.indexOf(newline, Math.max(0, to - 1 - at));
      if (last !== -1) {
        yield chunk.subarray(0, last + 1);
        return;
      }
      if (chunk.length > 0) yield chunk;
      at += chunk.length;
    }
    if (at === before && end > before) throw new FileError('Changed', path, `${path} ends at byte ${at}, before the ${fileBytes} bytes that it had`);
    if (skipping && at >= to) return;
  }
}
