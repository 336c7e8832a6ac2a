/** What reading and writing files needs: the namenode, and the datanodes. */
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Random } from '../../core/random.ts';
import type { BlockTransfer } from '../block-transfer.ts';
import type { ClientProtocol } from '../client-protocol.ts';
import type { Block, DatanodeAddress } from '../model.ts';

export interface DataAccess {
  readonly client: ClientProtocol;
  /** This process's own replicas directly, others over the transport. `hops`: how many datanodes the callee passes calls on to. */
  readonly peer: (address: DatanodeAddress, hops: number) => BlockTransfer;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Tells the namenodes of a replica with wrong bytes. */
  readonly reportBad: (block: Block, uuid: string) => void;
}

/** Of datanodes, for messages. */
export function namesOf(datanodes: readonly DatanodeAddress[]): string {
  return datanodes.map((each) => each.name).join(', ');
}
