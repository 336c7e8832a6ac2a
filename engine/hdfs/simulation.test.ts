import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { simulateHdfs } from './testdata/hdfs-simulation.ts';

/** Seeds that once found something. They stay. */
const remembered = [4];
const seeds = [1, 2];

test(`under faults every acknowledged file reads back, nobody writes beside another, and replication is restored (seeds ${[...remembered, ...seeds].join(', ')})`, async () => {
  let files = 0;
  let crashes = 0;
  for (const seed of [...remembered, ...seeds]) {
    const history = await simulateHdfs(seed);
    files += history.files;
    crashes += history.crashes;
  }
  assert.ok(files > 50 && crashes > 10, `it was too quiet to prove anything: ${files} files, ${crashes} crashes`);
});
