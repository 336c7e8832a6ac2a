/**
 * Runs the test files below the folders given as arguments, and closes with the plain line
 * `N passed, N failed`. Exits 1 when a test failed, when a file could not be run, or when there was none.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folders = process.argv.slice(2);
const files = folders
  .flatMap((folder) => (folder.endsWith('.ts') ? [folder] : globSync(`${folder}/**/*.test.ts`)))
  .filter((file) => !file.includes('node_modules'))
  .toSorted();

let passed = 0;
let failed = 0;
let skipped = 0;
const stream = run({
  files,
  concurrency: Number(process.env['HEADRACE_TEST_CONCURRENCY'] ?? availableParallelism()),
  // A test that hangs is a failure with a name, not a job that never ends.
  timeout: 300_000,
});
stream.on('test:pass', (event) => {
  if (event.details.type === 'suite') return;
  if (event.skip !== undefined && event.skip !== false) skipped += 1;
  else passed += 1;
});
stream.on('test:fail', (event) => {
  if (event.details.type !== 'suite') failed += 1;
});
const reporter = stream.compose(spec);
reporter.pipe(process.stdout);
await new Promise((resolve) => reporter.once('end', resolve));
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
