import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import type { BlockTransfer } from '../block-transfer.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import type { DatanodeProtocol, HeartbeatAnswer } from '../datanode-protocol.ts';
import type { Block } from '../model.ts';
import type { BlockStore } from './block-store.ts';
import { CommandRunner } from './command-runner.ts';
import type { DataAccess } from './data-access.ts';

test('only the active namenode of the highest term is obeyed', async () => {
  const invalidated: number[] = [];
  const store = { invalidate: async (blocks: readonly Block[]) => void invalidated.push(...blocks.map((each) => each.id)) } as unknown as BlockStore;
  const access: DataAccess = { client: {} as ClientProtocol, clock: systemClock(), random: seededRandom(1), logger: silentLogger, reportBad: () => {}, peer: () => ({}) as BlockTransfer };
  const runner = new CommandRunner({ access, store, logger: silentLogger, transferBandwidth: 1 });
  const answer = (id: number, active: boolean, term: number): HeartbeatAnswer =>
    ({ active, term, transferBandwidth: 1000, commands: [{ kind: 'invalidate', blocks: [{ id, generationStamp: 1, bytes: 0 }] }] });
  const say = (id: number, active: boolean, term: number): void => runner.obey(answer(id, active, term), {} as DatanodeProtocol);
  say(1, false, 3); // a standby
  say(2, true, 2);
  say(3, true, 4); // a new one
  say(4, true, 2); // the old one, which does not know yet
  say(5, true, 4);
  await runner.close();
  assert.deepEqual(invalidated, [2, 3, 5]);
});
