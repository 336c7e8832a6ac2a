/** The volumes of a datanode: opened together, of one cluster and one datanode; one that fails is left out and the others go on. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { Disk } from '../../storage/disk.ts';
import { FileError } from '../../storage/file-system.ts';
import type { VolumeReport } from '../datanode-protocol.ts';
import { ReplicaError } from './replica-error.ts';
import { Volume } from './volume.ts';
import { newUuid, readIdentity, WrongDiskError, writeIdentity, type VolumeIdentity } from './volume-identity.ts';

export interface DiskAt {
  /** Its directory, for people. */
  readonly label: string;
  readonly disk: Disk;
}

export interface VolumeSetOptions {
  readonly disks: readonly DiskAt[];
  readonly clusterId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly reserveBytes?: number | undefined;
}

/** Every volume has failed: the process ends with `hdfsExitCode.noDisk`. */
export class NoDiskError extends Error {
  override readonly name = 'NoDiskError';
  readonly code = 'NoDisk';
}

interface Opened extends DiskAt {
  readonly identity: VolumeIdentity | undefined;
}

export class VolumeSet {
  readonly uuid: string;
  readonly volumes: readonly Volume[];
  readonly #random: Random;

  constructor(uuid: string, volumes: readonly Volume[], random: Random) {
    this.uuid = uuid;
    this.volumes = volumes;
    this.#random = random;
  }

  /** Formats disks that nobody has used. Rejects with `WrongDiskError`, or `NoDiskError` when none can be used. */
  static async open(options: VolumeSetOptions): Promise<VolumeSet> {
    const { clusterId, random, logger, disks } = options;
    const outcomes = await Promise.all(disks.map((each) => tryDisk(each, logger, async (): Promise<Opened> => ({ ...each, identity: await readIdentity(each.disk, each.label) }))));
    const opened = outcomes.filter((each) => each !== undefined);
    const known = opened.find((each) => each.identity !== undefined)?.identity;
    for (const { label, identity } of opened) if (identity !== undefined && known !== undefined) checkIdentity(label, identity, clusterId, known);
    const uuid = known?.datanodeUuid ?? newUuid(random);
    const volumes = await Promise.all(disks.map((each) => openVolume(options, each, opened.find((found) => found.label === each.label), uuid)));
    if (volumes.every((each) => each.failed)) throw new NoDiskError(`none of the volumes ${disks.map((each) => each.label).join(', ')} can be used`);
    return new VolumeSet(uuid, volumes, random);
  }

  get working(): readonly Volume[] {
    return this.volumes.filter((each) => !each.failed);
  }

  reports(): readonly VolumeReport[] {
    return this.volumes.map((each) => each.report());
  }

  /** For heartbeats. A volume that cannot be measured keeps its last figures until it is found out. */
  async measure(onError: (volume: Volume, error: unknown) => Promise<unknown>): Promise<void> {
    await Promise.all(this.working.map((each) => each.measure().catch((error: unknown) => onError(each, error))));
  }

  /** Where a replica of up to so many bytes goes: by chance, in proportion to what is free. Throws DiskOutOfSpace. */
  choose(bytes: number): Volume {
    const roomy = this.working.filter((each) => each.unpromisedBytes >= bytes);
    let left = this.#random.fraction() * roomy.reduce((sum, each) => sum + each.unpromisedBytes, 0);
    for (const each of roomy) {
      left -= each.unpromisedBytes;
      if (left < 0) return each;
    }
    const last = roomy.at(-1);
    if (last === undefined) throw new ReplicaError('DiskOutOfSpace', `no volume has room for a block of ${bytes} bytes`);
    return last;
  }
}

function checkIdentity(label: string, identity: VolumeIdentity, clusterId: string, first: VolumeIdentity): void {
  if (identity.clusterId !== clusterId) throw new WrongDiskError(`the disk ${label} belongs to cluster ${identity.clusterId}, not to ${clusterId}`);
  if (identity.datanodeUuid !== first.datanodeUuid) throw new WrongDiskError(`the disk ${label} belongs to datanode ${identity.datanodeUuid}, not to ${first.datanodeUuid}`);
}

async function openVolume({ clusterId, clock, random, logger, reserveBytes }: VolumeSetOptions, at: DiskAt, opened: Opened | undefined, datanodeUuid: string): Promise<Volume> {
  const { disk, label } = at;
  const make = (id: string): Volume => new Volume({ disk, label, id, clock, reserveBytes });
  const volume = opened === undefined ? undefined : await tryDisk(at, logger, async () => {
    const volumeId = opened.identity?.volumeId ?? newUuid(random);
    if (opened.identity === undefined) await writeIdentity(disk, { layoutVersion: 1, clusterId, datanodeUuid, volumeId });
    const working = make(volumeId);
    await working.measure();
    return working;
  });
  if (volume !== undefined) return volume;
  const failed = make(label);
  failed.failed = true;
  return failed;
}

async function tryDisk<T>({ label }: DiskAt, logger: Logger, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    logger.error({ err: error, volume: label }, 'a volume cannot be used');
    return undefined;
  }
}
