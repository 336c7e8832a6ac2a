import { strict as assert } from 'node:assert';
import { posix } from 'node:path';
import { test } from 'node:test';
import { seededRandom } from '../../core/random.ts';
import { crashAfter, faultyFileSystem } from '../../storage/faulty.ts';
import { FileError, type FileSystem } from '../../storage/file-system.ts';
import { memoryFileSystem } from '../../storage/memory.ts';
import type { SaveMode } from '../plan/logical.ts';
import { SparkError } from '../plan/spark-error.ts';
import { attemptDirectory, openOutput, type AttemptFiles, type FilesOutput, type OutputCommit } from './output-commit.ts';

const outputOf = (mode: SaveMode): FilesOutput => ({
  kind: 'files', format: 'csv', path: '/out', mode, columns: ['a'], partitionBy: [], copyOptions: '', extension: 'csv',
});
const newFiles = ['k=1/part-0', 'k=2/part-0', 'part-1'];

/** Old data in one file at the root and one in a partition that is written again. */
async function oldData(): Promise<FileSystem> {
  const files = memoryFileSystem();
  await files.makeDirectory('/out/k=1');
  await files.makeDirectory('/out/k=9');
  for (const name of ['old-0', 'k=1/old-1', 'k=9/old-2', '_SUCCESS']) await files.write(posix.join('/out', name), Buffer.from('old'));
  return files;
}

/** What the tasks do: a committed attempt of two tasks, and one that was superseded. */
async function writeAttempts(files: FileSystem, commit: OutputCommit): Promise<readonly AttemptFiles[]> {
  const put = async (task: number, attempt: number, names: readonly string[]): Promise<AttemptFiles> => {
    const directory = posix.join(commit.staging, attemptDirectory(task, attempt));
    for (const name of names) {
      await files.makeDirectory(posix.dirname(posix.join(directory, name)));
      await files.write(posix.join(directory, name), Buffer.from('new'));
    }
    return { task, attempt, files: names.map((name) => ({ name, bytes: 3 })) };
  };
  await put(0, 0, ['k=1/part-0', 'k=3/part-0']);
  return [await put(0, 1, ['k=1/part-0', 'k=2/part-0']), await put(1, 0, ['part-1'])];
}

async function tree(files: FileSystem, path = '/out'): Promise<readonly string[]> {
  if (await files.stat(path) === undefined) return [];
  const children = await files.list(path);
  const below = await Promise.all(children.map((each) => (each.kind === 'file' ? [posix.relative('/out', each.path)] : tree(files, each.path))));
  return below.flat().toSorted();
}
/** What a reader sees: no names that begin with `_`. */
const visible = (names: readonly string[]): readonly string[] => names.filter((name) => !name.startsWith('_'));
const oldNames = ['k=1/old-1', 'k=9/old-2', 'old-0'];

/** The driver works on `files`, the executors on `executors`. */
async function write(files: FileSystem, mode: SaveMode, executors = files): Promise<readonly string[] | undefined> {
  const commit = await openOutput(files, outputOf(mode), 'app-0', seededRandom(1));
  if (commit === undefined) return undefined;
  try {
    return await commit.commit(await writeAttempts(executors, commit));
  } finally {
    await commit.abort();
  }
}

test('exactly the files of committed attempts are moved in, and nothing else is left', async () => {
  const files = memoryFileSystem();
  assert.deepEqual(await write(files, 'error'), newFiles.map((name) => `/out/${name}`));
  assert.deepEqual(await tree(files), ['_SUCCESS', ...newFiles]);
});

test('overwrite leaves the new files alone, append adds them to the old ones', async () => {
  const [overwritten, appended] = [await oldData(), await oldData()];
  await write(overwritten, 'overwrite');
  assert.deepEqual(await tree(overwritten), ['_SUCCESS', ...newFiles]);
  assert.equal(await overwritten.stat('/out/k=9'), undefined);
  await write(appended, 'append');
  assert.deepEqual(await tree(appended), ['_SUCCESS', ...oldNames, ...newFiles].toSorted());
});

