/**
 * What a client asks of the namenode: the calls of Hadoop's ClientProtocol that WebHDFS needs. Implemented by the namenode (`namenode/name-node.ts`)
 * and, over the transport, by `client-protocol-rpc.ts`, through which datanodes call on behalf of their WebHDFS clients.
 *
 * Paths are absolute, normalised by the callee. Every call rejects with `HdfsError`.
 */
import type {
  Block, Caller, ContentSummary, DatanodeAddress, DatanodeReport, FileStatus, FileSystemStatus, LocatedBlock, LocatedBlocks, ServerDefaults,
} from './model.ts';

export interface CreateOptions {
  /** Names the writer: the holder of the lease. */
  readonly client: string;
  /** Mode bits after the caller's umask. */
  readonly permission: number;
  readonly overwrite: boolean;
  readonly createParent: boolean;
  /** Default: the cluster's. */
  readonly replication?: number | undefined;
  readonly blockBytes?: number | undefined;
}

/** A file open for writing, and where a writer must go on. */
export interface OpenFile {
  readonly status: FileStatus;
  /** The last block, when it is not full: append goes on in it with the new generation stamp. */
  readonly lastBlock?: LocatedBlock | undefined;
}

export interface DelegationToken {
  /** URL-safe text in Hadoop's own encoding of tokens. */
  readonly text: string;
}

export interface ClientProtocol {
  getFileStatus(caller: Caller, path: string): Promise<FileStatus | undefined>;
  /** Sorted by name. `startAfter` is a name; the namenode bounds how many come at once. Rejects with FileNotFoundException. */
  listStatus(caller: Caller, path: string, startAfter: string): Promise<{ readonly entries: readonly FileStatus[]; readonly remaining: number }>;
  getContentSummary(caller: Caller, path: string): Promise<ContentSummary>;
  getBlockLocations(caller: Caller, path: string, offset: number, length: number): Promise<LocatedBlocks>;
  checkAccess(caller: Caller, path: string, action: string): Promise<void>;
  getServerDefaults(): Promise<ServerDefaults>;
  getFileSystemStatus(): Promise<FileSystemStatus>;
  getHomeDirectory(caller: Caller): Promise<string>;
  getTrashRoot(caller: Caller, path: string): Promise<string>;

  mkdirs(caller: Caller, path: string, permission: number, createParent: boolean): Promise<boolean>;
  rename(caller: Caller, from: string, to: string): Promise<boolean>;
  /** With Hadoop's rename options: throws instead of returning false. */
  renameWith(caller: Caller, from: string, to: string, options: { readonly overwrite: boolean; readonly toTrash: boolean }): Promise<void>;
  delete(caller: Caller, path: string, recursive: boolean): Promise<boolean>;
  concat(caller: Caller, path: string, sources: readonly string[]): Promise<void>;
  setReplication(caller: Caller, path: string, replication: number): Promise<boolean>;
  setPermission(caller: Caller, path: string, permission: number): Promise<void>;
  setOwner(caller: Caller, path: string, owner: string | undefined, group: string | undefined): Promise<void>;
  setTimes(caller: Caller, path: string, modifiedMs: number | undefined, accessedMs: number | undefined): Promise<void>;
  /** Undefined leaves a quota as it is, -1 clears it. Superuser only. */
  setQuota(caller: Caller, path: string, nameQuota: number | undefined, spaceQuotaBytes: number | undefined): Promise<void>;

  create(caller: Caller, path: string, options: CreateOptions): Promise<OpenFile>;
  append(caller: Caller, path: string, client: string): Promise<OpenFile>;
  /** False: the last block is being cut by its datanodes and the file is busy until then. */
  truncate(caller: Caller, path: string, bytes: number, client: string): Promise<boolean>;
  /** A new block after `previous` (its final length is committed by this call), with datanodes to write it to. */
  addBlock(caller: Caller, fileId: number, client: string, previous: Block | undefined, excluded: readonly string[]): Promise<LocatedBlock>;
  /** The writer gives up a block that nobody holds. */
  abandonBlock(caller: Caller, fileId: number, client: string, block: Block): Promise<void>;
  /** A new generation stamp for a block whose pipeline broke. */
  updateBlockForPipeline(caller: Caller, fileId: number, client: string, block: Block): Promise<Block>;
  updatePipeline(caller: Caller, fileId: number, client: string, old: Block, next: Block, datanodes: readonly string[]): Promise<void>;
  /** One more datanode for a pipeline that lost one. Undefined when there is none. */
  getAdditionalDatanode(caller: Caller, fileId: number, existing: readonly string[], excluded: readonly string[]): Promise<DatanodeAddress | undefined>;
  /** Makes the length of the last block known to readers of the status. */
  persistLength(caller: Caller, fileId: number, client: string, last: Block): Promise<void>;
  /** False while the last block has too few reported replicas: ask again. */
  complete(caller: Caller, fileId: number, client: string, last: Block | undefined): Promise<boolean>;
  /** The writer gives up a file that it has created: it goes. False when the file is not this writer's any more; then nothing happens. */
  discard(caller: Caller, fileId: number, client: string): Promise<boolean>;
  renewLease(caller: Caller, client: string): Promise<void>;
  /** True when the file is closed. */
  recoverLease(caller: Caller, path: string, client: string): Promise<boolean>;

  getDelegationToken(caller: Caller, renewer: string): Promise<DelegationToken>;
  /** The new expiry. */
  renewDelegationToken(caller: Caller, token: string): Promise<number>;
  cancelDelegationToken(caller: Caller, token: string): Promise<void>;
  /** The caller that a token stands for. */
  verifyDelegationToken(token: string): Promise<Caller>;

  getDatanodeReport(): Promise<readonly DatanodeReport[]>;
}
