import type { Readable } from 'node:stream';

const lineCharactersMax = 16_384;

/** Calls `onLine` for each line of the stream; longer lines are cut, so that one line never holds much memory. */
export async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let open = '';
  const take = (line: string): void => onLine(line.length > lineCharactersMax ? `${line.slice(0, lineCharactersMax)}…` : line);
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const lines = (open + chunk).split('\n');
    open = (lines.pop() ?? '').slice(0, lineCharactersMax + 1);
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line);
  }
  if (open !== '') take(open);
}
