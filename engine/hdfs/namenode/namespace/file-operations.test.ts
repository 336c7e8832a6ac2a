/** The operations of writers, leases and their recovery: each case is what happened before, the call, its outcome, and what is there afterwards. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Block } from '../../model.ts';
import { NamespaceShell, superuser } from './testdata/namespace-shell.ts';

function check(script: string, outcome: string, tree?: string): void {
  test(`${script} → ${outcome.slice(0, 60)}`, () => {
    const shell = new NamespaceShell();
    assert.equal(shell.run(script), outcome);
    if (tree !== undefined) assert.equal(shell.tree(), tree);
  });
}

/** What the block manager is told by the last command. */
function checkEvents(script: string, ...events: readonly string[]): void {
  test(`${script} tells of: ${events.join(', ')}`, () => {
    const shell = new NamespaceShell();
    const commands = script.split(';');
    shell.run(commands.slice(0, -1).join(';') || 'stat /');
    const before = shell.events.length;
    shell.run(commands.at(-1) ?? '');
    assert.deepEqual(shell.events.slice(before), events);
  });
}

// create
check('create /f w', 'ok', '/f()*');
check('create /a/b/f w', 'ok', '/a/ /a/b/ /a/b/f()*');
check('createIn /a/f w', "FileNotFoundException: Parent directory doesn't exist: /a", '');
check('create / w', 'FileAlreadyExistsException: / already exists as a directory');
check('mkdirs /a; create /a w', 'FileAlreadyExistsException: /a already exists as a directory');
check('mkdirs /a; overwrite /a w', 'FileAlreadyExistsException: /a already exists as a directory');
check('write /f 1; create /f w', 'FileAlreadyExistsException: /f for client w already exists', '/f(1)');
check('write /f 1; create /f/g w', 'ParentNotDirectoryException: Parent path is not a directory: /f');
check('write /f 10+1; overwrite /f w', 'ok', '/f()*');
check('create /f w; overwrite /f v', 'ok', '/f()*');
check('create /f w; create /f w', 'AlreadyBeingCreatedException: Failed to CREATE_FILE /f for w because w is already the current lease holder.');
check('create /f w; create /f v', 'AlreadyBeingCreatedException: Failed to CREATE_FILE /f for v because this file lease is currently owned by w');
check('create /f w; add /f w; recover /f; create /f v', 'RecoveryInProgressException: Failed to CREATE_FILE /f for v because lease recovery is in progress. Try again later.');
check('create /.reserved/f w', 'HadoopIllegalArgumentException: /.reserved/f is a reserved path.');
// The parents that it makes are as the directory that was there, and let their owner in.
check('mkdirs /t 1077; create /t/a/f w; stat /t/a', 'directory 377 hdfs:supergroup children=1 1002 0');
check('mkdirs /t 777; chown /t - staff; alice> create /t/f w; stat /t/f', 'file 644 alice:staff bytes=0 x2 1003 1003');

