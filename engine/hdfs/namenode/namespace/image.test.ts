/** Images: what is written is what was there, whatever happens meanwhile, and a damaged one is refused. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { silentBlockListener } from './block-listener.ts';
import { ImageError } from './image-bytes.ts';
import { readImage } from './image-loading.ts';
import { writeImage } from './image.ts';
import { namespaceMachine } from './namespace-machine.ts';
import { Namespace } from './namespace.ts';
import { dumpOf } from './testdata/dump.ts';
import { namespaceOptions, NamespaceShell, superuser } from './testdata/namespace-shell.ts';
import { entriesOf, newNamespace, steps } from './testdata/random-life.ts';

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function* cut(image: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < image.length; at += size) yield image.subarray(at, at + size);
}

async function restored(image: Buffer, pieceBytes = 1000): Promise<Namespace> {
  const namespace = newNamespace();
  await readImage(namespace, cut(image, pieceBytes));
  return namespace;
}

function lived(entries: readonly Uint8Array[]): Namespace {
  const namespace = newNamespace();
  const machine = namespaceMachine(namespace);
  for (const [index, entry] of entries.entries()) machine.apply(entry, index);
  return namespace;
}

const goOn = (namespace: Namespace, entries: readonly Uint8Array[]): readonly string[] => {
  const machine = namespaceMachine(namespace);
  return entries.map((entry, index) => {
    const value = machine.apply(entry, index);
    return value instanceof Error ? value.message : JSON.stringify(value) ?? 'undefined';
  });
};

test('a name space that is read from its image is the same, and goes on in the same way', async () => {
  await fc.assert(fc.asyncProperty(steps, fc.nat(80), fc.integer({ min: 1, max: 500 }), async (life, cutAt, pieceBytes) => {
    const entries = entriesOf(life);
    const original = lived(entries.slice(0, cutAt));
    const copy = await restored(await bytesOf(writeImage(original)), pieceBytes);
    assert.deepEqual(dumpOf(copy), dumpOf(original));
    const rest = entries.slice(cutAt);
    assert.deepEqual(goOn(copy, rest), goOn(original, rest));
    assert.deepEqual(dumpOf(copy), dumpOf(original));
  }), { numRuns: 150 });
});

test('an image tells of its beginning, whatever is applied before it is whole', async () => {
  await fc.assert(fc.asyncProperty(steps, fc.nat(80), fc.nat(5), async (life, cutAt, piecesBefore) => {
    const entries = entriesOf(life);
    const original = lived(entries.slice(0, cutAt));
    const dump = dumpOf(original);
    const pieces = writeImage(original)[Symbol.asyncIterator]();
    const read: Uint8Array[] = [];
    const machine = namespaceMachine(original);
    // One piece between two operations; what is small fits in one piece, which is written when it is asked for at the end.
    for (const [index, entry] of entries.slice(cutAt).entries()) {
      machine.apply(entry, index);
      const next = index % (piecesBefore + 1) === piecesBefore ? await pieces.next() : undefined;
      if (next?.done === false) read.push(next.value);
    }
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) read.push(next.value);
    assert.deepEqual(dumpOf(await restored(Buffer.concat(read))), dump);
  }), { numRuns: 150 });
});

/** Enough directories for an image of several pieces. */
function large(): NamespaceShell {
  const shell = new NamespaceShell();
  const { namespace } = shell;
  for (let index = 0; index < 20_000; index += 1) {
    const path = `/large/directory-${Math.floor(index / 400)}/file-with-a-name-so-long-that-the-image-has-several-pieces-${index}`;
    const { fileId } = namespace.apply<'create'>({ kind: 'create', by: superuser, atMs: index, path, client: 'w', permission: 0o644, overwrite: false, createParent: true, replication: 1, blockBytes: 10 });
    if (index % 10 > 0) namespace.apply({ kind: 'complete', by: superuser, atMs: index, fileId, client: 'w' });
  }
  return shell;
}

