/** The calls of a writer: blocks, pipelines, closing, leases. */
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import type { Block, Caller, DatanodeAddress, LocatedBlock } from '../model.ts';
import type { FileRecovery } from './file-recovery.ts';
import { change, identityOf, readBarrier, refuseInSafeMode, requireActive, type NameNodeContext } from './name-node-context.ts';
import { File } from './namespace/inode.ts';
import type { FileBlocks } from './namespace/namespace.ts';

type WriteCalls = Pick<ClientProtocol, 'create' | 'append' | 'truncate' | 'addBlock' | 'abandonBlock' | 'updateBlockForPipeline' | 'updatePipeline' | 'getAdditionalDatanode'
  | 'persistLength' | 'complete' | 'discard' | 'renewLease' | 'recoverLease'>;

export function writeCalls(context: NameNodeContext, recovery: FileRecovery): WriteCalls {
  const { blocks, clock, config, leases, namespace } = context;
  const nowMs = (): number => clock.nowMs();
  /** The last block of an open file as a writer goes on with it. */
  const located = (file: FileBlocks, block: Block, host: string | undefined): LocatedBlock => blocks.locate(block, file.bytes - block.bytes, host, nowMs());
  const statusOf = (caller: Caller, path: string, fileId: number) => {
    const status = namespace.fileStatus(identityOf(context, caller), path);
    if (status === undefined || status.fileId !== fileId) throw new HdfsError('FileNotFoundException', `File does not exist: ${path} (inode ${fileId})`);
    return status;
  };

  return {
    async create(caller, path, options) {
      const { client, permission, overwrite, createParent } = options;
      const replication = checkReplication(context, path, options.replication ?? config.replication);
      const blockBytes = checkBlockBytes(context, options.blockBytes ?? config.blockBytes);
      requireActive(context);
      if (!overwrite) await takeExpired(context, recovery, caller, path, client, 'create');
      const { fileId } = await change<'create'>(context, caller, `Cannot create file ${path}`, { kind: 'create', path, client, permission, overwrite, createParent, replication, blockBytes });
      leases.renew(client, nowMs());
      return { status: statusOf(caller, path, fileId) };
    },

    async append(caller, path, client) {
      requireActive(context);
      await takeExpired(context, recovery, caller, path, client, 'append');
      requireReplicas(context, caller, path, 'append');
      const { fileId, reopened } = await change<'append'>(context, caller, `Cannot append to file ${path}`, { kind: 'append', path, client });
      leases.renew(client, nowMs());
      const file = namespace.openFile(fileId);
      const status = statusOf(caller, path, fileId);
      return reopened === undefined || file === undefined ? { status } : { status, lastBlock: located(file, reopened, caller.host) };
    },

    async truncate(caller, path, bytes, client) {
      requireActive(context);
      await takeExpired(context, recovery, caller, path, client, 'truncate');
      requireReplicas(context, caller, path, 'truncate');
      const { done, recover } = await change<'truncate'>(context, caller, `Cannot truncate for ${path}`, { kind: 'truncate', path, bytes, client });
      const file = openFileAt(context, caller, path);
      if (!done && recover !== undefined && file !== undefined) await recovery.order(file, recover, recover.bytes);
      return done;
    },

    async addBlock(caller, fileId, client, previous, excluded) {
      requireActive(context);
      const file = openFileOf(context, fileId, client);
      const { path } = file;
      refuseInSafeMode(context, `Cannot add block to ${path}`);
      const { replication, blockBytes } = file;
      const targets = blocks.chooseTargets({ count: replication, blockBytes, writer: caller.host, existing: [], excluded }, nowMs());
      if (targets.length === 0) throw noTargets(context, path, excluded);
      const block = await change<'addBlock'>(context, caller, `Cannot add block to ${path}`, { kind: 'addBlock', fileId, client, ...(previous === undefined ? {} : { previous }) });
      leases.renew(client, nowMs());
      return { block, offset: (namespace.openFile(fileId)?.bytes ?? file.bytes) - block.bytes, locations: pipelineOf(context, block, targets), corrupt: false };
    },

    async abandonBlock(caller, fileId, client, block) {
      await change<'abandonBlock'>(context, caller, `Cannot abandon block ${block.id} of file ${fileId}`, { kind: 'abandonBlock', fileId, client, block });
    },

    async updateBlockForPipeline(caller, fileId, client, block) {
      leases.renew(client, nowMs());
      return change<'takeStamp'>(context, caller, `Cannot get a new generation stamp for block ${block.id}`, { kind: 'takeStamp', fileId, client, block });
    },

    async updatePipeline(caller, fileId, client, old, next, datanodes) {
      await change<'updatePipeline'>(context, caller, `Cannot update the pipeline of block ${old.id}`, { kind: 'updatePipeline', fileId, client, old, next });
      blocks.expectReplicas(next.id, next.generationStamp, datanodes);
    },

    async getAdditionalDatanode(caller, fileId, existing, excluded) {
      await readBarrier(context);
      const file = namespace.openFile(fileId);
      if (file === undefined) throw noLease(fileId);
      return blocks.chooseTargets({ count: 1, blockBytes: file.blockBytes, writer: caller.host, existing, excluded }, nowMs())[0];
    },

    async persistLength(caller, fileId, client, last) {
      await change<'persistLength'>(context, caller, `Cannot persist the length of file ${fileId}`, { kind: 'persistLength', fileId, client, last });
    },

    async complete(caller, fileId, client, last) {
      requireActive(context);
      refuseInSafeMode(context, `Cannot complete file ${fileId}`);
      const file = namespace.openFile(fileId);
      // Not open: it may have been closed by this very call, whose answer was lost. The name space knows.
      if (file !== undefined && !file.blocks.every((each) => blocks.finalReplicas(each.id === last?.id ? last : each) > 0)) return false;
      await change<'complete'>(context, caller, `Cannot complete file ${fileId}`, { kind: 'complete', fileId, client, ...(last === undefined ? {} : { last }) });
      return true;
    },

    async discard(caller, fileId, client) {
      await readBarrier(context);
      const file = namespace.openFile(fileId);
      return file !== undefined && change<'delete'>(context, caller, `Cannot discard ${file.path}`, { kind: 'delete', path: file.path, recursive: false, writer: { fileId, client } });
    },

    async renewLease(_caller, client) {
      requireActive(context);
      leases.renew(client, nowMs());
    },

    async recoverLease(caller, path, client) {
      await readBarrier(context);
      const file = openFileAt(context, caller, path);
      if (file === undefined) {
        if (namespace.fileStatus(identityOf(context, caller), path)?.kind !== 'file') throw new HdfsError('FileNotFoundException', `File does not exist: ${path}`);
        return true;
      }
      namespace.checkAccess(identityOf(context, caller), path, '-w-');
      refuseInSafeMode(context, `Cannot recover the lease of ${path}`);
      context.logger.info({ path, client, writer: file.construction?.client }, 'a lease is recovered on request');
      return recovery.take(file);
    },
  };
}