// blocks
check('create /f w; add /f w', '{"bytes":0}', '/f(0?)*');
check('create /f w; add /f w; add /f w 10', '{"bytes":0}', '/f(10+0?)*');
check('create /f w; add /f w; add /f w 7', '{"bytes":0}', '/f(7+0?)*');
check('create /f w; add /f w; add /f w', 'IOException: The last block 1073741825 of /f is not complete and was not named', '/f(0?)*');
check('create /f w; add /f w; add /f w 11', 'IOException: A block of /f cannot have 11 bytes: its blocks have 10');
check('create /f w; add /f w; add /f w -1', 'IOException: Block 1073741825 of /f has 0 bytes already, not -1');
check('create /f w; add /f w; length /f w 5; add /f w 4', 'IOException: Block 1073741825 of /f has 5 bytes already, not 4');
check('create /f w; add /f v', 'LeaseExpiredException: No lease on /f (inode 16386): Client v does not own it; it is owned by w.');
check('write /f 1; add /f w', 'LeaseExpiredException: No lease on inode 16386: File does not exist or is not open for writing. Holder w does not have any open files.');
check('create /f w; add /f w; abandon /f w', 'ok', '/f()*');
check('create /f w; add /f w; add /f w 10; abandon /f w', 'ok', '/f(10)*');
check('create /f w; add /f w; add /f w 10; abandon /f w; abandon /f w', 'IOException: Cannot abandon block 1073741825 of /f: it is complete');
check('create /f w; add /f w; length /f w 4', 'ok', '/f(4?)*');
check('create /f w; add /f w; length /f w 4; length /f w 3', 'ok', '/f(4?)*');
check('create /f w; add /f w; length /f w 11', 'IOException: A block of /f cannot have 11 bytes: its blocks have 10');
check('create /f w; add /f w; pipeline /f w 4', 'ok', '/f(4?)*');
check('create /f w; add /f w; length /f w 4; pipeline /f w 3', 'IOException: Update of the pipeline of block 1073741825 from stamp 1001 and 4 bytes to stamp 1002 and 3 bytes is not possible');
check('create /f w; add /f w; pipeline /f w 11', 'IOException: Update of the pipeline of block 1073741825 from stamp 1001 and 0 bytes to stamp 1002 and 11 bytes is not possible');

// complete
check('create /f w; close /f w', 'ok', '/f()');
check('create /f w; add /f w; close /f w 6', 'ok', '/f(6)');
check('create /f w; add /f w; close /f w 0', 'ok', '/f(0)');
check('create /f w; add /f w; close /f w', 'IOException: Cannot complete /f: its last block 1073741825 was not named', '/f(0?)*');
check('create /f w; add /f w; close /f w 11', 'IOException: A block of /f cannot have 11 bytes: its blocks have 10');
check('create /f w; close /f v', 'LeaseExpiredException: No lease on /f (inode 16386): Client v does not own it; it is owned by w.');
check('create /f w; close /f w; stat /f', 'file 644 hdfs:supergroup bytes=0 x2 1002 1001');

// append
check('append /none w', 'FileNotFoundException: Failed to append to non-existent file /none for client w');
check('mkdirs /a; append /a w', 'FileAlreadyExistsException: Cannot append to directory /a; already exists as a directory.');
check('write /f 0; append /f w', '{}', '/f()*');
check('write /f 10; append /f w', '{}', '/f(10)*');
check('write /f 10+4; append /f w', '{"reopened":{"bytes":4}}', '/f(10+4?)*');
check('write /f 4; append /f w; close /f w 9', 'ok', '/f(9)');
check('write /f 4; append /f w; close /f w 3', 'IOException: Block 1073741825 of /f has 4 bytes already, not 3');
check('create /f w; append /f w', 'AlreadyBeingCreatedException: Failed to APPEND_FILE /f for w because w is already the current lease holder.');
check('create /f w; append /f v', 'AlreadyBeingCreatedException: Failed to APPEND_FILE /f for v because this file lease is currently owned by w');
check('write /f 4; append /f w; rename /f /g; close /g w 5', 'ok', '/g(5)');

