/**
 * Puts a segment that compaction made in the place of those that it was made of. `…-….log.swap` says that it is whole, and so are the files of its indexes;
 * from then on a crash anywhere ends in the new segment, because the same steps are done again.
 */
import type { Disk } from '../../storage/disk.ts';
import { cleanedName, segmentFileKinds, segmentFileName } from './segment-name.ts';
import { readWhole, writeSynced } from './small-file.ts';

export interface Swap {
  readonly baseOffset: number;
  /** Where the first segment begins that stays. */
  readonly untilOffset: number;
  /** Of the segments that are there. */
  readonly bases: readonly number[];
}

const indexKinds = ['txnindex', 'timeindex', 'index'] as const;

/** The files `.cleaned` are whole and synced. From the end of this on, the swap happens. */
export async function commitSwap(disk: Disk, directory: string, { baseOffset, untilOffset }: Swap): Promise<void> {
  for (const kind of [...indexKinds, 'log'] as const) {
    await disk.rename(`${directory}/${cleanedName(baseOffset, untilOffset, kind, 'cleaned')}`, `${directory}/${cleanedName(baseOffset, untilOffset, kind, 'swap')}`);
    if (kind === 'index' || kind === 'log') await disk.syncDirectory(directory);
  }
}

/** Can be done again from any point of it. Durable. */
export async function finishSwap(disk: Disk, directory: string, { baseOffset, untilOffset, bases }: Swap): Promise<void> {
  const swap = (kind: (typeof segmentFileKinds)[number]): string => `${directory}/${cleanedName(baseOffset, untilOffset, kind, 'swap')}`;
  const final = (kind: (typeof segmentFileKinds)[number]): string => `${directory}/${segmentFileName(baseOffset, kind)}`;
  for (const base of bases) {
    if (base <= baseOffset || base >= untilOffset) continue;
    for (const kind of segmentFileKinds) await disk.remove(`${directory}/${segmentFileName(base, kind)}`);
  }
  for (const kind of indexKinds) {
    const bytes = await readWhole(disk, swap(kind));
    if (bytes === undefined) continue;
    if (bytes.length === 0 && kind === 'txnindex') await disk.remove(final(kind));
    else await writeSynced(disk, final(kind), bytes);
  }
  await disk.syncDirectory(directory);
  await disk.rename(swap('log'), final('log'));
  await disk.syncDirectory(directory);
  for (const kind of indexKinds) await disk.remove(swap(kind));
  await disk.syncDirectory(directory);
}