/** When the file is open and its writer has been silent for long, the namenode takes it; the caller has to come again. Not for a call that was done. */
async function takeExpired(context: NameNodeContext, recovery: FileRecovery, caller: Caller, path: string, client: string, what: string): Promise<void> {
  const { clock, leases, namespace } = context;
  if (namespace.retries.get(caller.callId) !== undefined) return;
  const file = openFileAt(context, caller, path);
  const writer = file?.construction?.client;
  if (file === undefined || writer === undefined || context.blocks.safeModeOn) return;
  if (file.construction?.recovery !== undefined) throw new HdfsError('RecoveryInProgressException', `Failed to ${what} ${path} for ${client}: lease recovery is in progress. Try again later.`);
  if (writer === client || !leases.isSoftExpired(writer, clock.nowMs())) return;
  if (await recovery.take(file)) return;
  throw new HdfsError('RecoveryInProgressException', `Failed to ${what} ${path} for ${client}: lease recovery of ${writer} is in progress. Try again later.`);
}

/** The file when somebody writes it. */
function openFileAt(context: NameNodeContext, caller: Caller, path: string): FileBlocks | undefined {
  const status = context.namespace.fileStatus(identityOf(context, caller), path);
  return status === undefined ? undefined : context.namespace.openFile(status.fileId);
}

/** What is gone on with or cut must be there. */
function requireReplicas(context: NameNodeContext, caller: Caller, path: string, what: string): void {
  const { inode } = context.namespace.tree.find(identityOf(context, caller), path);
  const last = inode instanceof File ? inode.lastBlock : undefined;
  if (last === undefined || !last.committed || context.blocks.finalReplicas(last) > 0) return;
  throw new HdfsError('IOException', `${what}: the last block ${last.id} of ${path} is not sufficiently replicated yet.`);
}

function openFileOf(context: NameNodeContext, fileId: number, client: string): FileBlocks {
  const file = context.namespace.openFile(fileId);
  if (file === undefined) throw noLease(fileId);
  const writer = file.construction?.client;
  if (writer !== client) throw new HdfsError('LeaseExpiredException', `Client (=${client}) is not the lease owner (=${writer ?? 'nobody'}) of ${file.path} (inode ${fileId})`);
  return file;
}

const noLease = (fileId: number): HdfsError =>
  new HdfsError('LeaseExpiredException', `No lease on inode ${fileId}: the file does not exist, or it is not open for writing.`);

/** Where the new block goes. When the call is a repeated one and the block is being written, its datanodes stay. */
function pipelineOf(context: NameNodeContext, block: Block, chosen: readonly DatanodeAddress[]): readonly DatanodeAddress[] {
  const known = context.blocks.recoveryCandidates(block.id);
  if (known.length > 0) return known;
  context.blocks.expectReplicas(block.id, block.generationStamp, chosen.map((each) => each.uuid));
  return chosen;
}

function noTargets(context: NameNodeContext, path: string, excluded: readonly string[]): HdfsError {
  const running = context.blocks.liveDatanodes;
  return new HdfsError('IOException', `File ${path} could only be written to 0 of the 1 minReplication nodes. There are ${running} datanode(s) running and ${excluded.length} node(s) are excluded in this operation.`);
}

const replicationMax = 512;

function checkReplication(_context: NameNodeContext, path: string, replication: number): number {
  if (replication < 1) throw new HdfsError('IOException', `Requested replication factor of ${replication} is less than the required minimum of 1 for ${path}`);
  if (replication > replicationMax) throw new HdfsError('IOException', `Requested replication factor of ${replication} exceeds maximum of ${replicationMax} for ${path}`);
  return replication;
}

function checkBlockBytes(context: NameNodeContext, blockBytes: number): number {
  const { blockBytesMin: least } = context.config;
  if (blockBytes < least) throw new HdfsError('IOException', `Specified block size is less than configured minimum value (dfs.namenode.fs-limits.min-block-size): ${blockBytes} < ${least}`);
  return blockBytes;
}
