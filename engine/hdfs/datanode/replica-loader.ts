/**
 * What is on a volume when the datanode starts. A replica is final when its newest checksum file is sealed as final; any other was being written, and
 * keeps the bytes that its checksums prove. What proves nothing is removed.
 */
import { bytesPerChecksum } from '../model.ts';
import type { Disk, DiskFile, DiskFileStatus } from '../../storage/disk.ts';
import { checksumBytes, chunkStart, crc32c, firstWrongChunk, lastChecksum } from './chunk-checksums.ts';
import { checksumPosition, metaBytes, metaHeaderBytes, type BlockVersion, type Seal } from './meta-file.ts';
import { readChecksums, readSeals, withFile } from './replica-files.ts';
import { blocksDirectory, dataPath, metaPath, orphansDirectory, parseReplicaFileName, replicaDirectory } from './replica-path.ts';
import type { ReplicaFields } from './replica.ts';
import type { Volume } from './volume.ts';

const pieceBytes = 1024 * 1024;
/** Replicas that are looked at together. */
const atOnce = 32;

interface Found {
  data?: DiskFileStatus;
  readonly metas: { readonly generationStamp: number; readonly bytes: number }[];
  readonly copies: number[];
}

interface Proof {
  readonly bytes: number;
  readonly lastChecksum: number;
}

interface Candidate {
  readonly version: BlockVersion;
  readonly metaFileBytes: number;
  readonly seals: readonly Seal[];
}

/** Cleans up as it goes. Rejects with `FileError` when the disk fails. */
export async function loadReplicas(volume: Volume): Promise<readonly ReplicaFields[]> {
  const replicas: ReplicaFields[] = [];
  for (const outer of await directoriesIn(volume.disk, blocksDirectory)) {
    for (const inner of await directoriesIn(volume.disk, outer)) {
      const found = [...await replicasIn(volume.disk, inner)];
      for (let from = 0; from < found.length; from += atOnce) {
        const loaded = await Promise.all(found.slice(from, from + atOnce).map(([id, files]) => loadReplica(volume, id, files)));
        replicas.push(...loaded.filter((each) => each !== undefined));
      }
    }
  }
  return replicas;
}

async function directoriesIn(disk: Disk, path: string): Promise<readonly string[]> {
  return (await disk.list(path)).filter((each) => each.kind === 'directory').map((each) => `${path}/${each.name}`);
}

async function replicasIn(disk: Disk, directory: string): Promise<ReadonlyMap<number, Found>> {
  const found = new Map<number, Found>();
  for (const status of await disk.list(directory)) {
    const name = parseReplicaFileName(status.name);
    if (name === undefined || status.kind !== 'file' || replicaDirectory(name.id) !== directory) continue;
    const entry = found.get(name.id) ?? { metas: [], copies: [] };
    found.set(name.id, entry);
    if (name.kind === 'data') entry.data = status;
    else if (name.kind === 'copy') entry.copies.push(name.generationStamp);
    else entry.metas.push({ generationStamp: name.generationStamp, bytes: status.bytes });
  }
  return found;
}

async function loadReplica(volume: Volume, id: number, found: Found): Promise<ReplicaFields | undefined> {
  const { disk } = volume;
  for (const stamp of found.copies) await disk.remove(metaPath(id, stamp, 'copy'));
  const candidates = await candidatesOf(disk, id, found);
  if (found.data === undefined || candidates.length === 0) {
    for (const { generationStamp } of found.metas) await disk.remove(metaPath(id, generationStamp));
    if (found.data !== undefined) await dropData(volume, id, found.data.bytes > 0 && found.copies.length === 0);
    return undefined;
  }
  const { chosen, fields } = await choose(disk, found.data.bytes, candidates);
  for (const { generationStamp } of found.metas) if (generationStamp !== chosen.version.generationStamp) await disk.remove(metaPath(id, generationStamp));
  return fields;
}

/** Newest first. */
async function candidatesOf(disk: Disk, id: number, { metas }: Found): Promise<readonly Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { generationStamp, bytes } of metas.toSorted((a, b) => b.generationStamp - a.generationStamp)) {
    const version = { id, generationStamp };
    const seals = await withFile(disk, metaPath(id, generationStamp), 'read', (file) => readSeals(file, version));
    if (seals !== undefined) candidates.push({ version, metaFileBytes: bytes, seals });
  }
  return candidates;
}

/** Bytes without checksums were never acknowledged as durable; should a disk have lost the checksums, people may want what is left. */
async function dropData(volume: Volume, id: number, keep: boolean): Promise<void> {
  if (!keep) return volume.disk.remove(dataPath(id));
  await volume.disk.makeDirectory(orphansDirectory);
  return volume.disk.rename(dataPath(id), `${orphansDirectory}/blk_${id}`);
}

