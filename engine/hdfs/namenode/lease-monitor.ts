/** Takes files from writers that have not been heard of for the hard limit, and sees recoveries through. */
import { HdfsError } from '../hdfs-error.ts';
import type { FileRecovery } from './file-recovery.ts';
import type { NameNodeContext } from './name-node-context.ts';

/** Files taken in one round: each is an entry of the journal. */
const filesPerRound = 1000;

/** To be called every second or so on the active namenode. */
export async function watchLeases(context: NameNodeContext, recovery: FileRecovery): Promise<void> {
  const { blocks, clock, leases, logger, namespace } = context;
  if (!context.isActive() || blocks.safeModeOn) return;
  const nowMs = clock.nowMs();
  const holders = namespace.leaseHolders();
  leases.keep(new Set(holders.keys()));
  const lost = [...holders].filter(([client]) => leases.isHardExpired(client, nowMs)).flatMap(([, files]) => files);
  for (const id of lost.slice(0, filesPerRound)) {
    const file = namespace.openFile(id);
    if (file === undefined || file.construction?.recovery !== undefined) continue;
    try {
      await recovery.take(file);
    } catch (error) {
      if (!(error instanceof HdfsError)) throw error;
      logger.warn({ file: file.path, reason: error.message }, 'the file of a lost writer could not be closed yet');
    }
  }
  await recovery.repeat(new Set([...holders.values()].flat()));
}
