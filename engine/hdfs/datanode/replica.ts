/** What a datanode knows of one replica. A datanode may have a million of them. */
import type { ReplicaReport, ReplicaState } from '../datanode-protocol.ts';
import type { Block } from '../model.ts';
import { metaBytes } from './meta-file.ts';
import { dataPath, metaPath } from './replica-path.ts';
import type { ReplicaWriter } from './replica-writer.ts';
import type { Volume } from './volume.ts';

export interface ReplicaFields extends Block {
  readonly state: ReplicaState;
  /** Of the last chunk. Only for replicas that are not final. */
  readonly lastChecksum?: number;
  /** Of the newest seal. */
  readonly sequence?: number;
  readonly copy?: boolean;
}

export class Replica {
  readonly id: number;
  readonly volume: Volume;
  generationStamp: number;
  /** Written, with checksums. */
  bytes: number;
  state: ReplicaState;
  /** Of the last chunk of `bytes`, while the replica is not final. */
  lastChecksum: number;
  /** Of the newest seal. */
  sequence: number;
  /** What every datanode of the pipeline has: readers see so much of a replica that is being written. */
  visibleBytes: number;
  /** It comes from another datanode and is told of only when it is whole. */
  copy: boolean;
  /** Open for writing. */
  writer: ReplicaWriter | undefined;
  /** The stamp of the newest recovery that has begun: older writers and recoveries are refused. */
  recoveryStamp = 0;
  /** Grows when bytes that were there are given up: a reader that was at work starts anew. */
  cuts = 0;
  removed = false;

  constructor(volume: Volume, { id, generationStamp, bytes, state, lastChecksum = 0, sequence = 0, copy = false }: ReplicaFields) {
    this.id = id;
    this.volume = volume;
    this.generationStamp = generationStamp;
    this.bytes = bytes;
    this.state = state;
    this.lastChecksum = lastChecksum;
    this.sequence = sequence;
    this.visibleBytes = state === 'Finalized' ? bytes : 0;
    this.copy = copy;
    volume.usedBytes += this.diskBytes;
  }

  get diskBytes(): number {
    return this.bytes + metaBytes(this.bytes);
  }

  get block(): Block {
    return { id: this.id, generationStamp: this.generationStamp, bytes: this.bytes };
  }

  get report(): ReplicaReport {
    return { ...this.block, state: this.state };
  }

  get dataPath(): string {
    return dataPath(this.id);
  }

  get metaPath(): string {
    return metaPath(this.id, this.generationStamp, this.copy ? 'copy' : 'meta');
  }

  /** Bytes that a reader may have. */
  get readableBytes(): number {
    return this.state === 'Finalized' ? this.bytes : this.visibleBytes;
  }

  setBytes(bytes: number): void {
    this.volume.usedBytes -= this.diskBytes;
    this.bytes = bytes;
    this.volume.usedBytes += this.diskBytes;
  }
}
