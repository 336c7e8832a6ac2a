/** Copies what a task reads of files in a store, so that the kernel can open them. The copies lie in the task's scratch directory and go with it. */
import { join } from 'node:path';
import { assert } from '../../core/assert.ts';
import { copyFile, copyPath } from '../../storage/local-copy.ts';
import type { FileSplit } from '../physical/stage.ts';
import type { Task } from './task.ts';

/** Where each copy lies: text is cut into parts that are files of their own, even of one file. */
export async function localSplits(task: Task, input: number, splits: readonly FileSplit[]): Promise<readonly (FileSplit & { readonly localPath: string })[]> {
  const { fileSystem } = task.resources;
  const placed = splits.map((split, i) => ({
    ...split, localPath: fileSystem.isLocal(split.path) ? fileSystem.toLocal(split.path) : copyPath(join(copiesDirectory(task), `${input}-${i}`), split.path),
  }));
  for (const { copy, path, localPath } of placed) {
    if (fileSystem.isLocal(path)) continue;
    assert(copy !== undefined, `the plan says nothing of how to copy ${path}`);
    await copyFile(fileSystem, { path, fileBytes: copy.fileBytes, version: copy.version, part: copy.part }, localPath, task.signal);
  }
  return placed;
}

function copiesDirectory(task: Task): string {
  return join(task.scratchDirectory, 'copies');
}

/** The error of a kernel that names a copy, as one that names the file. */
export function namingFiles(task: Task, error: unknown): unknown {
  const directory = copiesDirectory(task);
  if (!(error instanceof Error) || !error.message.includes(directory)) return error;
  const [first = '', ...others] = error.message.split(directory);
  return new Error(first + others.map((part) => part.replace(/^\/\d+-\d+\/(\w+)\//, '$1://')).join(''), { cause: error });
}
