/** Snapshots on the disk: pieces with a length and a checksum each, an end mark, renamed into place when whole. The two newest are kept. */
import { crc32c } from '@node-rs/crc32';
import type { Disk, DiskFile } from '../storage/disk.ts';
import { LogError } from './replicated-log.ts';

export interface SnapshotId {
  /** Of the last entry that it contains. */
  readonly index: number;
  readonly term: number;
}

const namePattern = /^snapshot-(\d{16})-(\d{16})$/;
const headerBytes = 8;
const pieceBytesMax = 64 * 1024 * 1024;
const kept = 2;

export class SnapshotStore {
  readonly #disk: Disk;
  #known: SnapshotId[] = [];
  #written = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  get newest(): SnapshotId | undefined {
    return this.#known.at(-1);
  }

  async load(): Promise<void> {
    const names = (await this.#disk.list('')).map(({ name }) => name);
    for (const name of names) if (name.startsWith('snapshot-') && name.endsWith('.new')) await this.#disk.remove(name);
    this.#known = names.map((name) => namePattern.exec(name)).filter((match) => match !== null).map((match) => ({ index: Number(match[1]), term: Number(match[2]) }));
  }

  /** Writes it whole, then makes it the newest. */
  async write(id: SnapshotId, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const name = nameOf(id);
    this.#written += 1;
    // The own one and one that comes from the leader may be of the same entry.
    const temporary = `${name}.${this.#written}.new`;
    await this.#disk.remove(temporary);
    const file = await this.#disk.open(temporary, 'create');
    try {
      let at = 0;
      for await (const piece of pieces) at = await writePiece(file, at, piece);
      await writePiece(file, at, new Uint8Array());
      await file.sync();
    } catch (error) {
      await file.close();
      await this.#disk.remove(temporary);
      throw error;
    }
    await file.close();
    await this.#disk.rename(temporary, name);
    await this.#disk.syncDirectory('');
    this.#known = [...this.#known.filter(({ index }) => index !== id.index), id].toSorted((a, b) => a.index - b.index);
    while (this.#known.length > kept) {
      const [oldest, ...rest] = this.#known;
      this.#known = rest;
      if (oldest !== undefined) await this.#disk.remove(nameOf(oldest));
    }
  }

  /** Rejects with `LogError` Corrupt as soon as a piece is damaged or missing. */
  async* read(id: SnapshotId): AsyncGenerator<Uint8Array> {
    const name = nameOf(id);
    const file = await this.#disk.open(name, 'read');
    try {
      for (let at = 0; ;) {
        const header = Buffer.alloc(headerBytes);
        const got = await file.read(header, at);
        const length = header.readUInt32BE(0);
        if (got < headerBytes || length > pieceBytesMax) throw new LogError('Corrupt', `the snapshot ${name} is damaged at byte ${at}`);
        if (length === 0) return;
        const piece = Buffer.alloc(length);
        if (await file.read(piece, at + headerBytes) < length || crc32c(piece) !== header.readUInt32BE(4)) throw new LogError('Corrupt', `the snapshot ${name} is damaged at byte ${at}`);
        yield piece;
        at += headerBytes + length;
      }
    } finally {
      await file.close();
    }
  }
}

function nameOf({ index, term }: SnapshotId): string {
  return `snapshot-${String(index).padStart(16, '0')}-${String(term).padStart(16, '0')}`;
}

async function writePiece(file: DiskFile, at: number, piece: Uint8Array): Promise<number> {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32BE(piece.length, 0);
  header.writeUInt32BE(crc32c(Buffer.from(piece.buffer, piece.byteOffset, piece.length)), 4);
  await file.write(header, at);
  if (piece.length > 0) await file.write(piece, at + headerBytes);
  return at + headerBytes + piece.length;
}