/** The newest version, unless it proves less than an older one: then it was being made when the datanode stopped. */
async function choose(disk: Disk, dataBytes: number, candidates: readonly Candidate[]): Promise<{ readonly chosen: Candidate; readonly fields: ReplicaFields }> {
  const proofs: { readonly candidate: Candidate; readonly final: boolean; readonly proof: Proof }[] = [];
  for (const candidate of candidates) {
    const [seal] = candidate.seals;
    const final = seal?.final === true;
    proofs.push({ candidate, final, proof: final ? { bytes: Math.min(dataBytes, seal.bytes), lastChecksum: seal.lastChecksum } : await prove(disk, dataBytes, candidate) });
    if (final) break;
  }
  const most = proofs.reduce((bytes, each) => Math.max(bytes, each.proof.bytes), 0);
  const best = proofs.find((each) => each.proof.bytes === most) ?? proofs[0];
  if (best === undefined) throw new TypeError('there is no candidate to choose');
  const { candidate, final, proof } = best;
  await cut(disk, dataBytes, candidate, proof, final);
  const sequence = candidate.seals[0]?.sequence ?? 0;
  return { chosen: candidate, fields: { ...candidate.version, bytes: proof.bytes, state: final ? 'Finalized' : 'WaitingToBeRecovered', lastChecksum: proof.lastChecksum, sequence } };
}

/** How many bytes, from the start, agree with the checksums. */
async function prove(disk: Disk, dataBytes: number, { version, metaFileBytes, seals }: Candidate): Promise<Proof> {
  const covered = Math.max(0, Math.floor((metaFileBytes - metaHeaderBytes) / checksumBytes)) * bytesPerChecksum;
  const limit = Math.min(dataBytes, covered);
  return withFile(disk, dataPath(version.id), 'read', (data) => withFile(disk, metaPath(version.id, version.generationStamp), 'read', async (meta) => {
    const proof = await proveChunks(data, meta, limit);
    return seals.length === 0 ? proof : proveSeals(data, dataBytes, proof, seals);
  }));
}

async function proveChunks(data: DiskFile, meta: DiskFile, limit: number): Promise<Proof> {
  let last = 0;
  for (let at = 0; at < limit; at += pieceBytes) {
    const to = Math.min(limit, at + pieceBytes);
    const piece = Buffer.alloc(to - at);
    await data.read(piece, at);
    const checksums = await readChecksums(meta, at, to);
    const wrong = firstWrongChunk(piece, checksums);
    if (wrong >= 0) {
      const from = wrong * bytesPerChecksum;
      const before = wrong === 0 ? last : checksums.readUInt32BE((wrong - 1) * checksumBytes);
      return prefixOf(piece.subarray(from, from + bytesPerChecksum), checksums.readUInt32BE(wrong * checksumBytes), { bytes: at + from, lastChecksum: before });
    }
    last = lastChecksum(checksums);
  }
  return { bytes: limit, lastChecksum: last };
}

/** The chunk had grown, and its checksum had not followed yet: it still proves the bytes that it was made of. */
function prefixOf(chunk: Buffer, checksum: number, before: Proof): Proof {
  for (let bytes = chunk.length - 1; bytes > 0; bytes -= 1) {
    if (crc32c(chunk.subarray(0, bytes)) === checksum) return { bytes: before.bytes + bytes, lastChecksum: checksum };
  }
  return before;
}

async function proveSeals(data: DiskFile, dataBytes: number, proof: Proof, seals: readonly Seal[]): Promise<Proof> {
  let best = proof;
  for (const seal of seals) {
    const start = chunkStart(seal.bytes);
    if (seal.bytes <= best.bytes || seal.bytes > dataBytes || start > proof.bytes || start === seal.bytes) continue;
    const chunk = Buffer.alloc(seal.bytes - start);
    await data.read(chunk, start);
    if (crc32c(chunk) === seal.lastChecksum) best = { bytes: seal.bytes, lastChecksum: seal.lastChecksum };
  }
  return best;
}

/** Takes away what is not proven, so that later bytes never stand beside old ones. */
async function cut(disk: Disk, dataBytes: number, { version, metaFileBytes }: Candidate, { bytes, lastChecksum: checksum }: Proof, final: boolean): Promise<void> {
  if (dataBytes > bytes) await withFile(disk, dataPath(version.id), 'write', async (file) => {
    await file.truncate(bytes);
    await file.sync();
  });
  if (final) return;
  await withFile(disk, metaPath(version.id, version.generationStamp), 'write', async (file) => {
    const last = Buffer.alloc(checksumBytes);
    last.writeUInt32BE(checksum);
    if (metaFileBytes > metaBytes(bytes)) await file.truncate(metaBytes(bytes));
    if (bytes > 0) await file.write(last, checksumPosition(bytes - 1));
    await file.sync();
  });
}
