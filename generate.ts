/** Writes every file that is made from another: `make generate`. Tests fail while one of them is stale. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generateKafkaMessages } from './engine/kafka/protocol/generate.ts';
import { generateConnectMessages } from './engine/spark/connect/generate.ts';
import { functionsReference } from './engine/spark/plan/functions/reference.ts';
import { generatedFiles } from './operator/api/crd/generated-files.ts';

await generateConnectMessages();
generateKafkaMessages();
for (const [path, text] of [...generatedFiles(), ['docs/reference/functions.md', functionsReference()] as const]) {
  const file = join(import.meta.dirname, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(path);
}
