import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `main.ts:12:5`: the innermost line of the error's stack that lies in the user's own files, that is in the module's folder
 * and not in node_modules. A syntax error carries its place (line only) as the first line, as a URL or as a path.
 */
export function errorPlace(stack: string, moduleUrl: string): string | undefined {
  const folder = new URL('.', moduleUrl);
  const head = /^(\/.+):(\d+)$/.exec(stack.split('\n', 1)[0] ?? '');
  if (head?.[1]?.startsWith(fileURLToPath(folder)) === true) return `${basename(head[1])}:${head[2]}`;
  for (const match of stack.matchAll(/file:\/\/[^\s()]+?:(\d+)(?::(\d+))?(?=\)?(?:\s|$))/g)) {
    const [whole, line = '', column] = match;
    const suffix = column === undefined ? `:${line}` : `:${line}:${column}`;
    const url = whole.slice(0, -suffix.length).replace(/\?.*$/, '');
    if (url.startsWith(folder.href) && !url.includes('/node_modules/')) return `${basename(fileURLToPath(url))}${suffix}`;
  }
  return undefined;
}
