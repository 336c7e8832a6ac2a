/**
 * Reads every final replica now and then, slowly, because a sector may rot that nobody reads. Where it has come to is kept on the volume, so that a
 * restart does not begin anew. The store reports what is wrong.
 */
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { FileError } from '../../storage/file-system.ts';
import type { BlockStore } from './block-store.ts';
import { ReplicaError } from './replica-error.ts';
import { withFile } from './replica-files.ts';
import { Throttle } from './throttle.ts';
import type { Volume } from './volume.ts';

export interface ScannerOptions {
  readonly store: BlockStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Per volume. Default: HDFS's, 1 MiB/s. */
  readonly bytesPerSecond?: number;
  /** From the start of one round to that of the next. Default: HDFS's, three weeks. */
  readonly periodMs?: number;
}

const defaults = { bytesPerSecond: 1024 * 1024, periodMs: 21 * 24 * 3_600_000 };
const pieceBytes = 256 * 1024;
const idleMs = 60_000;
const saveEveryMs = 60_000;
const batch = 1000;
const cursorPath = 'scan.json';
const cursorBytesMax = 4096;

const cursorSchema = z.object({ lastId: z.number(), startedMs: z.number(), finished: z.boolean() });
type Cursor = z.infer<typeof cursorSchema>;

/** Runs until the signal aborts; never rejects for what a disk does. */
export async function scanVolume(options: ScannerOptions, volume: Volume, signal: AbortSignal): Promise<void> {
  const { clock, store, logger } = options;
  const periodMs = options.periodMs ?? defaults.periodMs;
  const throttle = new Throttle(clock, options.bytesPerSecond ?? defaults.bytesPerSecond);
  let cursor = await loadCursor(volume) ?? { lastId: -1, startedMs: clock.wallMs(), finished: false };
  let savedMs = clock.nowMs();
  while (!signal.aborted && !volume.failed) {
    if (cursor.finished && clock.wallMs() - cursor.startedMs >= periodMs) cursor = { lastId: -1, startedMs: clock.wallMs(), finished: false };
    const ids = cursor.finished ? [] : store.finalizedIds(volume.id).filter((id) => id > cursor.lastId).slice(0, batch);
    for (const id of ids) {
      await scanReplica(store, id, throttle, signal, logger);
      if (signal.aborted) break;
      cursor = { ...cursor, lastId: id };
      if (clock.nowMs() - savedMs >= saveEveryMs) {
        savedMs = clock.nowMs();
        await saveCursor(volume, cursor, logger);
      }
    }
    if (ids.length > 0) continue;
    if (!cursor.finished) {
      cursor = { ...cursor, finished: true };
      await saveCursor(volume, cursor, logger);
    }
    await clock.sleep(idleMs, signal).catch(() => {});
  }
  if (!volume.failed) await saveCursor(volume, cursor, logger);
}

async function scanReplica(store: BlockStore, id: number, throttle: Throttle, signal: AbortSignal, logger: Logger): Promise<void> {
  const replica = store.get(id);
  if (replica?.state !== 'Finalized') return;
  const { block } = replica;
  try {
    for (let offset = 0; offset < block.bytes; offset += pieceBytes) {
      await throttle.take(Math.min(pieceBytes, block.bytes - offset), signal);
      await store.read(block, offset, pieceBytes);
    }
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof ReplicaError)) throw error;
    // It may have been removed or gone on with meanwhile.
    if (error.code !== 'ReplicaNotFound') logger.warn({ err: error, block: id }, 'the scan found a damaged replica');
  }
}

async function loadCursor({ disk }: Volume): Promise<Cursor | undefined> {
  try {
    const text = await withFile(disk, cursorPath, 'read', async (file) => {
      const bytes = Buffer.alloc(Math.min(cursorBytesMax, await file.size()));
      return bytes.toString('utf8', 0, await file.read(bytes, 0));
    });
    return cursorSchema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    // None yet, or torn by a crash: the round begins anew.
    if (error instanceof FileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function saveCursor({ disk }: Volume, cursor: Cursor, logger: Logger): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(cursor));
  try {
    await withFile(disk, `${cursorPath}.new`, 'write', async (file) => {
      await file.truncate(0);
      await file.write(bytes, 0);
      await file.sync();
    });
    await disk.rename(`${cursorPath}.new`, cursorPath);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    logger.warn({ err: error }, 'the progress of a scan could not be kept');
  }
}
