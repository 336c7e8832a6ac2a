/** What a task has at hand while it runs. */
import type { FileSystem } from '../../storage/file-system.ts';
import type { Fragment } from '../physical/stage.ts';
import type { StageMessage, TaskMessage } from '../schedule/messages.ts';
import type { BlockFetcher } from './block-fetch.ts';
import type { BlockStore } from './block-store.ts';
import type { JobTables } from './job-tables.ts';
import type { KernelSlot } from './kernel.ts';

export interface ExecutorResources {
  /** The executor's own id: its blocks are read where they lie. */
  readonly executor: string;
  readonly store: BlockStore;
  readonly fetcher: BlockFetcher;
  readonly tables: JobTables;
  readonly fileSystem: FileSystem;
  readonly workDirectory: string;
}

export interface Task {
  readonly stage: StageMessage;
  readonly message: TaskMessage;
  readonly fragment: Fragment;
  /** The task's number within its fragment: the split and the partition that it reads. */
  readonly index: number;
  readonly slot: KernelSlot;
  /** Only for this task; gone when it ends. */
  readonly scratchDirectory: string;
  readonly resources: ExecutorResources;
  readonly signal: AbortSignal;
}
