/**
 * Reads a range of a file: from this machine's own replica, else from the nearest datanode, and from the next one when one fails or has wrong bytes.
 * Some pieces are fetched ahead, so that the reader does not wait for each.
 */
import { abortReason, orAbort } from '../../core/abort.ts';
import type { Caller, LocatedBlock } from '../model.ts';
import { HdfsError } from '../hdfs-error.ts';
import { namesOf, type DataAccess } from './data-access.ts';
import { ReplicaError } from './replica-error.ts';

export interface ReadRequest {
  readonly caller: Caller;
  readonly path: string;
  readonly offset: number;
  /** Undefined: to the end. */
  readonly length: number | undefined;
}

export interface BlockReaderOptions {
  readonly pieceBytes?: number;
  /** Pieces that are fetched while one is taken. */
  readonly ahead?: number;
}

const defaults: Required<BlockReaderOptions> = { pieceBytes: 1024 * 1024, ahead: 2 };
/** Locations are asked for in parts: a file may have very many blocks. */
const locateBytes = 4 * 2 ** 30;
const lookupsMax = 3;
const lookupDelayMs = 300;

interface Piece {
  readonly located: LocatedBlock;
  /** Within the block. */
  readonly offset: number;
  readonly length: number;
  /** The block is being written: fewer bytes mean that there are no more yet. */
  readonly open: boolean;
}

/**
 * Yields the bytes in order, in pieces of up to 1 MiB. Rejects with `HdfsError`: BlockMissingException when no datanode has a piece; or with the
 * signal's reason. What lies beyond the end of the file is not there.
 */
export async function* readFile(access: DataAccess, request: ReadRequest, signal: AbortSignal, options: BlockReaderOptions = {}): AsyncGenerator<Uint8Array> {
  const { ahead } = { ...defaults, ...options };
  const fetcher = new PieceFetcher(access, request);
  const pieces = piecesOf(access, request, { ...defaults, ...options });
  const fetched: { readonly piece: Piece; readonly data: Promise<Uint8Array> }[] = [];
  let more = true;
  for (;;) {
    while (more && fetched.length <= ahead) {
      if (signal.aborted) throw abortReason(signal);
      const { value: piece } = await orAbort(pieces.next(), signal);
      if (piece === undefined) more = false;
      else {
        const data = fetcher.fetch(piece);
        data.catch(() => {}); // whoever takes it is told
        fetched.push({ piece, data });
      }
    }
    const next = fetched.shift();
    if (next === undefined) return;
    const data = await orAbort(next.data, signal);
    if (data.length > 0) yield data;
    if (data.length < next.piece.length) return;
  }
}

/** `length` bytes from `offset` on, in parts of blocks. The last block of an open file is asked for more than is known of it. */
async function* piecesOf(access: DataAccess, { caller, path, offset, length }: ReadRequest, { pieceBytes }: Required<BlockReaderOptions>): AsyncGenerator<Piece, undefined> {
  const end = length === undefined ? Number.MAX_SAFE_INTEGER : offset + length;
  for (let at = offset; at < end;) {
    const { blocks, fileBytes, underConstruction } = await access.client.getBlockLocations(caller, path, at, Math.min(locateBytes, end - at));
    const before = at;
    for (const [index, located] of blocks.entries()) {
      const open = underConstruction && index === blocks.length - 1 && located.offset + located.block.bytes >= fileBytes;
      const blockEnd = open ? end : Math.min(end, located.offset + located.block.bytes);
      while (at < blockEnd) {
        const within = at - located.offset;
        if (within < 0) throw new HdfsError('IOException', `the namenode told of no block at ${at} of ${path}`);
        const bytes = Math.min(pieceBytes - (within % pieceBytes), blockEnd - at);
        yield { located, offset: within, length: bytes, open };
        at += bytes;
      }
    }
    if (at >= fileBytes || at === before) return;
  }
}

class PieceFetcher {
  readonly #access: DataAccess;
  readonly #request: ReadRequest;
  /** Datanodes that failed in this read: asked last. */
  readonly #bad = new Set<string>();

  constructor(access: DataAccess, request: ReadRequest) {
    this.#access = access;
    this.#request = request;
  }

  async fetch(piece: Piece): Promise<Uint8Array> {
    const { clock } = this.#access;
    let { located } = piece;
    for (let lookup = 1; ; lookup += 1) {
      const data = await this.#fetchOf({ ...piece, located });
      if (data !== undefined) return data;
      if (lookup >= lookupsMax) break;
      await clock.sleep(lookupDelayMs * lookup);
      located = await this.#lookUp(located);
      this.#bad.clear();
    }
    const { block, locations } = located;
    throw new HdfsError('BlockMissingException', `Could not obtain block: blk_${block.id}_${block.generationStamp} file=${this.#request.path}${locations.length === 0 ? '' : ` from ${namesOf(locations)}`}`);
  }

  async #lookUp(located: LocatedBlock): Promise<LocatedBlock> {
    const { caller, path } = this.#request;
    const { blocks } = await this.#access.client.getBlockLocations(caller, path, located.offset, 1);
    const again = blocks.find((each) => each.block.id === located.block.id);
    if (again === undefined) throw new HdfsError('IOException', `${path} was changed while it was read`);
    return again;
  }

  /** Undefined when none of the datanodes has it. */
  async #fetchOf({ located, offset, length, open }: Piece): Promise<Uint8Array | undefined> {
    const { block, locations } = located;
    const sorted = [...locations.filter((each) => !this.#bad.has(each.uuid)), ...locations.filter((each) => this.#bad.has(each.uuid))];
    for (const node of sorted) {
      try {
        const data = await this.#access.peer(node, 0).readBlock(block, offset, length);
        if (data.length === length || open) return data;
        this.#access.logger.warn({ block: block.id, datanode: node.name, offset, length, found: data.length }, 'a replica is too short');
      } catch (error) {
        this.#access.logger.warn({ err: error, block: block.id, datanode: node.name }, 'a replica cannot be read');
        if (error instanceof ReplicaError && error.code === 'ReplicaCorrupt') this.#access.reportBad(block, node.uuid);
      }
      this.#bad.add(node.uuid);
    }
    return undefined;
  }
}
