/** The name space against the simplest thing that could do the same, and against itself. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { HdfsError } from '../../hdfs-error.ts';
import { namespaceMachine } from './namespace-machine.ts';
import type { NamespaceOperation } from './operation.ts';
import { decodeOperation, encodeOperation, JournalFormatError } from './operation-codec.ts';
import { dumpOf } from './testdata/dump.ts';
import { NamespaceShell } from './testdata/namespace-shell.ts';
import { NaiveTree } from './testdata/naive-tree.ts';
import { entriesOf, newNamespace, steps } from './testdata/random-life.ts';

const name = fc.constantFrom('a', 'b', 'c');
const path = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join('/')}`);
const command = fc.oneof(
  { weight: 4, arbitrary: path.map((at) => `mkdirs ${at}`) },
  { weight: 1, arbitrary: path.map((at) => `mkdir ${at}`) },
  { weight: 4, arbitrary: fc.tuple(path, fc.integer({ min: 0, max: 10 })).map(([at, bytes]) => `write ${at} ${bytes}`) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom('rename', 'move', 'replace'), path, path).map((words) => words.join(' ')) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('delete', 'rm'), path).map((words) => words.join(' ')) },
  { weight: 2, arbitrary: fc.tuple(path, fc.constantFrom('1', '2', '3', '5', '-1')).map(([at, names]) => `quota ${at} ${names}`) },
  { weight: 2, arbitrary: fc.tuple(path, fc.constantFrom('20', '50', '-1')).map(([at, bytes]) => `quota ${at} - ${bytes}`) },
  { weight: 1, arbitrary: path.map((at) => `ls ${at}`) },
);

/** Errors by their names: wording is tested elsewhere. */
const outcomeOf = (text: string): string => /^(\w+Exception): /.exec(text)?.[1] ?? text;

function runWrite(shell: NamespaceShell, at: string, bytes: string): string {
  const created = shell.run(`create ${at} w`);
  if (created !== 'ok') return created;
  if (bytes === '0') return shell.run(`close ${at} w`);
  const added = shell.run(`add ${at} w`);
  if (added.includes('Exception: ')) {
    shell.run(`rm ${at}`);
    return added;
  }
  return shell.run(`close ${at} w ${bytes}`);
}

test('names, quotas and listings are those of a naive tree', () => {
  fc.assert(fc.property(fc.array(command, { minLength: 1, maxLength: 60 }), (commands) => {
    const shell = new NamespaceShell();
    const naive = new NaiveTree();
    for (const each of commands) {
      const [what = '', at = '', more = ''] = each.split(' ');
      const outcome = what === 'write' ? runWrite(shell, at, more) : shell.run(each);
      assert.equal(outcomeOf(outcome), naive.run(each), each);
      assert.equal(shell.tree(), naive.tree(), each);
    }
  }), { numRuns: 400 });
});

test('two name spaces that apply the same entries are the same, and gave the same answers', () => {
  fc.assert(fc.property(steps, (life) => {
    const entries = entriesOf(life);
    const [one, two] = [newNamespace(), newNamespace()];
    const [first, second] = [namespaceMachine(one), namespaceMachine(two)];
    for (const [index, entry] of entries.entries()) assert.deepEqual(first.apply(entry, index), second.apply(entry, index));
    assert.deepEqual(dumpOf(one), dumpOf(two));
  }), { numRuns: 150 });
});

test('a check says what applying would say, and changes nothing; what is refused leaves no trace', () => {
  fc.assert(fc.property(steps, (life) => {
    const namespace = newNamespace();
    for (const operation of entriesOf(life).map(decodeOperation)) {
      const before = dumpOf(namespace);
      const known = namespace.retries.get(operation.callId) !== undefined;
      const checked = refusalOf(() => namespace.check(operation));
      assert.deepEqual(dumpOf(namespace), before);
      const applied = refusalOf(() => namespace.apply(operation));
      if (!known) assert.equal(checked, applied);
      if (applied !== undefined) assert.deepEqual(dumpOf(namespace).filter((line) => !line.startsWith('retry ')), before.filter((line) => !line.startsWith('retry ')));
      // Sent again it gives the same answer and does nothing.
      if (operation.callId === undefined) continue;
      const after = dumpOf(namespace);
      assert.equal(refusalOf(() => namespace.apply(operation)), applied);
      assert.deepEqual(dumpOf(namespace), after);
    }
  }), { numRuns: 60 });
});

test('quotas count what is there', () => {
  fc.assert(fc.property(steps, (life) => {
    const namespace = newNamespace();
    const machine = namespaceMachine(namespace);
    for (const [index, entry] of entriesOf(life).entries()) {
      machine.apply(entry, index);
      const queue = [namespace.tree.root];
      for (const directory of queue) {
        for (const child of directory.children()) if ('quota' in child) queue.push(child);
        if (directory.quota === undefined) continue;
        const { names, spaceBytes } = namespace.tree.usageOf(directory);
        assert.deepEqual([directory.quota.usedNames, directory.quota.usedSpaceBytes], [names, spaceBytes]);
      }
    }
  }), { numRuns: 100 });
});

test('an operation is the same after it was written and read', () => {
  fc.assert(fc.property(steps, (life) => {
    for (const entry of entriesOf(life)) assert.deepEqual(encodeOperation(decodeOperation(entry)), entry);
  }), { numRuns: 50 });
  const odd: NamespaceOperation = { kind: 'setOwner', by: { user: 'ü\u0000"', groups: [], bypass: false }, atMs: 0, path: '/𝄞\\', owner: '\u2028' };
  assert.deepEqual(decodeOperation(encodeOperation(odd)), odd);
});

test('an entry of another version is refused by its number', () => {
  const entry = encodeOperation({ kind: 'recoverLease', by: { user: 'a', groups: [], bypass: true }, atMs: 1, fileId: 1 });
  entry[0] = 9;
  assert.throws(() => decodeOperation(entry), { name: 'JournalFormatError', message: /version 9; this namenode reads version 1/ });
  assert.throws(() => decodeOperation(new Uint8Array()), JournalFormatError);
});

test('an operation of an unknown kind ends the process that applies it: its state would part from the others', () => {
  const machine = namespaceMachine(newNamespace());
  const entry = encodeOperation({ kind: 'fly', by: { user: 'a', groups: [], bypass: true }, atMs: 1, callId: 'x' } as unknown as NamespaceOperation);
  assert.throws(() => machine.apply(entry, 1), /an operation of an unknown kind 'fly': run the version that wrote it/);
});

test('the journal gets the error of an operation that is refused, not an exception', () => {
  const machine = namespaceMachine(newNamespace());
  const refused = machine.apply(encodeOperation({ kind: 'setPermission', by: { user: 'a', groups: [], bypass: true }, atMs: 1, path: '/none', permission: 0 }), 1);
  assert.ok(refused instanceof HdfsError && refused.code === 'FileNotFoundException');
});

function refusalOf(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HdfsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}
