/** Answers of WebHDFS, in the fields that Hadoop's own have. */
import { port } from '../../contract.ts';
import { hdfsExceptions, HdfsError } from '../hdfs-error.ts';
import type { ContentSummary, DatanodeAddress, FileStatus, FileSystemStatus, LocatedBlock, LocatedBlocks, ServerDefaults } from '../model.ts';

export function remoteException(error: HdfsError): { readonly status: number; readonly body: object } {
  const [javaClassName, status] = hdfsExceptions[error.code];
  return { status, body: { RemoteException: { exception: error.code, javaClassName, message: error.message } } };
}

export function fileStatusJson(status: FileStatus): object {
  const directory = status.kind === 'directory';
  return {
    accessTime: status.accessedMs, blockSize: status.blockBytes, childrenNum: status.children, fileId: status.fileId, group: status.group, length: status.bytes,
    modificationTime: status.modifiedMs, owner: status.owner, pathSuffix: status.name, permission: status.permission.toString(8), replication: status.replication,
    storagePolicy: 0, type: directory ? 'DIRECTORY' : 'FILE',
  };
}

export function contentSummaryJson(summary: ContentSummary): object {
  return {
    ContentSummary: {
      directoryCount: summary.directories, ecPolicy: '', fileCount: summary.files, length: summary.bytes, quota: summary.nameQuota, snapshotDirectoryCount: 0,
      snapshotFileCount: 0, snapshotLength: 0, snapshotSpaceConsumed: 0, spaceConsumed: summary.spaceBytes, spaceQuota: summary.spaceQuotaBytes, typeQuota: {},
    },
  };
}

export function quotaUsageJson(summary: ContentSummary): object {
  return {
    QuotaUsage: {
      fileAndDirectoryCount: summary.files + summary.directories, quota: summary.nameQuota, spaceConsumed: summary.spaceBytes, spaceQuota: summary.spaceQuotaBytes, typeQuota: {},
    },
  };
}

/** Hadoop's number of CRC-32C. */
const checksumType = 2;

export function serverDefaultsJson(defaults: ServerDefaults): object {
  return {
    FsServerDefaults: {
      blockSize: defaults.blockBytes, bytesPerChecksum: defaults.bytesPerChecksum, checksumType, defaultStoragePolicyId: 0, encryptDataTransfer: false, fileBufferSize: 4096,
      keyProviderUri: '', replication: defaults.replication, snapshotTrashRootEnabled: false, trashInterval: defaults.trashIntervalMinutes, writePacketSize: defaults.writePacketBytes,
    },
  };
}

export function fileSystemStatusJson({ capacityBytes, usedBytes, remainingBytes }: FileSystemStatus): object {
  return { FsStatus: { capacity: capacityBytes, remaining: remainingBytes, used: usedBytes } };
}

/** GETFILEBLOCKLOCATIONS. `machines` is an addition: the Kubernetes node of each host, for whoever wants to compute near the data. */
export function blockLocationsJson({ blocks }: LocatedBlocks): object {
  return {
    BlockLocations: {
      BlockLocation: blocks.map(({ block, offset, locations, corrupt }) => ({
        cachedHosts: [], corrupt, hosts: locations.map(({ host }) => host), length: block.bytes, machines: locations.map(({ machine }) => machine),
        names: locations.map(({ host, httpPort }) => `${host}:${httpPort}`), offset, storageTypes: locations.map(() => 'DISK'),
        topologyPaths: locations.map(({ rack, host, httpPort }) => `${rack}/${host}:${httpPort}`),
      })),
    },
  };
}

/** GET_BLOCK_LOCATIONS, the older form. */
export function locatedBlocksJson({ fileBytes, blocks, underConstruction }: LocatedBlocks, blockPool: string): object {
  const located = blocks.map((each) => locatedBlockJson(each, blockPool));
  return {
    LocatedBlocks: {
      fileLength: fileBytes, isLastBlockComplete: !underConstruction, isUnderConstruction: underConstruction, lastLocatedBlock: located.at(-1) ?? null, locatedBlocks: located,
    },
  };
}

function locatedBlockJson({ block, offset, locations, corrupt }: LocatedBlock, blockPoolId: string): object {
  return {
    block: { blockId: block.id, blockPoolId, generationStamp: block.generationStamp, numBytes: block.bytes },
    blockToken: { urlString: 'AAAAAA' }, cachedLocations: [], isCorrupt: corrupt, locations: locations.map(datanodeJson), startOffset: offset, storageTypes: locations.map(() => 'DISK'),
  };
}

function datanodeJson({ uuid, host, rack, httpPort, rpcPort }: DatanodeAddress): object {
  return {
    adminState: 'NORMAL', hostName: host, infoPort: httpPort, infoSecurePort: port.dataNodeHttps, ipAddr: host, ipcPort: rpcPort, name: `${host}:${rpcPort}`,
    networkLocation: rack, storageID: uuid, xferPort: rpcPort,
  };
}
