/** Claims: which have to be made, grown, marked or removed, and what is wrong with them. Pure. */
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { parseQuantity } from '../api/quantity.ts';
import type { PersistentVolumeClaim } from '../kube/resource-types.ts';
import { storageOf } from './desired.ts';
import type { Member, View } from './members.ts';
import { hasCaughtUp, isReady, ordinalOf, roleOf } from './members.ts';
import { annotation } from './names.ts';
import type { Role } from './names.ts';
import type { Observed, Problem } from './observed.ts';

export interface ClaimPlace {
  readonly role: Role;
  readonly ordinal: number;
  readonly volume: number;
}

export interface VolumePlan {
  readonly create: readonly ClaimPlace[];
  readonly grow: readonly { readonly claim: PersistentVolumeClaim; readonly size: string }[];
  /** Namenode claims that do not say yet that the name space exists. */
  readonly mark: readonly PersistentVolumeClaim[];
  /** Claims whose volume is gone for good: nothing is on them any more. */
  readonly discard: readonly PersistentVolumeClaim[];
  /** Nobody but a person can help. */
  readonly lost: Problem | undefined;
  /** Something to be said of them that does not stop the cluster. */
  readonly problem: Problem | undefined;
}

export function isGoing(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.deletionTimestamp !== undefined;
}

/** A claim whose volume was taken away under it. */
function isLost(claim: PersistentVolumeClaim | undefined): boolean {
  return claim?.status?.phase === 'Lost';
}

/** Whether the member has all its volumes, so that a pod can be made. */
export function hasVolumes(member: Member): boolean {
  return member.claims.every((claim) => claim !== undefined && !isGoing(claim) && !isLost(claim));
}

/** Whether a volume of the member is being deleted by somebody. */
export function losesVolume(member: Member): boolean {
  return member.claims.some((claim) => claim !== undefined && (isGoing(claim) || isLost(claim)));
}

export function planVolumes(view: View, observed: Observed): VolumePlan {
  const lost = lostNameSpace(view);
  const members: readonly Member[] = [...view.nameNodes.filter((each) => lost === undefined && mayHaveNewDisk(view, each)), ...view.dataNodes.filter((each) => !each.surplus)];
  const present = [...view.nameNodes, ...view.dataNodes];
  return {
    create: members.flatMap(({ role, ordinal, claims }) => claims.flatMap((claim, volume) => (claim === undefined ? [{ role, ordinal, volume }] : []))),
    grow: present.flatMap((member) => growing(view.cluster, member, observed.growthRefusals)),
    mark: view.formatted ? view.nameNodes.flatMap(({ claims }) => claims.filter((claim) => claim !== undefined && !isGoing(claim) && claim.metadata.annotations?.[annotation.formatted] !== 'true')) as readonly PersistentVolumeClaim[] : [],
    discard: view.dataNodes.filter((each) => !isReady(each)).flatMap((each) => each.claims.filter((claim) => isLost(claim) && claim !== undefined && !isGoing(claim))) as readonly PersistentVolumeClaim[],
    lost,
    problem: volumeProblem(view, observed),
  };
}

/**
 * A namenode may get an empty disk while nothing is formatted; later only if the others have everything that was ever acknowledged: one leads and all
 * the rest have caught up. Two empty disks among three could outvote the one that knows.
 */
function mayHaveNewDisk(view: View, nameNode: View['nameNodes'][number]): boolean {
  if (!view.formatted) return true;
  const others = view.nameNodes.filter((each) => each !== nameNode);
  return view.active !== undefined && others.length > 0 && others.every((each) => each === view.active?.nameNode || hasCaughtUp(view.active, each));
}

/** The name space is formatted and there is no majority of its disks any more. */
function lostNameSpace({ nameNodes, formatted, active }: View): Problem | undefined {
  if (!formatted || active !== undefined) return undefined;
  const without = nameNodes.filter(({ claims }) => claims.some((claim) => claim === undefined || isLost(claim)));
  if (without.length * 2 <= nameNodes.length) return undefined;
  const names = without.map((each) => each.podName).join(', ');
  return {
    reason: 'NameNodeDiskLost',
    message: `the file system is formatted and the ${without.length === 1 ? 'volume' : 'volumes'} of ${names} ${without.length === 1 ? 'is' : 'are'} gone; it is never formatted anew. Bring the claims back from a backup under their names, or delete the HdfsCluster and its claims to begin with an empty one`,
  };
}