// truncate
check('truncate /none w 0', 'FileNotFoundException: File does not exist: /none');
check('mkdirs /a; truncate /a w 0', 'FileNotFoundException: Path is not a file: /a');
check('write /f 10+4; truncate /f w 15', 'HadoopIllegalArgumentException: Cannot truncate to a larger file size. Current size: 14, truncate size: 15.');
check('write /f 10+4; truncate /f w -1', 'HadoopIllegalArgumentException: Cannot truncate to a negative file size: -1.', '/f(10+4)');
check('write /f 10+4; truncate /f w 1.5', 'HadoopIllegalArgumentException: Cannot truncate to a negative file size: 1.5.', '/f(10+4)');
check('write /f 10+4; truncate /f w 14', '{"done":true}', '/f(10+4)');
check('write /f 10+4; truncate /f w 10', '{"done":true}', '/f(10)');
check('write /f 10+4; truncate /f w 0', '{"done":true}', '/f()');
check('write /f 10+4; truncate /f w 12', '{"done":false,"recover":{"bytes":2}}', '/f(10+4?)*');
check('write /f 10+4; truncate /f w 3', '{"done":false,"recover":{"bytes":3}}', '/f(10?)*');
check('write /f 10+4; truncate /f w 12; recovered /f 2', 'ok', '/f(10+2)');
check('write /f 10+4; truncate /f w 12; recovered /f 4', 'IOException: The block 1073741826 of /f was to be cut to 2 bytes and has 4', '/f(10+4?)*');
check('write /f 10+4; truncate /f w 12; recovered /f 0', 'IOException: The block 1073741826 of /f was to be cut to 2 bytes and has 0', '/f(10+4?)*');
// Whoever takes over the recovery still knows where to cut.
check('write /f 10+4; truncate /f w 12; recover /f', '{"closed":false,"recover":{"bytes":2}}', '/f(10+4?)*');
check('write /f 10+4; truncate /f w 12; add /f w', 'RecoveryInProgressException: /f is under recovery');
check('write /f 10+4; truncate /f w 12; truncate /f w 11', 'RecoveryInProgressException: Failed to TRUNCATE_FILE /f for w because lease recovery is in progress. Try again later.');
check('create /f w; truncate /f v 0', 'AlreadyBeingCreatedException: Failed to TRUNCATE_FILE /f for v because this file lease is currently owned by w');

// recovery of a lease
check('create /f w; recover /f', '{"closed":true}', '/f()');
check('write /f 4; recover /f', '{"closed":true}', '/f(4)');
check('create /f w; add /f w; recover /f', '{"closed":false,"recover":{"bytes":0}}', '/f(0?)*');
check('create /f w; add /f w; add /f w 10; abandon /f w; recover /f', '{"closed":true}', '/f(10)');
check('create /f w; add /f w; recover /f; add /f w 3', 'LeaseExpiredException: No lease on /f (inode 16386): Client w does not own it; it is owned by HDFS_NameNode.');
check('create /f w; add /f w; recover /f; recovered /f 6', 'ok', '/f(6)');
check('create /f w; add /f w; add /f w 10; recover /f; recovered /f 0', 'ok', '/f(10)');
check('create /f w; add /f w; recovered /f 6', 'IOException: The recovery of block 1073741825 with stamp 0 is not expected: none is under way', '/f(0?)*');
check('create /f w; add /f w; recover /f; recovered /f 11', 'IOException: A block of /f cannot have 11 bytes: its blocks have 10');

// what the block manager is told
checkEvents('create /f w; add /f w', 'add 1 x2');
checkEvents('create /f w; add /f w; add /f w 10', 'commit 1 10', 'add 2 x2');
checkEvents('create /f w; add /f w; abandon /f w', 'remove 1');
checkEvents('create /f w; add /f w; length /f w 3', 'change 1 3');
checkEvents('create /f w; add /f w; pipeline /f w 3', 'change 1 3');
checkEvents('create /f w; add /f w; close /f w 3', 'commit 1 3');
checkEvents('write /f 10+4; append /f w', 'reopen 2 4');
checkEvents('write /f 10+4; truncate /f w 10', 'remove 2');
checkEvents('write /f 10+4; truncate /f w 3', 'remove 2', 'reopen 1 10');
checkEvents('write /f 10+4; truncate /f w 12; recovered /f 2', 'commit 2 2');
checkEvents('create /f w; add /f w; recover /f; recovered /f 0', 'remove 1');
checkEvents('write /f 10+4; setrep /f 3', 'replication 1 3', 'replication 2 3');
checkEvents('write /a 10; write /b 4 3; concat /a /b', 'move 2', 'replication 2 2');
checkEvents('write /d/f 10+4; write /d/e/g 1; rm /d', 'remove 1', 'remove 2', 'remove 3');
checkEvents('write /f 10; write /g 4; replace /f /g', 'remove 2');
checkEvents('write /f 10; overwrite /f w', 'remove 1');
checkEvents('write /f 10; rename /f /g');

