/** `DatanodeProtocol`: what datanodes say to every namenode alike. */
import type { DatanodeProtocol } from '../datanode-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import { ownChange, requireActive, type NameNodeContext } from './name-node-context.ts';

export function datanodeCalls(context: NameNodeContext): DatanodeProtocol {
  const { blocks, clock, config, log, logger, namespace } = context;
  return {
    async register({ clusterId, ...address }) {
      if (clusterId !== config.clusterId) {
        throw new HdfsError('IOException', `datanode ${address.name} belongs to cluster ${clusterId}, not to ${config.clusterId}`);
      }
      blocks.register(address, clock.nowMs());
      logger.info({ datanode: address.name, uuid: address.uuid, rack: address.rack, machine: address.machine }, 'datanode registered');
    },
    async heartbeat(heartbeat) {
      const commands = blocks.heartbeat(heartbeat, clock.nowMs());
      return { active: context.isActive(), term: log.status.term, commands, transferBandwidth: config.transferBandwidth };
    },
    // A datanode that is not known is told to register by its next heartbeat, and reports all then.
    async blockReport(uuid, volumeId, replicas) {
      blocks.fullReport(uuid, volumeId, replicas);
    },
    async incrementalReport(uuid, received, deleted) {
      blocks.incrementalReport(uuid, received, deleted);
    },
    async reportBadReplica(block, uuid) {
      logger.warn({ block: block.id, datanode: uuid }, 'a replica is damaged');
      blocks.badReplica(block, uuid);
    },
    async commitRecovery(old, next, datanodes) {
      requireActive(context);
      const expected = namespace.fileOfOpenBlock(old.id)?.construction?.recovery?.generationStamp;
      if (expected === next.generationStamp) blocks.expectReplicas(old.id, next.generationStamp, datanodes);
      await ownChange<'commitRecovery'>(context, { kind: 'commitRecovery', old, next });
      logger.info({ block: old.id, bytes: next.bytes, generationStamp: next.generationStamp, datanodes: datanodes.length }, 'a block was recovered');
    },
  };
}
