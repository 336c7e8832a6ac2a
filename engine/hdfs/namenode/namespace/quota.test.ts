/** Quotas of names and space. Blocks have 10 bytes and two replicas: a whole block takes 20 bytes of space. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { NamespaceShell, superuser } from './testdata/namespace-shell.ts';

/** `used`: names and space that the quota of /q counts, and what is really there. */
function check(script: string, outcome: string, used?: readonly [names: number, spaceBytes: number]): void {
  test(`${script} → ${outcome.slice(0, 60)}`, () => {
    const shell = new NamespaceShell();
    assert.equal(shell.run(script), outcome);
    if (used === undefined) return;
    const { inode } = shell.namespace.tree.find(superuser, '/q');
    assert.ok(inode !== undefined && 'quota' in inode && inode.quota !== undefined);
    assert.deepEqual([inode.quota.usedNames, inode.quota.usedSpaceBytes], used);
    assert.deepEqual(shell.namespace.tree.usageOf(inode), { names: used[0], spaceBytes: used[1] });
  });
}

const names = (count: number): string => `NSQuotaExceededException: The NameSpace quota (directories and files) of directory /q is exceeded: quota=3 file count=${count}`;
const space = (bytes: number): string => `DSQuotaExceededException: The DiskSpace quota of /q is exceeded: quota = 40 B but diskspace consumed = ${bytes} B`;
const q3 = 'mkdirs /q; quota /q 3';
const q40 = 'mkdirs /q; quota /q - 40';

// names
check(`${q3}; mkdirs /q/a/b`, 'true', [3, 0]);
check(`${q3}; mkdirs /q/a/b/c`, names(4), [1, 0]);
check(`${q3}; mkdirs /q/a; mkdirs /q/a`, 'true', [2, 0]);
check(`${q3}; create /q/f w; create /q/g w`, 'ok', [3, 0]);
check(`${q3}; create /q/f w; create /q/g w; create /q/h w`, names(4), [3, 0]);
check(`${q3}; create /q/a/b/f w`, names(4), [1, 0]);
check(`${q3}; mkdirs /q/a; create /q/f w; overwrite /q/f w`, 'ok', [3, 0]);
check(`${q3}; mkdirs /q/a/b; rm /q/a`, 'true', [1, 0]);
check(`${q3}; mkdirs /q/a; mkdirs /d/e; rename /d /q/d`, names(4), [2, 0]);
check(`${q3}; mkdirs /d/e; rename /d /q/d`, 'true', [3, 0]);
check(`${q3}; mkdirs /d/e; move /d /q/d`, 'ok', [3, 0]);
check(`${q3}; mkdirs /q/a/b; rename /q/a/b /q/b`, 'true', [3, 0]);
check(`${q3}; mkdirs /q/a/b; rename /q/a/b /b`, 'true', [2, 0]);
// What is replaced makes room.
check(`${q3}; mkdirs /q/a/b; mkdirs /c; replace /c /q/a/b`, 'ok', [3, 0]);
check(`mkdirs /q/a/b/c; quota /q 3`, 'ok', [4, 0]);
check(`mkdirs /q/a/b/c; quota /q 3; mkdirs /q/d`, names(5), [4, 0]);
check(`mkdirs /q/a/b/c; quota /q 3; rm /q/a/b/c`, 'true', [3, 0]);
check(`mkdirs /q/a; quota /q 3; quota /q/a 1; mkdirs /q/a/b`, 'NSQuotaExceededException: The NameSpace quota (directories and files) of directory /q/a is exceeded: quota=1 file count=2', [2, 0]);
check(`mkdirs /q/a; quota /q 3; quota /q/a 9; mkdirs /q/a/b/c`, names(4), [2, 0]);