test('the datanodes tell of a recovery twice, or after the file was deleted: nothing happens', () => {
  const shell = new NamespaceShell();
  shell.run('create /f w; add /f w; recover /f');
  const old = shell.last('/f');
  const recovered = { old, next: { ...old, generationStamp: 1002, bytes: 5 } };
  assert.equal(shell.apply('commitRecovery', recovered), undefined);
  assert.equal(shell.apply('commitRecovery', recovered), undefined);
  assert.equal(shell.tree(), '/f(5)');
  shell.run('rm /f');
  assert.equal(shell.apply('commitRecovery', recovered), undefined);
});

test('a recovery under an old stamp does not end a later one', () => {
  const shell = new NamespaceShell();
  shell.run('create /f w; add /f w; recover /f; recover /f');
  const old = shell.last('/f');
  assert.throws(() => shell.apply('commitRecovery', { old, next: { ...old, generationStamp: 1002, bytes: 5 } }), /stamp 1002 is not expected: stamp 1003 is/);
  assert.equal(shell.tree(), '/f(0?)*');
});

test('a writer whose file was deleted or overwritten can do nothing to what is there now', () => {
  const shell = new NamespaceShell();
  shell.run('create /f w; add /f w');
  const fileId = shell.fileId('/f');
  shell.run('overwrite /f w');
  assert.throws(() => shell.apply('addBlock', { fileId, client: 'w' }), { code: 'LeaseExpiredException' });
  assert.throws(() => shell.apply('complete', { fileId, client: 'w' }), { code: 'LeaseExpiredException' });
  assert.equal(shell.tree(), '/f()*');
});

test('ids of inodes and blocks and generation stamps are never used twice', () => {
  const shell = new NamespaceShell();
  shell.run('write /f 10; rm /f; write /f 10');
  assert.equal(shell.fileId('/f'), 16_387);
  assert.deepEqual(shell.last('/f'), { id: 2 ** 30 + 2, generationStamp: 1002, bytes: 10 });
});

test('a file has as many blocks as HDFS allows, and no more', () => {
  const { namespace } = new NamespaceShell();
  const by = superuser;
  const { fileId } = namespace.apply<'create'>({ kind: 'create', by, atMs: 1, path: '/f', client: 'w', permission: 0o644, overwrite: false, createParent: true, replication: 1, blockBytes: 1 });
  let previous: Block | undefined;
  for (let count = 0; count < 10_000; count += 1) {
    previous = { ...namespace.apply<'addBlock'>({ kind: 'addBlock', by, atMs: 1, fileId, client: 'w', previous }), bytes: 1 };
  }
  assert.throws(() => namespace.apply({ kind: 'addBlock', by, atMs: 1, fileId, client: 'w', previous }), /reached the limit on maximum number of blocks/);
  namespace.apply({ kind: 'complete', by, atMs: 1, fileId, client: 'w', last: previous });
  assert.equal(namespace.fileStatus(by, '/f')?.bytes, 10_000);
});

test('who writes which files can be asked', () => {
  const shell = new NamespaceShell();
  shell.run('create /a w; create /b v; create /c w; close /a w');
  assert.deepEqual([...shell.namespace.leaseHolders()], [['v', [16_387]], ['w', [16_388]]]);
  assert.equal(shell.namespace.openFile(16_387)?.path, '/b');
  assert.equal(shell.namespace.openFile(16_386), undefined);
});

test('a file that is being written is found by its open block, wherever it was moved', () => {
  const shell = new NamespaceShell();
  shell.run('create /a/f w; add /a/f w; rename /a /b');
  assert.equal(shell.namespace.fileOfOpenBlock(2 ** 30 + 1)?.path, '/b/f');
  shell.run('close /b/f w 1');
  assert.equal(shell.namespace.fileOfOpenBlock(2 ** 30 + 1), undefined);
  assert.equal(shell.namespace.fileStatus(superuser, '/b/f')?.bytes, 1);
});
