import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafkaMessages } from './codec-generator.ts';

/** Rewrites generated/ as a whole. */
export function generateKafkaMessages(): void {
  const target = join(import.meta.dirname, 'generated');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const [name, text] of kafkaMessages()) writeFileSync(join(target, name), text);
}