// space
check(`${q40}; write /q/f 10+10`, 'ok', [2, 40]);
check(`${q40}; write /q/f 4+4`, 'ok', [2, 16]);
check(`${q40}; create /q/f w; add /q/f w`, '{"bytes":0}', [2, 20]);
check(`${q40}; write /q/g 10+1; create /q/f w; add /q/f w`, space(42), [3, 22]);
check(`${q40}; write /q/g 10; create /q/f w; add /q/f w; add /q/f w 10`, space(60), [3, 40]);
// A short last block gives its room to the next one.
check(`mkdirs /q; quota /q - 42; write /q/g 10; create /q/f w; add /q/f w; add /q/f w 1`, '{"bytes":0}', [3, 42]);
check(`${q40}; create /q/f w; add /q/f w; abandon /q/f w`, 'ok', [2, 0]);
check(`${q40}; create /q/f w; add /q/f w; close /q/f w 3`, 'ok', [2, 6]);
check(`${q40}; create /q/f w; add /q/f w; recover /q/f; recovered /q/f 3`, 'ok', [2, 6]);
check(`${q40}; create /q/f w; add /q/f w; recover /q/f; recovered /q/f 0`, 'ok', [2, 0]);
check(`${q40}; write /q/f 4; append /q/f w`, '{"reopened":{"bytes":4}}', [2, 20]);
check(`write /q/f 10+4; write /q/g 2; quota /q - 40; append /q/f w`, space(44), [3, 32]);
check(`${q40}; write /q/f 10+4; truncate /q/f w 10`, '{"done":true}', [2, 20]);
check(`${q40}; write /q/f 10+4; truncate /q/f w 12; recovered /q/f 2`, 'ok', [2, 24]);
check(`${q40}; write /q/f 10; setrep /q/f 4`, 'true', [2, 40]);
check(`${q40}; write /q/f 10; setrep /q/f 5`, space(50), [2, 20]);
check(`${q40}; write /q/f 10; setrep /q/f 1`, 'true', [2, 10]);
check(`${q40}; write /f 10+10+1; rename /f /q/f`, space(42), [1, 0]);
check(`${q40}; write /f 10+10; rename /f /q/f`, 'true', [2, 40]);
check(`${q40}; write /f 10+10; write /q/f 10; replace /f /q/f`, 'ok', [2, 40]);
check(`${q40}; write /q/a/f 10+10; rename /q/a/f /q/g`, 'true', [3, 40]);
check(`${q40}; write /q/a 10; write /q/b 5; concat /q/a /q/b`, 'ok', [2, 30]);
check(`${q40}; write /q/a 10 3; write /q/b 10 1; concat /q/a /q/b`, space(60), [3, 40]);
check(`${q40}; write /q/a 10 1; write /q/b 10 3; concat /q/a /q/b`, 'ok', [2, 20]);
check(`${q40}; write /q/f 10+10; rm /q/f`, 'true', [1, 0]);
check(`${q40}; write /q/f 10+10; overwrite /q/f w`, 'ok', [2, 0]);

// setting
check('mkdirs /q; quota /q 5 100; count /q', 'directories=1 files=0 bytes=0 space=0 quota=5,100', [1, 0]);
check('mkdirs /q; quota /q 5 100; quota /q - 200; count /q', 'directories=1 files=0 bytes=0 space=0 quota=5,200');
check('mkdirs /q; quota /q 5 100; quota /q -1; count /q', 'directories=1 files=0 bytes=0 space=0 quota=-1,100');
check('mkdirs /q; quota /q 5 100; quota /q -1 -1; count /q', 'directories=1 files=0 bytes=0 space=0 quota=-1,-1');
check('mkdirs /q; quota /q 0', 'IllegalArgumentException: Invalid values for quota : 0 and undefined');
check('mkdirs /q; quota /q -2', 'IllegalArgumentException: Invalid values for quota : -2 and undefined');
check('write /q 1; quota /q 1', 'FileNotFoundException: Cannot set quota on a file: /q');
check('quota /none 1', 'FileNotFoundException: File does not exist: /none');
check('quota / 2; mkdirs /a; mkdirs /b', 'NSQuotaExceededException: The NameSpace quota (directories and files) of directory / is exceeded: quota=2 file count=3');
