import { fileURLToPath } from 'node:url';

/** The file that MapReduce tasks run in. `main` is the URL of execute/main.ts in a checkout; in the image it is a chunk of dist/. */
export function taskProgram(main: string): string {
  if (main.endsWith('.ts')) return fileURLToPath(new URL('../map-reduce/task-process.ts', main));
  return fileURLToPath(new URL('map-reduce/task-process.js', new URL(main.includes('/chunks/') ? '..' : '.', main)));
}
