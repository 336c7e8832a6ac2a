/** Brokers as the clients of one listener reach them. */
import type { MetadataImage, PartitionState } from '../controller/metadata-image.ts';

export interface Endpoint {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly rack: string | null;
}

/** Of the brokers that are not fenced. */
export function endpointsOf(image: MetadataImage, listener: string): readonly Endpoint[] {
  return [...image.brokers.values()].flatMap(({ id, listeners, rack, fenced }) => {
    const at = listeners[listener];
    return fenced || at === undefined ? [] : [{ nodeId: id, host: at.host, port: at.port, rack: rack ?? null }];
  });
}

/** Who leads now, for answers that send a client elsewhere. */
export function currentLeader(state: PartitionState | undefined): { readonly leaderId: number; readonly leaderEpoch: number } {
  return { leaderId: state?.leader ?? -1, leaderEpoch: state?.leaderEpoch ?? -1 };
}
