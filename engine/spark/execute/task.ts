/** What a task has at hand while it runs. */
import type { Logger } from '../../core/logger.ts';
import type { FileSystem } from '../../storage/file-system.ts';
import type { StoreSettings } from '../../storage/stores.ts';
import type { Fragment, KernelFragment } from '../physical/stage.ts';
import type { Run, StageMessage, TaskMessage } from '../schedule/messages.ts';
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
  /** File of the program that MapReduce tasks run in, and what it is told. */
  readonly taskProgram: string;
  readonly mounts: Readonly<Record<string, string>>;
  readonly storeSettings: StoreSettings;
  readonly logger: Logger;
  readonly onStatus: (run: Run, text: string) => void;
}

export interface Task<Of extends Fragment = KernelFragment> {
  readonly stage: StageMessage;
  readonly message: TaskMessage;
  readonly fragment: Of;
  /** The task's number within its fragment: the split and the partition that it reads. */
  readonly index: number;
  readonly slot: KernelSlot;
  /** Only for this task; gone when it ends. */
  readonly scratchDirectory: string;
  readonly resources: ExecutorResources;
  readonly signal: AbortSignal;
}