function growing(cluster: HdfsCluster, member: Member, refused: ReadonlyMap<string, string>): VolumePlan['grow'] {
  const { size } = storageOf(cluster, member.role);
  return member.claims.flatMap((claim) => {
    if (claim === undefined || isGoing(claim) || refused.has(claim.metadata.name)) return [];
    const current = claim.spec?.resources?.requests?.['storage'];
    return current !== undefined && parseQuantity(current) < parseQuantity(size) ? [{ claim, size }] : [];
  });
}

function volumeProblem(view: View, observed: Observed): Problem | undefined {
  const [refusal] = observed.growthRefusals.entries();
  if (refusal !== undefined) return { reason: 'GrowthRefused', message: `${refusal[0]} cannot grow: ${refusal[1]}` };
  const losing = [...view.nameNodes, ...view.dataNodes].find(losesVolume);
  if (losing === undefined) return failedVolume(view);
  const claim = losing.claims.find((each) => each !== undefined && (isGoing(each) || isLost(each)));
  if (isLost(claim)) return { reason: 'VolumeLost', message: `the volume of ${claim?.metadata.name ?? ''} is gone` };
  return {
    reason: 'VolumeBeingDeleted',
    message: losing.pod === undefined
      ? `${claim?.metadata.name ?? ''} is being deleted`
      : `${claim?.metadata.name ?? ''} is being deleted and goes when pod ${losing.podName} does; then ${losing.name} starts with an empty volume`,
  };
}

/** A disk that the datanode itself has given up; it goes on with the others. */
function failedVolume({ dataNodes }: View): Problem | undefined {
  const failed = dataNodes.find((each) => (each.report?.failedVolumes ?? 0) > 0);
  if (failed === undefined) return undefined;
  return { reason: 'VolumeFailed', message: `${failed.report?.failedVolumes ?? 0} of ${failed.claims.length} volumes of ${failed.name} have failed; delete their claims and pod ${failed.podName} to give it new ones` };
}

/** Claims of a cluster that goes: all that hold its data, those of datanodes that went earlier too. */
export function claimsToDelete(observed: Observed): readonly PersistentVolumeClaim[] {
  const { cluster, claims } = observed;
  const id = cluster.status?.clusterId;
  if (cluster.spec.deletionPolicy !== 'Delete' || id === undefined) return [];
  return claims.filter((claim) => claim.metadata.annotations?.[annotation.clusterId] === id && !isGoing(claim));
}

export type Adoption =
  | { readonly kind: 'none' }
  | { readonly kind: 'adopt'; readonly clusterId: string; readonly formatted: boolean }
  | { readonly kind: 'conflict'; readonly problem: Problem };

/** What retained claims say to a new cluster of their name. */
export function adoptionOf({ cluster, claims }: Observed): Adoption {
  const own = claims.filter((claim) => roleOf(claim) === 'namenode' && !isGoing(claim) && ordinalOf(claim) < 3);
  const ids = [...new Set(own.map((claim) => claim.metadata.annotations?.[annotation.clusterId]).filter((id) => id !== undefined))];
  const [clusterId] = ids;
  if (clusterId === undefined) return { kind: 'none' };
  if (ids.length > 1) {
    return { kind: 'conflict', problem: { reason: 'ForeignVolumes', message: `the namenode claims of ${cluster.metadata.name} hold data of different clusters (${ids.join(', ')}): delete those that are not wanted` } };
  }
  const members = new Set(own.map(ordinalOf)).size;
  const { replicas } = cluster.spec.nameNode;
  const formatted = own.some((claim) => claim.metadata.annotations?.[annotation.formatted] === 'true');
  if (formatted && members !== replicas) {
    return { kind: 'conflict', problem: { reason: 'ForeignVolumes', message: `there are retained claims of ${members} namenode${members === 1 ? '' : 's'}, and nameNode.replicas is ${replicas}: set it to ${members === 1 || members === 3 ? members : 3}, or delete the claims` } };
  }
  return { kind: 'adopt', clusterId, formatted };
}
