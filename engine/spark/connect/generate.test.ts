import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectMessages } from './generate.ts';

test('the generated messages are those of the descriptors; else run `make generate`', async () => {
  const messages = await connectMessages();
  assert.ok(messages.size > 8);
  for (const [name, content] of messages) {
    assert.equal(await readFile(join(import.meta.dirname, 'generated', name), 'utf8'), content, name);
  }
});
