/** The calls of a client that only reads, and those that change names and attributes. */
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import { bytesPerChecksum, type LocatedBlocks } from '../model.ts';
import { change, identityOf, readBarrier, requireActive, type NameNodeContext } from './name-node-context.ts';
import type { FileBlocks } from './namespace/namespace.ts';
import { homeOf, trashOf } from './namespace/trash.ts';

type ReadCalls = Pick<ClientProtocol, 'getFileStatus' | 'listStatus' | 'getContentSummary' | 'getBlockLocations' | 'checkAccess' | 'getServerDefaults'
  | 'getFileSystemStatus' | 'getHomeDirectory' | 'getTrashRoot' | 'getDatanodeReport'>;
type ChangeCalls = Pick<ClientProtocol, 'mkdirs' | 'rename' | 'renameWith' | 'delete' | 'concat' | 'setReplication' | 'setPermission' | 'setOwner' | 'setTimes' | 'setQuota'>;

/** HDFS's dfs.ls.limit. */
const listLimit = 1000;
const writePacketBytes = 64 * 1024;
const replicationMax = 512;

export function readCalls(context: NameNodeContext): ReadCalls {
  const { blocks, clock, config, namespace } = context;
  return {
    async getFileStatus(caller, path) {
      await readBarrier(context);
      return namespace.fileStatus(identityOf(context, caller), path);
    },
    async listStatus(caller, path, startAfter) {
      await readBarrier(context);
      return namespace.list(identityOf(context, caller), path, startAfter, listLimit);
    },
    async getContentSummary(caller, path) {
      await readBarrier(context);
      return namespace.contentSummary(identityOf(context, caller), path);
    },
    async getBlockLocations(caller, path, offset, length) {
      await readBarrier(context);
      return locate(context, namespace.fileBlocks(identityOf(context, caller), path), offset, length, caller.host);
    },
    async checkAccess(caller, path, action) {
      await readBarrier(context);
      namespace.checkAccess(identityOf(context, caller), path, action);
    },
    async getServerDefaults() {
      return {
        blockBytes: config.blockBytes, bytesPerChecksum, writePacketBytes, replication: config.replication, trashIntervalMinutes: config.trashIntervalMinutes,
      };
    },
    async getFileSystemStatus() {
      requireActive(context);
      const live = blocks.datanodeReport(clock.nowMs(), clock.wallMs()).filter((each) => each.state !== 'Dead');
      const sum = (of: (each: (typeof live)[number]) => number): number => live.reduce((total, each) => total + of(each), 0);
      return { capacityBytes: sum((each) => each.capacityBytes), usedBytes: sum((each) => each.usedBytes), remainingBytes: sum((each) => each.remainingBytes) };
    },
    async getHomeDirectory(caller) {
      return homeOf(caller.user);
    },
    async getTrashRoot(caller) {
      return trashOf(caller.user);
    },
    async getDatanodeReport() {
      requireActive(context);
      return blocks.datanodeReport(clock.nowMs(), clock.wallMs());
    },
  };
}

/** Every block that overlaps the range. */
function locate(context: NameNodeContext, file: FileBlocks, offset: number, length: number, host: string | undefined): LocatedBlocks {
  const { blocks, clock } = context;
  if (offset < 0 || length < 0) throw new HdfsError('HadoopIllegalArgumentException', `Negative offset or length is not supported: ${offset}, ${length}`);
  const nowMs = clock.nowMs();
  const located = [];
  let start = 0;
  for (const { id, generationStamp, bytes, committed } of file.blocks) {
    const end = start + bytes;
    // Of a block that is being written nobody here knows the end.
    if ((end > offset || !committed) && start < offset + length) located.push(blocks.locate({ id, generationStamp, bytes }, start, host, nowMs));
    start = end;
  }
  return { fileBytes: start, blocks: located, underConstruction: file.construction !== undefined };
}

export function changeCalls(context: NameNodeContext): ChangeCalls {
  return {
    mkdirs: (caller, path, permission, createParent) =>
      change<'mkdirs'>(context, caller, `Cannot create directory ${path}`, { kind: 'mkdirs', path, permission, createParent }),
    rename: (caller, from, to) => change<'rename'>(context, caller, `Cannot rename ${from}`, { kind: 'rename', from, to }),
    renameWith: (caller, from, to, { overwrite, toTrash }) =>
      change<'renameWith'>(context, caller, `Cannot rename ${from}`, { kind: 'renameWith', from, to, overwrite, toTrash }),
    delete: (caller, path, recursive) => change<'delete'>(context, caller, `Cannot delete ${path}`, { kind: 'delete', path, recursive }),
    concat: (caller, path, sources) => change<'concat'>(context, caller, `Cannot concat ${path}`, { kind: 'concat', path, sources }),
    async setReplication(caller, path, replication) {
      if (replication < 1 || replication > replicationMax) {
        throw new HdfsError('IOException', `Requested replication factor of ${replication} ${replication < 1 ? 'is less than the required minimum of 1' : `exceeds maximum of ${replicationMax}`} for ${path}`);
      }
      return change<'setReplication'>(context, caller, `Cannot set replication for ${path}`, { kind: 'setReplication', path, replication });
    },
    setPermission: (caller, path, permission) =>
      change<'setPermission'>(context, caller, `Cannot set permission for ${path}`, { kind: 'setPermission', path, permission }),
    setOwner: (caller, path, owner, group) => change<'setOwner'>(context, caller, `Cannot set owner for ${path}`, { kind: 'setOwner', path, owner, group }),
    setTimes: (caller, path, modifiedMs, accessedMs) =>
      change<'setTimes'>(context, caller, `Cannot set times ${path}`, { kind: 'setTimes', path, modifiedMs, accessedMs }),
    setQuota: (caller, path, nameQuota, spaceQuotaBytes) =>
      change<'setQuota'>(context, caller, `Cannot set quota on ${path}`, { kind: 'setQuota', path, nameQuota, spaceQuotaBytes }),
  };
}
