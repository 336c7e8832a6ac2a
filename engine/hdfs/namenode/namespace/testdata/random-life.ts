/** A life of a name space from numbers: journal entries as an active namenode would have written them, refused ones among them. */
import * as fc from 'fast-check';
import type { Block } from '../../../model.ts';
import { silentBlockListener } from '../block-listener.ts';
import { File, pathOf, treeOf } from '../inode.ts';
import { namespaceMachine } from '../namespace-machine.ts';
import { Namespace } from '../namespace.ts';
import { encodeOperation } from '../operation-codec.ts';
import type { NamespaceOperation } from '../operation.ts';
import { namespaceOptions, userOf } from './namespace-shell.ts';

const paths = ['/a', '/a/long-name-of-a-file', '/f', '/a/€𝄞', '/', '/g', '/a/b', '/f', '/a/long-name-of-a-file', '/a/b/f'] as const;
const users = ['hdfs', 'alice', 'bob'] as const;
const clients = ['w', 'v'] as const;
const modes = [0o755, 0o700, 0o777, 0o1777, 0o070] as const;

type Step = readonly [kind: number, a: number, b: number, c: number];
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99), fc.nat(99)), { minLength: 1, maxLength: 150, size: 'max' });

/** Half of the calls are made where they can succeed. */
function fileOf(namespace: Namespace, path: string, b: number): string {
  if (b % 2 === 0) return path;
  const closed = [...treeOf(namespace.tree.root)].filter((each) => each instanceof File && each.construction === undefined);
  return closed.length === 0 ? path : pathOf(of(closed, b));
}

const of = <T>(choices: readonly T[], number: number): T => choices[number % choices.length] as T;

export const newNamespace = (): Namespace => new Namespace(namespaceOptions, silentBlockListener);

/** Entries that follow from the numbers. */
export function entriesOf(life: readonly Step[]): readonly Uint8Array[] {
  const namespace = newNamespace();
  const machine = namespaceMachine(namespace);
  return life.map((step, index) => {
    const entry = encodeOperation(operationOf(namespace, step, index));
    machine.apply(entry, index);
    return entry;
  });
}

function operationOf(namespace: Namespace, [kind, a, b, c]: Step, index: number): NamespaceOperation {
  const base = { by: userOf(kind % 3 === 0 ? of(users, c) : 'hdfs'), atMs: 1_700_000_000_000 + index * (c % 4), ...(b % 3 === 0 ? { callId: `call-${c % 20}` } : {}) };
  const path = of(paths, a);
  const file = fileOf(namespace, path, b);
  const other = of(paths, b);
  const client = of(clients, c);
  const open = [...namespace.tree.openFiles.keys()];
  const fileId = of(open.length === 0 ? [16_386] : open, a);
  const last = namespace.openFile(fileId)?.blocks.at(-1);
  const block: Block = { id: last?.id ?? 2 ** 30 + 1, generationStamp: last?.generationStamp ?? 1001, bytes: Math.min(10, (last?.bytes ?? 0) + b % 11) };
  const holder = a % 7 === 0 ? client : namespace.openFile(fileId)?.construction?.client ?? client;
  const named = last === undefined ? {} : { last: block };
  switch (kind % 25) {
    case 0: case 1: return { kind: 'mkdirs', ...base, path, permission: of(modes, b), createParent: b % 2 === 0 };
    case 2: case 3: case 4: return { kind: 'create', ...base, path, client, permission: of(modes, b), overwrite: b % 3 === 0, createParent: true, replication: 1 + b % 3, blockBytes: 10 };
    case 5: return { kind: 'append', ...base, path: file, client };
    case 6: case 7: case 8: return { kind: 'addBlock', ...base, fileId, client: holder, ...(last === undefined || a % 9 === 0 ? {} : { previous: block }) };
    case 9: return { kind: 'abandonBlock', ...base, fileId, client: holder, block };
    case 10: return { kind: 'takeStamp', ...base, fileId, client: holder, block };
    case 11: return { kind: 'updatePipeline', ...base, fileId, client: holder, old: { ...block, bytes: 0 }, next: { ...block, generationStamp: namespace.tree.nextStamp - 1, bytes: Math.max(block.bytes, last?.bytes ?? 0) } };
    case 12: return { kind: 'persistLength', ...base, fileId, client: holder, last: block };
    case 13: case 14: return { kind: 'complete', ...base, fileId, client: holder, ...named };
    case 15: return { kind: 'truncate', ...base, path: file, bytes: c % 25, client };
    case 16: return { kind: 'recoverLease', ...base, fileId };
    case 17: return { kind: 'commitRecovery', ...base, old: block, next: { ...block, generationStamp: namespace.openFile(fileId)?.construction?.recovery?.generationStamp ?? 1, bytes: b % 11 } };
    case 18: return { kind: 'rename', ...base, from: path, to: other };
    case 19: return { kind: 'renameWith', ...base, from: path, to: other, overwrite: c % 2 === 0, toTrash: false };
    case 20: return { kind: 'delete', ...base, path, recursive: b % 4 !== 0 };
    case 21: return { kind: 'concat', ...base, path: file, sources: [fileOf(namespace, other, b + 2)] };
    case 22: return attribute(base, path, b, c);
    case 23: return { kind: 'setQuota', ...base, path, ...(b % 2 === 0 ? { nameQuota: b % 5 === 0 ? -1 : 1 + b % 8 } : { spaceQuotaBytes: b % 5 === 0 ? -1 : 10 + b }) };
    default: return administration(base, b, c);
  }
}

type Base = Pick<NamespaceOperation, 'by' | 'atMs' | 'callId'>;

function attribute(base: Base, path: string, b: number, c: number): NamespaceOperation {
  switch (b % 4) {
    case 0: return { kind: 'setReplication', ...base, path, replication: 1 + c % 3 };
    case 1: return { kind: 'setPermission', ...base, path, permission: of(modes, c) };
    case 2: return { kind: 'setOwner', ...base, path, owner: of(users, c), ...(c % 2 === 0 ? { group: 'staff' } : {}) };
    default: return { kind: 'setTimes', ...base, path, ...(c % 2 === 0 ? { modifiedMs: c } : {}), ...(c % 3 === 0 ? { accessedMs: c } : {}) };
  }
}

function administration(base: Base, b: number, c: number): NamespaceOperation {
  switch (b % 5) {
    case 0: return { kind: 'addTokenKey', ...base, key: Buffer.from(`key ${c}`).toString('base64'), expiresMs: base.atMs + 1000 };
    case 1: return { kind: 'issueToken', ...base, renewer: of(users, c), lifeMs: 1000, renewMs: 100 };
    case 2: return { kind: 'renewToken', ...base, sequence: 1 + c % 3, renewMs: 100 };
    case 3: return { kind: 'cancelToken', ...base, sequence: 1 + c % 3 };
    default: return { kind: 'setLeaving', ...base, datanodes: [`dn-${c % 3}`] };
  }
}
