/** A file system that fails when told to: for tests of what is left behind. */
import type { FileBlock, FileError, FileStatus, FileSystem } from './file-system.ts';

export type FileOperation = 'stat' | 'list' | 'read' | 'write' | 'makeDirectory' | 'rename' | 'remove' | 'sync';

/** Called before each operation, `count` from 0; the error returned fails it before it has any effect. */
export type FaultPlan = (operation: FileOperation, path: string, count: number) => FileError | undefined;

export function faultyFileSystem(inner: FileSystem, plan: FaultPlan): FileSystem {
  let count = 0;
  const check = (operation: FileOperation, path: string): void => {
    const error = plan(operation, path, count);
    count += 1;
    if (error !== undefined) throw error;
  };
  return {
    isLocal: (path) => inner.isLocal(path),
    toLocal: (path) => inner.toLocal(path),
    async *readRange(path, offset, length, signal): AsyncIterable<Uint8Array> {
      check('read', path);
      yield* inner.readRange(path, offset, length, signal);
    },
    async writeStream(path, chunks, signal): Promise<number> {
      check('write', path);
      return await inner.writeStream(path, chunks, signal);
    },
    async blocks(path, signal): Promise<readonly FileBlock[]> {
      check('stat', path);
      return await inner.blocks(path, signal);
    },
    async stat(path): Promise<FileStatus | undefined> {
      check('stat', path);
      return await inner.stat(path);
    },
    async list(path): Promise<readonly FileStatus[]> {
      check('list', path);
      return await inner.list(path);
    },
    async read(path): Promise<Uint8Array> {
      check('read', path);
      return await inner.read(path);
    },
    async write(path, data): Promise<void> {
      check('write', path);
      await inner.write(path, data);
    },
    async makeDirectory(path): Promise<void> {
      check('makeDirectory', path);
      await inner.makeDirectory(path);
    },
    async rename(from, to): Promise<void> {
      check('rename', from);
      await inner.rename(from, to);
    },
    async remove(path): Promise<void> {
      check('remove', path);
      await inner.remove(path);
    },
    async sync(directory): Promise<void> {
      check('sync', directory);
      await inner.sync(directory);
    },
  };
}

/** Fails every operation from the `count`-th on, as seen by a process that dies there. */
export function crashAfter(count: number, error: FileError): FaultPlan {
  return (_operation, _path, done) => (done >= count ? error : undefined);
}