test('mode error names the path that exists, mode ignore leaves it as it is', async () => {
  const files = await oldData();
  const before = await tree(files);
  await assert.rejects(write(files, 'error'), (error: unknown) => error instanceof SparkError && error.errorClass === 'PATH_ALREADY_EXISTS' && error.sqlState === '42K04');
  assert.equal(await write(files, 'ignore'), undefined);
  assert.deepEqual(await tree(files), before);
});

test('an abort leaves no trace', async () => {
  const files = memoryFileSystem();
  const commit = await openOutput(files, outputOf('error'), 'app-0', seededRandom(1));
  assert.ok(commit !== undefined);
  await writeAttempts(files, commit);
  await commit.abort();
  assert.equal(await files.stat('/out'), undefined);
});

test('a file that the driver does not see is an error that says why', async () => {
  const files = memoryFileSystem();
  const commit = await openOutput(files, outputOf('error'), 'app-0', seededRandom(1));
  await assert.rejects(async () => commit?.commit([{ task: 0, attempt: 0, files: [{ name: 'part-0', bytes: 3 }] }]), /OUTPUT_STORAGE_NOT_SHARED/);
});

test('what a dead attempt staged is no reason to refuse its successor', async () => {
  const files = memoryFileSystem();
  await openOutput(files, outputOf('error'), 'dead-0', seededRandom(1));
  await write(files, 'error');
  assert.deepEqual(visible(await tree(files)), newFiles);
});

/** Old or new, never a mixture and never less. */
function checkWhole(names: readonly string[], mode: SaveMode): void {
  const after = mode === 'append' ? [...oldNames, ...newFiles].toSorted() : newFiles;
  assert.ok([oldNames, after].some((whole) => JSON.stringify(whole) === JSON.stringify(visible(names))), `half-written: ${names.join(' ')}`);
}

for (const mode of ['overwrite', 'append'] as const) {
  test(`a crash at any operation of ${mode} loses nothing, and the next write makes the data whole`, async () => {
    for (let operations = 0; ; operations += 1) {
      const files = await oldData();
      const crashed = await crash(files, mode, operations);
      const names = visible(await tree(files));
      const [allOld, allNew] = [oldNames, newFiles].map((whole) => whole.every((name) => names.includes(name)));
      assert.ok(allOld || allNew, `after ${operations} operations: ${names.join(' ')}`);
      if (!crashed) break;
      const commit = await openOutput(files, outputOf('append'), 'next-0', seededRandom(2));
      await commit?.abort();
      checkWhole(await tree(files), mode);
    }
  });

  test(`one failing operation of ${mode} leaves the old or the new data, or says that the next write finishes it`, async () => {
    for (let failing = 0; ; failing += 1) {
      const files = await oldData();
      let failed = false;
      const faulty = faultyFileSystem(files, (_operation, path, count) => {
        failed ||= count === failing;
        return count === failing ? new FileError('Io', path, 'the disk hiccuped') : undefined;
      });
      const error = await write(faulty, mode, files).then(() => undefined, (cause: unknown) => cause);
      if (!failed) break;
      if (error !== undefined) assert.ok(error instanceof SparkError, String(error));
      if (error instanceof SparkError && /the next write to the path/.test(error.message)) {
        await (await openOutput(files, outputOf('append'), 'next-0', seededRandom(2)))?.abort();
      }
      const names = await tree(files);
      checkWhole(names, mode);
      if (error === undefined) assert.ok(names.includes('_SUCCESS'));
    }
  });
}

/** True when the writer died before it was done. */
async function crash(files: FileSystem, mode: SaveMode, operations: number): Promise<boolean> {
  const dying = faultyFileSystem(files, crashAfter(operations, new FileError('Io', '/out', 'the process is dead')));
  return await write(dying, mode, files).then(() => false, () => true);
}
