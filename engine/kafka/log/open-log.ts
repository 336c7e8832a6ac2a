/** Opens the log of a partition, or makes a new one, on a disk of the broker. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Disk } from '../../storage/disk.ts';
import { KafkaError } from '../kafka-error.ts';
import { Checkpoint } from './checkpoint.ts';
import { FileHandles } from './file-handles.ts';
import { IndexCache } from './index-cache.ts';
import { LeaderEpochs } from './leader-epochs.ts';
import { recoverLog } from './log-recovery.ts';
import { LogState, type LogResources } from './log-state.ts';
import { restartLog } from './log-truncation.ts';
import type { LogConfig, PartitionLog } from './partition-log.ts';
import { TailBudget } from './recent-tail.ts';
import type { SegmentPlace } from './segment.ts';
import { StoredLog } from './stored-log.ts';

export interface LogResourceLimits {
  readonly openFilesMax: number;
  /** Recent batches in memory: of all logs together, and of one. */
  readonly tailBytesMax: number;
  readonly tailBytesPerLogMax: number;
  /** Indexes of segments that are not written any more. */
  readonly indexCacheBytesMax: number;
}

export const defaultLogResourceLimits: LogResourceLimits = {
  openFilesMax: 2000, tailBytesMax: 256 * 1024 * 1024, tailBytesPerLogMax: 4 * 1024 * 1024, indexCacheBytesMax: 64 * 1024 * 1024,
};

/** What all logs on one disk share: made once, closed after the logs. */
export function openLogResources(disk: Disk, limits: LogResourceLimits = defaultLogResourceLimits): LogResources {
  return {
    handles: new FileHandles(disk, limits.openFilesMax),
    tails: new TailBudget(limits.tailBytesMax, limits.tailBytesPerLogMax),
    indexCache: new IndexCache(limits.indexCacheBytesMax),
  };
}

export interface PartitionLogOptions {
  readonly disk: Disk;
  /** The log's own, relative to the disk's root; made when it is missing. */
  readonly directory: string;
  readonly config: LogConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resources: LogResources;
  /** What compaction may remember of keys at a time. */
  readonly keyMapBytesMax?: number;
  /** Ends a long recovery. */
  readonly signal?: AbortSignal;
}

/**
 * After a crash, what was not synced is verified, and a torn end is cut. Rejects with KAFKA_STORAGE_ERROR that names file and byte when what was synced is
 * damaged, and when the disk fails.
 */
export async function openPartitionLog(options: PartitionLogOptions): Promise<PartitionLog> {
  const { disk, directory, config, clock, logger, resources, signal } = options;
  const place: SegmentPlace = { disk, directory, logger, handles: resources.handles, indexCache: resources.indexCache };
  const checkpoint = new Checkpoint(resources.handles, directory);
  const epochs = new LeaderEpochs(disk, directory);
  try {
    await makeDirectory(disk, directory);
    await checkpoint.load();
    const recovered = await recoverLog({ place, checkpoint, epochs, config, signal });
    // In memory only: until something changes, the log is as it was closed.
    checkpoint.fields = { ...checkpoint.fields, closedAt: -1 };
    const state = new LogState({ disk, directory, config, clock, logger, resources, checkpoint, epochs, ...recovered });
    state.producers.highWatermarkIs(state.highWatermark);
    if (state.active.bytes > 0) state.active.firstAppendMs = clock.wallMs();
    if (recovered.scanned) await settle(state);
    // The log was told to begin behind all that a crash has left of it.
    if (state.logEndOffset < state.logStartOffset) await restartLog(state, state.logStartOffset);
    return new StoredLog(state, { keyMapBytesMax: options.keyMapBytesMax ?? 64 * 1024 * 1024 });
  } catch (cause) {
    await checkpoint.close();
    if (cause instanceof KafkaError || (signal?.aborted === true && cause === signal.reason)) throw cause;
    throw new KafkaError('KAFKA_STORAGE_ERROR', `The log ${directory} cannot be opened: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What a process left that ended without closing the log counts from now on, so it is synced. */
async function settle(state: LogState): Promise<void> {
  for (const segment of state.segments) {
    if (!segment.created) {
      await (await state.disk.open(segment.file.path, 'write')).close();
      segment.created = true;
    } else if (segment.isPinned) await segment.sync();
  }
  await state.disk.syncDirectory(state.directory);
  await state.checkpoint.save({
    logStartOffset: state.logStartOffset, recoveryPoint: state.logEndOffset, highWatermark: state.highWatermark,
    cleanedTo: Math.min(state.checkpoint.fields.cleanedTo, state.logEndOffset),
  }, 'durable');
}

async function makeDirectory(disk: Disk, directory: string): Promise<void> {
  if ((await disk.stat(directory)) !== undefined) return;
  await disk.makeDirectory(directory);
  await disk.syncDirectory(directory.includes('/') ? directory.slice(0, directory.lastIndexOf('/')) : '');
}
