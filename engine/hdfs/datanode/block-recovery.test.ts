import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import { seededRandom } from '../../core/random.ts';
import type { BlockTransfer } from '../block-transfer.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import type { ReplicaState } from '../datanode-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Block, DatanodeAddress } from '../model.ts';
import { agree, recoverBlock, type FoundReplica } from './block-recovery.ts';
import type { DataAccess } from './data-access.ts';
import { ReplicaError } from './replica-error.ts';

const node = (name: string): DatanodeAddress => ({ uuid: `uuid-${name}`, name, host: name, httpPort: 1, rpcPort: 2, rack: '/default-rack', machine: name });

/** A replica that a datanode tells of. */
type Shown = readonly [name: string, state: ReplicaState, bytes: number, generationStamp?: number];
const found = ([name, state, bytes, generationStamp = 10]: Shown): FoundReplica => ({ node: node(name), block: { id: 1, generationStamp, bytes }, state });

interface Expected {
  readonly bytes: number;
  readonly of: string;
}

interface Case {
  readonly known?: number;
  readonly cut?: number;
  readonly silent?: boolean;
}

function check(name: string, replicas: readonly Shown[], expected: Expected | undefined, { known = 0, cut, silent = false }: Case = {}): void {
  test(name, () => {
    const agreement = agree({ block: { id: 1, generationStamp: 10, bytes: known }, bytes: cut }, replicas.map(found), silent);
    assert.deepEqual(agreement && { bytes: agreement.bytes, of: agreement.participants.map((each) => each.node.name).join(' ') }, expected);
  });
}

check('the shortest of those that were being written decides', [['a', 'BeingWritten', 700], ['b', 'BeingWritten', 650], ['c', 'BeingWritten', 900]], { bytes: 650, of: 'a b c' });
check('a final replica decides, with those being written that are as long', [['a', 'Finalized', 700], ['b', 'BeingWritten', 650], ['c', 'BeingWritten', 700]], { bytes: 700, of: 'a c' });
check('what was found after a start counts only when there is nothing else', [['a', 'WaitingToBeRecovered', 300], ['b', 'BeingWritten', 650]], { bytes: 650, of: 'b' });
check('of those found after a start the shortest decides', [['a', 'WaitingToBeRecovered', 300], ['b', 'WaitingToBeRecovered', 650]], { bytes: 300, of: 'a b' });
check('replicas of a pipeline that was left behind do not count', [['a', 'BeingWritten', 900, 9], ['b', 'BeingWritten', 650]], { bytes: 650, of: 'b' });
check('empty replicas do not count', [['a', 'BeingWritten', 0], ['b', 'BeingWritten', 650]], { bytes: 650, of: 'b' });
check('when nobody has anything and all have answered, the block goes', [['a', 'BeingWritten', 0]], { bytes: 0, of: '' });
check('when nobody has anything and somebody is silent, it is tried again', [['a', 'BeingWritten', 0]], undefined, { silent: true });
check('what is known to have been written is never given up', [['a', 'BeingWritten', 400]], undefined, { known: 500 });
check('one that lost what it had synced does not hold up those that have it', [['a', 'WaitingToBeRecovered', 512], ['b', 'WaitingToBeRecovered', 1361]], { bytes: 1361, of: 'b' }, { known: 1361 });
check('a block that is known to have bytes does not go', [], undefined, { known: 500 });
check('an append that no datanode heard of leaves the block as it was', [['a', 'Finalized', 500, 7], ['b', 'Finalized', 500, 7]], { bytes: 500, of: 'a b' }, { known: 500 });
check('that is not said while somebody is silent', [['a', 'Finalized', 500, 7]], undefined, { known: 500, silent: true });
check('a block is cut on all who have so much', [['a', 'Finalized', 900], ['b', 'Finalized', 900], ['c', 'Finalized', 300]], { bytes: 400, of: 'a b' }, { known: 900, cut: 400 });

/** Datanodes that hold what is given; `fails`: what they refuse. */
function access(replicas: readonly Shown[], fails: (name: string, call: 'init' | 'update') => boolean, updates: string[]): DataAccess {
  return {
    client: {} as ClientProtocol, clock: systemClock(), random: seededRandom(1), logger: silentLogger, reportBad: () => {},
    peer: ({ name }) => ({
      initReplicaRecovery: async () => {
        if (fails(name, 'init')) throw new ReplicaError('Busy', 'not now');
        const shown = replicas.find((each) => each[0] === name);
        return shown === undefined ? undefined : { block: found(shown).block, state: shown[1] };
      },
      updateReplica: async (_block: Block, stamp: number, bytes: number) => {
        if (fails(name, 'update')) throw new ReplicaError('DiskFailed', 'broken');
        updates.push(`${name} ${stamp} ${bytes}`);
      },
    }) as unknown as BlockTransfer,
  };
}

async function recover(replicas: readonly Shown[], fails: (name: string, call: 'init' | 'update') => boolean = () => false): Promise<{ readonly updates: readonly string[]; readonly committed: unknown }> {
  const updates: string[] = [];
  const committed: unknown[] = [];
  const block = { id: 1, generationStamp: 10, bytes: 0 };
  await recoverBlock(access(replicas, fails, updates), { kind: 'recover', block, newGenerationStamp: 12, replicas: ['a', 'b', 'c'].map(node) }, {
    commitRecovery: async (_old, next, datanodes) => void committed.push({ ...next, datanodes }),
  });
  return { updates, committed: committed[0] };
}

const three: readonly Shown[] = [['a', 'BeingWritten', 700], ['b', 'BeingWritten', 650], ['c', 'BeingWritten', 900]];

test('all take the new stamp and the length agreed on, and the namenode is told who did', async () => {
  assert.deepEqual(await recover(three), { updates: ['a 12 650', 'b 12 650', 'c 12 650'], committed: { id: 1, generationStamp: 12, bytes: 650, datanodes: ['uuid-a', 'uuid-b', 'uuid-c'] } });
});

test('a datanode that does not answer, or cannot take it, is left out', async () => {
  const { committed } = await recover(three, (name, call) => (name === 'b' && call === 'init') || (name === 'c' && call === 'update'));
  assert.deepEqual(committed, { id: 1, generationStamp: 12, bytes: 700, datanodes: ['uuid-a'] });
});

test('when none can take it the namenode is told nothing', async () => {
  await assert.rejects(recover(three, (_, call) => call === 'update'), HdfsError);
});

test('a block of which nobody has anything is given up', async () => {
  assert.deepEqual((await recover([])).committed, { id: 1, generationStamp: 12, bytes: 0, datanodes: [] });
});
