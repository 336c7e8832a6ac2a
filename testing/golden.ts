/** Golden files: expected text beside the test, rewritten only by `make golden` (HEADRACE_GOLDEN=write). */
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compares `actual` with the file at `url` (`new URL('testdata/x.yaml', import.meta.url)`). */
export function assertGolden(url: URL, actual: string): void {
  const file = fileURLToPath(url);
  const text = actual.endsWith('\n') ? actual : `${actual}\n`;
  if (process.env['HEADRACE_GOLDEN'] === 'write') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return;
  }
  let expected: string;
  try {
    expected = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`golden file ${file} is missing: run make golden and read the diff`, { cause });
  }
  assert.equal(text, expected, `differs from golden file ${file}: if the change is wanted, run make golden and read the diff`);
}
