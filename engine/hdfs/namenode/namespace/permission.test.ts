/** Who may do what. /a is alice's own, /s is sticky and open to all, /g belongs to the group staff; alice and bob are of staff, carol too, mallory of none. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { NamespaceShell } from './testdata/namespace-shell.ts';

const setting = 'mkdirs /a 700; chown /a alice alice; write /a/f 1; mkdirs /a/d; mkdirs /s 1777; mkdirs /open 777; alice> mkdirs /s/alice; alice> mkdirs /open/alice; mkdirs /g 770; chown /g alice guests';

function check(command: string, outcome: string): void {
  test(`${command} → ${outcome}`, () => {
    const shell = new NamespaceShell();
    shell.run(setting);
    assert.equal(shell.run(command), outcome);
  });
}

const denied = (user: string, wanted: string, inode: string): string => `AccessControlException: Permission denied: user=${user}, access=${wanted}, inode=${inode}`;
const alices = '"/a":alice:alice:drwx------';
const root = '"/":hdfs:supergroup:drwxr-xr-x';

// passing through
check('bob> stat /a/f', denied('bob', 'EXECUTE', alices));
check('bob> stat /a/none', denied('bob', 'EXECUTE', alices));
check('bob> stat /a', 'directory 700 alice:alice children=2 1006 0');
check('alice> ls /a', 'd f');
check('bob> ls /a', denied('bob', 'READ_EXECUTE', alices));
check('hdfs> ls /a', 'd f');
check('bob> count /', denied('bob', 'READ_EXECUTE', alices));
check('bob> count /s', 'directories=2 files=0 bytes=0 space=0 quota=-1,-1');
check('chmod /a 755; chmod /a/f 600; bob> read /a/f', denied('bob', 'READ', '"/a/f":hdfs:alice:-rw-------'));
check('chmod /a 755; bob> read /a/f', '1');

// creating
check('bob> mkdirs /new', denied('bob', 'WRITE', root));
check('bob> mkdirs /new/below', denied('bob', 'WRITE', root));
check('bob> mkdirs /', 'true');
check('bob> mkdirs /s', 'true');
check('bob> mkdirs /s/bob', 'true');
check('bob> create /new w', denied('bob', 'WRITE', root));
check('bob> create /open/f w', 'ok');
check('alice> overwrite /a/f w', denied('alice', 'WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));
check('alice> append /a/f w', denied('alice', 'WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));
check('alice> truncate /a/f w 0', denied('alice', 'WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));

// the group's bits count for members only, and the others' bits never for them
check('bob> mkdirs /g/x', 'true');
check('carol> mkdirs /g/x', denied('carol', 'EXECUTE', '"/g":alice:guests:drwxrwx---'));
check('chmod /g 707; bob> ls /g', denied('bob', 'READ_EXECUTE', '"/g":alice:guests:drwx---rwx'));
check('chmod /g 077; alice> ls /g', denied('alice', 'READ_EXECUTE', '"/g":alice:guests:d---rwxrwx'));

// deleting and moving
check('alice> rm /a/f', 'true');
check('bob> rm /a', denied('bob', 'WRITE', root));
check('bob> rm /s/alice', 'AccessControlException: Permission denied by sticky bit: user=bob, path="/s/alice":alice:supergroup:drwxr-xr-x, parent="/s":hdfs:supergroup:drwxrwxrwt');
check('bob> rename /s/alice /open/x', 'AccessControlException: Permission denied by sticky bit: user=bob, path="/s/alice":alice:supergroup:drwxr-xr-x, parent="/s":hdfs:supergroup:drwxrwxrwt');
check('alice> rm /s/alice', 'true');
check('bob> rm /open/alice', 'true');
check('bob> rename /open/alice /s/x', 'true');
check('bob> rename /open/alice /x', denied('bob', 'WRITE', root));
check('bob> move /open/alice /x', denied('bob', 'WRITE', root));
check('bob> rename /open/none /x', 'false');
check('bob> mkdirs /s/b; bob> replace /s/b /s/alice', 'AccessControlException: Permission denied by sticky bit: user=bob, path="/s/alice":alice:supergroup:drwxr-xr-x, parent="/s":hdfs:supergroup:drwxrwxrwt');
// Whoever deletes a tree must be allowed to empty all of it.
check('alice> mkdirs /open/alice/x; bob> rm /open/alice', denied('bob', 'ALL', '"/open/alice":alice:supergroup:drwxr-xr-x'));
check('alice> mkdirs /open/alice/x; alice> rm /open/alice', 'true');
check('chmod /open/alice 1777; carol> mkdirs /open/alice/c; bob> rm /open/alice', 'AccessControlException: Permission denied by sticky bit: user=bob, path="/open/alice/c":carol:supergroup:drwxr-xr-x, parent="/open/alice":alice:supergroup:drwxrwxrwt');
check('alice> write /s/x 1; alice> write /s/y 1; chmod /s/x 666; bob> concat /s/x /s/y', 'AccessControlException: Permission denied by sticky bit: user=bob, path="/s/y":alice:supergroup:-rw-r--r--, parent="/s":hdfs:supergroup:drwxrwxrwt');

// attributes
check('alice> chmod /a 755', 'ok');
check('bob> chmod /a 755', 'AccessControlException: Permission denied. user=bob is not the owner of inode=/a');
check('alice> chown /a bob', 'AccessControlException: User alice is not a super user (non-super user cannot change owner).');
check('alice> chown /a alice', 'ok');
check('alice> chown /a - staff', 'ok');
check('alice> chown /a - guests', 'AccessControlException: User alice does not belong to guests');
check('bob> chown /a - guests', 'AccessControlException: Permission denied. user=bob is not the owner of inode=/a');
check('hdfs> chown /a bob guests', 'ok');
check('alice> times /a/f 1 1', denied('alice', 'WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));
check('alice> setrep /a/f 3', denied('alice', 'WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));
check('alice> quota /a 10', 'AccessControlException: Access denied for user alice. Superuser privilege is required to set a quota.');

// asking for leave
check('alice> access /a rwx', 'ok');
check('alice> access /a/f r--', 'ok');
check('alice> access /a/f rw-', denied('alice', 'READ_WRITE', '"/a/f":hdfs:alice:-rw-r--r--'));
check('bob> access /a r--', denied('bob', 'READ', alices));
check('bob> access /a ---', 'ok');
check('bob> access /none r--', 'FileNotFoundException: File does not exist: /none');