test('directories that change, move or go before their turn are in the image as they were', async () => {
  const shell = large();
  const dump = dumpOf(shell.namespace);
  const read: Uint8Array[] = [];
  let count = 0;
  for await (const piece of writeImage(shell.namespace)) {
    read.push(piece);
    count += 1;
    // All but the first piece come after this.
    if (count > 1) continue;
    shell.run('rm /large/directory-49; chmod /large/directory-48 700; rename /large/directory-47 /moved; write /large/directory-46/new 10; quota /large/directory-45 1000');
    shell.run('rename /large/directory-44/file-with-a-name-so-long-that-the-image-has-several-pieces-17600 /x; times /large/directory-43/file-with-a-name-so-long-that-the-image-has-several-pieces-17200 1 1; write /large/new/f 3; write /large/again/f 4');
    shell.run('overwrite /large/directory-42/file-with-a-name-so-long-that-the-image-has-several-pieces-16801 w; close /large/directory-41/file-with-a-name-so-long-that-the-image-has-several-pieces-16400 w; setrep /large/directory-40/file-with-a-name-so-long-that-the-image-has-several-pieces-16001 3');
    shell.run('rm /large/directory-0; chmod /large 711');
  }
  assert.ok(count > 3, `the image has ${count} pieces only: this tests nothing`);
  assert.deepEqual(dumpOf(await restored(Buffer.concat(read), 100_000)), dump);
});

/** One call after the image was begun: nothing of it may be in the image. */
for (const call of [
  'mkdirs /a/new', 'create /a/new w', 'overwrite /a/f w', 'append /a/empty w', 'append /a/f w', 'add /a/open w', 'length /a/open2 w 7', 'abandon /a/open2 w', 'close /a/open w', 'close /a/open2 w 9',
  'recover /a/open', 'recover /a/open2', 'pipeline /a/open2 w 8', 'truncate /a/f w 3', 'truncate /a/f w 10', 'rename /a/f /b/f', 'rename /a /b', 'rename /a/d /b', 'move /b/g /a/g', 'replace /a/f /b/g', 'rm /a',
  'rm /a/d', 'rm /a/f', 'rm /', 'concat /a/f /a/f2', 'setrep /a/f 3', 'chmod /a 700', 'chmod /a/f 600', 'chmod / 711', 'chown /a alice', 'chown /a/f bob staff', 'times /a 5 5', 'times /a/f 5 5', 'times / 5',
  'quota /a 50', 'quota /a -1', 'quota / 50 500',
]) {
  test(`an image that was begun before \`${call}\` knows nothing of it`, async () => {
    const shell = new NamespaceShell();
    shell.run('write /a/f 10+5; write /a/f2 4; write /a/empty 0; write /a/d/e/x 3; create /a/open w; create /a/open2 w; add /a/open2 w; write /b/g 2; quota /a 100 1000');
    const dump = dumpOf(shell.namespace);
    const pieces = writeImage(shell.namespace);
    assert.doesNotMatch(shell.run(call), /Exception/);
    // The rows of what went are given to others.
    shell.run('write /c/1 1; write /c/2 2+2; create /c/3 w; write /c/4 4; create /c/5 w; write /c/6 6');
    const copy = await restored(await bytesOf(pieces));
    assert.deepEqual(dumpOf(copy), dump);
    if (call !== 'rm /') assert.notDeepEqual(dumpOf(shell.namespace).filter((line) => !line.startsWith('/c')), dump);
  });
}

test('an image in progress takes notice of changes no longer once it is whole or given up', async () => {
  const { namespace } = large();
  for await (const piece of writeImage(namespace)) {
    assert.ok(piece.length > 0 && namespace.tree.store.onChanging !== undefined);
    break;
  }
  assert.equal(namespace.tree.store.onChanging, undefined);
  await bytesOf(writeImage(namespace));
  assert.equal(namespace.tree.store.onChanging, undefined);
});

