/** The operations on names: each case is what was there, the call, its outcome, and what is there afterwards. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { NamespaceShell, superuser } from './testdata/namespace-shell.ts';

function check(script: string, outcome: string, tree?: string): void {
  test(`${script} → ${outcome.slice(0, 60)}`, () => {
    const shell = new NamespaceShell();
    assert.equal(shell.run(script), outcome);
    if (tree !== undefined) assert.equal(shell.tree(), tree);
  });
}

// mkdirs
check('mkdirs /', 'true', '');
check('mkdirs /a/b/c', 'true', '/a/ /a/b/ /a/b/c/');
check('mkdirs /a; mkdirs /a', 'true', '/a/');
check('mkdirs //a///b/', 'true', '/a/ /a/b/');
check('mkdir /a/b', "FileNotFoundException: Parent directory doesn't exist: /a", '');
check('mkdir /a', 'true', '/a/');
check('write /f 1; mkdirs /f', 'FileAlreadyExistsException: Path is not a directory: /f');
check('write /f 1; mkdirs /f/a', 'ParentNotDirectoryException: Parent path is not a directory: /f');
check('write /f 1; mkdirs /f/a/b', 'ParentNotDirectoryException: Parent path is not a directory: /f');
check('mkdirs /.reserved/x', 'HadoopIllegalArgumentException: /.reserved/x is a reserved path.');
check('mkdirs a', 'InvalidPathException: Invalid path name Invalid file name: a');
check('mkdirs /a 1777; stat /a', 'directory 1777 hdfs:supergroup children=0 1001 0');
// Parents that are made on the way let their owner in, and are not sticky.
check('mkdirs /a/b 1000; stat /a', 'directory 300 hdfs:supergroup children=1 1001 0');
check('mkdirs /t 777; chown /t - staff; alice> mkdirs /t/a; stat /t/a', 'directory 755 alice:staff children=0 1003 0');

// delete
check('delete /', 'false');
check('rm /', 'false');
check('mkdirs /a; delete /', "PathIsNotEmptyDirectoryException: `/ is non empty': Directory is not empty", '/a/');
check('mkdirs /a; rm /', 'false', '/a/');
check('delete /none', 'false');
check('rm /none/below', 'false');
check('mkdirs /a; delete /a', 'true', '');
check('write /a/f 1; delete /a', "PathIsNotEmptyDirectoryException: `/a is non empty': Directory is not empty", '/a/ /a/f(1)');
check('write /a/f 1; write /a/b/g 10+1; rm /a', 'true', '');
check('write /f 1; delete /f', 'true', '');
check('write /f 1; delete /f/x', 'false', '/f(1)');

// rename, the old form
check('rename /none /x', 'false');
check('mkdirs /a; rename / /a', 'false', '/a/');
check('mkdirs /a; rename /a /b', 'true', '/b/');
check('mkdirs /a; rename /a /', 'true', '/a/');
check('mkdirs /a/b; rename /a/b /', 'true', '/a/ /b/');
check('write /a/f 1; rename /a/f /', 'true', '/a/ /f(1)');
check('write /f 1; mkdirs /a; rename /f /a', 'true', '/a/ /a/f(1)');
check('write /f 1; write /a/f 2; rename /f /a', 'false', '/a/ /a/f(2) /f(1)');
check('write /f 1; write /g 2; rename /f /g', 'false', '/f(1) /g(2)');
check('write /f 1; rename /f /f', 'true', '/f(1)');
check('mkdirs /a; rename /a /a', 'false', '/a/');
check('mkdirs /a; rename /a /a/b', 'false', '/a/');
check('mkdirs /a; rename /a /a/b/c', 'false', '/a/');
check('mkdirs /a; rename /a /ab', 'true', '/ab/');
check('write /f 1; rename /f /none/g', 'false', '/f(1)');
check('write /f 1; write /g 1; rename /f /g/h', 'ParentNotDirectoryException: Parent path is not a directory: /g', '/f(1) /g(1)');
check('mkdirs /a; mkdirs /b; rename /a /b', 'true', '/b/ /b/a/');
check('mkdirs /a; mkdirs /b/a; rename /a /b', 'false', '/a/ /b/ /b/a/');
check('mkdirs /a; rename /a /.reserved', 'HadoopIllegalArgumentException: /.reserved is a reserved path.', '/a/');
check('write /a/f 10+5; rename /a /b; stat /b/f', 'file 644 hdfs:supergroup bytes=15 x2 1004 1001', '/b/ /b/f(10+5)');
check('write /a/f 1; mkdirs /b; rename /a/f /b/f; stat /a', 'directory 755 hdfs:supergroup children=0 1005 0');
check('write /a/f 1; mkdirs /b; rename /a/f /b/f; stat /b', 'directory 755 hdfs:supergroup children=1 1005 0');

// rename with options
check('move /none /x', 'FileNotFoundException: rename source /none is not found.');
check('move / /x', 'IOException: rename source cannot be the root');
check('mkdirs /a; move /a /', 'IOException: rename destination cannot be the root');
check('mkdirs /a; move /a /a', 'FileAlreadyExistsException: The source /a and destination /a are the same');
check('mkdirs /a; move /a /a/b', 'IOException: Rename destination /a/b is a directory or file under source /a');
check('mkdirs /a; move /a /a/b/c', 'IOException: Rename destination /a/b/c is a directory or file under source /a');
check('mkdirs /a; move /a /ab', 'ok', '/ab/');
check('mkdirs /a; move /a /none/b', 'FileNotFoundException: rename destination parent /none/b not found.');
check('mkdirs /a; write /f 1; move /a /f/b', 'ParentNotDirectoryException: rename destination parent /f/b is a file.');
check('mkdirs /a; write /f 1; replace /a /f', 'IOException: Source /a and destination /f must both be directories');
check('mkdirs /a; write /f 1; replace /f /a', 'IOException: Source /f and destination /a must both be directories');
check('write /f 1; write /g 2; move /f /g', 'FileAlreadyExistsException: rename destination /g already exists', '/f(1) /g(2)');
check('write /f 1; write /g 2; replace /f /g', 'ok', '/g(1)');
check('mkdirs /a; mkdirs /b; replace /a /b', 'ok', '/b/');
check('mkdirs /a; mkdirs /b/c; replace /a /b', 'IOException: rename destination directory is not empty: /b', '/a/ /b/ /b/c/');
check('write /a/f 1; mkdirs /b; replace /a /b', 'ok', '/b/ /b/f(1)');

// concat
check('write /a 10; write /b 10+4; write /c 3; concat /a /b /c', 'ok', '/a(10+10+4+3)');
check('write /a 10; concat /a', 'HadoopIllegalArgumentException: concat: no sources given for /a');
check('write /a 10; concat /a /none', 'FileNotFoundException: File does not exist: /none');
check('write /a 10; mkdirs /d; concat /a /d', 'FileNotFoundException: Path is not a file: /d');
check('write /b 10; concat /none /b', 'FileNotFoundException: File does not exist: /none');
check('write /a 10; write /b 1; concat /a /b /b', 'HadoopIllegalArgumentException: concat: at least two of the sources are the same, or one is the target /a');
check('write /a 10; concat /a /a', 'HadoopIllegalArgumentException: concat: at least two of the sources are the same, or one is the target /a');
check('write /a 10; write /d/b 1; concat /a /d/b', 'HadoopIllegalArgumentException: Source file /d/b is not in the same directory with the target /a');
check('write /a 10; write /b 0; concat /a /b', 'HadoopIllegalArgumentException: concat: source file /b is invalid or empty or underConstruction');
check('write /a 10; create /b w; concat /a /b', 'HadoopIllegalArgumentException: concat: /b is under construction');
// Blocks take over the replication of the file that they join.
check('write /a 10 2; write /b 4 3; concat /a /b; count /', 'directories=1 files=1 bytes=14 space=28 quota=-1,-1', '/a(10+4)');

// attributes
check('setrep /none 3', 'false');
check('mkdirs /a; setrep /a 3', 'false');
check('write /f 5; setrep /f 3; stat /f', 'file 644 hdfs:supergroup bytes=5 x3 1003 1001');
check('chmod /none 700', 'FileNotFoundException: File does not exist: /none');
check('write /f 1; chmod /f 1700; stat /f', 'file 700 hdfs:supergroup bytes=1 x2 1003 1001');
check('mkdirs /a; chmod /a 1700; stat /a', 'directory 1700 hdfs:supergroup children=0 1001 0');
check('mkdirs /a; chown /a alice; stat /a', 'directory 755 alice:supergroup children=0 1001 0');
check('mkdirs /a; chown /a - staff; stat /a', 'directory 755 hdfs:staff children=0 1001 0');
check('write /f 1; times /f 5 6; stat /f', 'file 644 hdfs:supergroup bytes=1 x2 5 6');
check('write /f 1; times /f 5; stat /f', 'file 644 hdfs:supergroup bytes=1 x2 5 1001');
check('write /f 1; times /f - 6; stat /f', 'file 644 hdfs:supergroup bytes=1 x2 1003 6');
check('mkdirs /a; times /a 5 6; stat /a', 'directory 755 hdfs:supergroup children=0 5 0');
check('times /none 5', 'FileNotFoundException: File does not exist: /none');

// reads
check('stat /none', 'none');
check('write /f 1; stat /f/x', 'none');
check('write /f 1; write /a/g 2; mkdirs /b; ls /', 'a b f');
check('write /f 1; write /a/g 2; mkdirs /b; ls / a', 'b f');
check('write /f 1; write /a/g 2; mkdirs /b; ls / a 1', 'b');
check('ls /none', 'FileNotFoundException: File does not exist: /none');
check('write /f 1; count /f', 'directories=0 files=1 bytes=1 space=2 quota=-1,-1');
check('write /a/f 10+5; write /a/b/g 1 3; count /a', 'directories=2 files=2 bytes=16 space=33 quota=-1,-1');
check('mkdirs /a; read /a', 'FileNotFoundException: Path is not a file: /a');
check('read /none', 'FileNotFoundException: File does not exist: /none');
test('a large directory is listed in parts, also while it changes', () => {
  const shell = new NamespaceShell();
  const { namespace } = shell;
  shell.run('mkdirs /other');
  for (let index = 0; index < 2500; index += 1) {
    namespace.apply({ kind: 'mkdirs', by: superuser, atMs: 1, path: `/large/${String(index).padStart(4, '0')}`, permission: 0o755, createParent: true });
  }
  const part = (after: string, limit: number): string => {
    const { entries, remaining } = namespace.list(superuser, '/large', after, limit);
    return `${entries.map(({ name }) => name).join(' ')} and ${remaining}`;
  };
  assert.equal(part('', 3), '0000 0001 0002 and 2497');
  assert.equal(part('0002', 3), '0003 0004 0005 and 2494');
  shell.run('rename /large/0006 /other; mkdirs /large/0006a; rm /large/0007');
  assert.equal(part('0005', 3), '0006a 0008 0009 and 2490');
  assert.equal(part('0006', 1), '0006a and 2492');
  assert.equal(part('2498', 3), '2499 and 0');
  assert.equal(part('2499', 3), ' and 0');
  shell.run('rm /large; mkdirs /large/x');
  assert.equal(part('', 3), 'x and 0');
});

check('access / rw', 'IllegalArgumentException: Invalid value for webhdfs parameter "fsaction": rw is not like [rwx-]{3}');