test('a second image ends the first one, which says so', async () => {
  const { namespace } = large();
  const first = writeImage(namespace)[Symbol.asyncIterator]();
  await first.next();
  const second = writeImage(namespace);
  await assert.rejects(first.next(), ImageError);
  assert.deepEqual(dumpOf(await restored(await bytesOf(second))), dumpOf(namespace));
});

test('the answer to a call that is sent again is the same after an image, also when there was none to give', async () => {
  const { namespace } = new NamespaceShell();
  const base = { by: superuser, atMs: 1 };
  const made = { kind: 'mkdirs', ...base, callId: '1', path: '/a', permission: 0o755, createParent: true } as const;
  const set = { kind: 'setPermission', ...base, callId: '2', path: '/a', permission: 0o700 } as const;
  const refused = { kind: 'setPermission', ...base, callId: '3', path: '/none', permission: 0o700 } as const;
  namespace.apply(made);
  namespace.apply(set);
  assert.throws(() => namespace.apply(refused), { message: 'File does not exist: /none' });
  namespace.apply({ kind: 'rename', ...base, from: '/a', to: '/none' });
  const copy = await restored(await bytesOf(writeImage(namespace)));
  for (const each of [namespace, copy]) {
    assert.equal(each.apply(made), true);
    assert.equal(each.apply(set), undefined);
    assert.throws(() => each.apply(refused), { code: 'FileNotFoundException', message: 'File does not exist: /none' });
    assert.equal(each.files + each.directories, 2);
  }
});

test('the block manager is told of all blocks of an image, after it was told to forget its own', async () => {
  const shell = new NamespaceShell();
  shell.run('write /a 10+4 3; create /b w; add /b w');
  const image = await bytesOf(writeImage(shell.namespace));
  const other = new NamespaceShell();
  other.run('write /x 1');
  other.events.length = 0;
  await readImage(other.namespace, cut(image, 50));
  assert.deepEqual(other.events, ['clear', 'add 1 x3', 'add 2 x3', 'add 3 x2']);
  assert.equal(other.tree(), '/a(10+4) /b(0?)*');
});

test('an image that is cut short or damaged anywhere is refused, and the state stays as it was', async () => {
  const shell = new NamespaceShell();
  shell.run('write /a/f 10+4; mkdirs /b; create /b/g w; add /b/g w');
  const image = await bytesOf(writeImage(shell.namespace));
  const namespace = newNamespace();
  const dump = dumpOf(namespace);
  for (let at = 0; at < image.length; at += 1) {
    const damaged = Buffer.from(image);
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    await assert.rejects(readImage(namespace, cut(damaged, 64)), ImageError, `byte ${at} damaged`);
    await assert.rejects(readImage(namespace, cut(image.subarray(0, at), 64)), ImageError, `cut at byte ${at}`);
  }
  await assert.rejects(readImage(namespace, cut(Buffer.concat([image, image]), 64)), ImageError);
  assert.deepEqual(dumpOf(namespace), dump);
});

test('a directory of 150,000 children is written, read, summed up and deleted', async () => {
  const namespace = new Namespace(namespaceOptions, silentBlockListener);
  for (let index = 0; index < 150_000; index += 1) {
    namespace.apply({ kind: 'create', by: superuser, atMs: 1, path: `/d/${index}`, client: 'w', permission: 0o644, overwrite: false, createParent: true, replication: 1, blockBytes: 10 });
  }
  const copy = await restored(await bytesOf(writeImage(namespace)), 1 << 20);
  assert.equal(copy.contentSummary(superuser, '/').files, 150_000);
  const { entries, remaining } = copy.list(superuser, '/d', '99998', 10);
  assert.deepEqual([entries.map(({ name }) => name), remaining], [['99999'], 0]);
  copy.apply({ kind: 'delete', by: superuser, atMs: 1, path: '/d', recursive: true });
  assert.equal(copy.files, 0);
  assert.equal(copy.tree.openFiles.size, 0);
});
