/**
 * HdfsCluster: the one source of its types, its CRD, its defaults and its reference.
 *
 * What an edit of a field does stands in `hdfsClusterChangeOf` below. No edit loses data: volumes only grow in size and number,
 * datanodes are emptied before they go, and the number of namenodes is fixed.
 */
import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { podFieldsOf } from './pod.ts';
import { parseQuantity } from './quantity.ts';
import type { Immutable, ObjectMeta, ResourceName } from './resource.ts';
import { withRule, withTransition } from './rule.ts';

export const hdfsClusterType = {
  apiVersion: 'headrace.dev/v1alpha1',
  kind: 'HdfsCluster',
  plural: 'hdfsclusters',
  namespaced: true,
} as const satisfies ResourceName;

/** 63 characters of a pod's host name, less `-dn-9999`. */
export const hdfsClusterNameMax = 55;
export const dataNodesMax = 1000;
export const dataNodeVolumesMax = 16;

/** An amount of bytes, as text: CEL compares it with `quantity()`. */
const bytesSchema = z.string().max(32).regex(/^[0-9]+(\.[0-9]*)?([kMGTPE]|[KMGTPE]i)?$/, { abort: true });

const storageRules = [
  { rule: 'quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0', message: 'size can only grow' },
  {
    rule: 'has(self.storageClassName) == has(oldSelf.storageClassName) && (!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)',
    message: 'storageClassName cannot change: volumes keep their class',
  },
] as const;

const storageFields = (size: string) => ({
  size: bytesSchema.default(size).describe('Of one volume. It can only grow, and only where the storage class allows that.'),
  storageClassName: z.string().min(1).max(253).optional().describe("Default: the cluster's default class. Cannot change."),
});

const nameNodeStorageSchema = storageRules.reduce(withTransition, z.object(storageFields('10Gi')) as z.ZodType) as z.ZodType<{ size: string; storageClassName?: string | undefined }>;

const dataNodeStorageSchema = [
  ...storageRules,
  { rule: 'self.volumes >= oldSelf.volumes', message: 'volumes can only become more' },
].reduce(withTransition, z.object({
  ...storageFields('100Gi'),
  volumes: z.number().int().min(1).max(dataNodeVolumesMax).default(1).describe('Volumes of each datanode, all of this size. They can only become more.'),
}) as z.ZodType) as z.ZodType<{ size: string; storageClassName?: string | undefined; volumes: number }>;

const podFields = podFieldsOf({ container: 'hdfs', resources: 'CPU, memory and extended resources. Memory that is only requested is also the limit.' });

const nameNodeSchema = withTransition(
  z.object({
    replicas: z.literal([1, 3]).default(1).describe('1, or 3 to go on without a break when one is lost. Cannot change.'),
    storage: nameNodeStorageSchema.default({ size: '10Gi' }).describe('Where the name space lies: one volume for each namenode.'),
    ...podFields,
  }),
  { rule: 'self.replicas == oldSelf.replicas', message: 'nameNode.replicas cannot change; create another HdfsCluster' },
);

const autoscalingSchema = withRule(
  z.object({
    mode: z.enum(['Auto', 'OutOnly', 'Off']).default('Auto').describe('OutOnly never takes datanodes away. Off only says in the status what it would do.'),
    minReplicas: z.number().int().min(1).max(dataNodesMax).describe('Not below `replication`.'),
    maxReplicas: z.number().int().min(1).max(dataNodesMax),
    targetUsedPercent: z.number().int().min(10).max(95).default(70).describe('Datanodes are added when more of the capacity than this is used.'),
  }),
  { rule: 'self.minReplicas <= self.maxReplicas', message: 'minReplicas must not be more than maxReplicas' },
  (autoscaling) => autoscaling.minReplicas <= autoscaling.maxReplicas,
);

const dataNodesSchema = z.object({
  replicas: z.number().int().min(1).max(dataNodesMax).default(3).describe('How many datanodes there are; with autoscaling, how many at first.'),
  storage: dataNodeStorageSchema.default({ size: '100Gi', volumes: 1 }).describe('Where blocks lie.'),
  autoscaling: autoscalingSchema.optional().describe('Adds and removes datanodes by used capacity. `replicas` is not written: see status.dataNodes.target.'),
  ...podFields,
});

const trashSchema = withRule(
  z.object({
    intervalMinutes: z.number().int().min(0).max(525_600).default(0).describe('How long deleted files stay in the trash. 0: there is none.'),
    checkpointIntervalMinutes: z.number().int().min(0).max(525_600).default(0).describe('How often a checkpoint of the trash begins. 0: as the interval.'),
  }),
  { rule: 'self.checkpointIntervalMinutes <= self.intervalMinutes', message: 'checkpointIntervalMinutes must not be more than intervalMinutes' },
  (trash) => trash.checkpointIntervalMinutes <= trash.intervalMinutes,
);

const userName = z.string().min(1).max(64).regex(/^[A-Za-z_][A-Za-z0-9._-]*$/);

const permissionsSchema = z.object({
  enabled: z.boolean().default(true).describe('Whether permissions are checked.'),
  umask: z.string().regex(/^[0-7]{3}$/).default('022').describe('Mode bits that new files and directories do not get unless a client asks for them.'),
  supergroup: userName.default('supergroup').describe('The group of the root directory. Its members may do everything.'),
});

const rules = [
  {
    cel: { rule: 'self.replication <= self.dataNodes.replicas', message: 'replication must not be more than dataNodes.replicas: each replica needs a datanode of its own' },
    holds: (spec: Checked) => spec.replication <= spec.dataNodes.replicas,
  },
  {
    cel: {
      rule: '!has(self.dataNodes.autoscaling) || self.replication <= self.dataNodes.autoscaling.minReplicas',
      message: 'dataNodes.autoscaling.minReplicas must not be less than replication: each replica needs a datanode of its own',
    },
    holds: (spec: Checked) => spec.dataNodes.autoscaling === undefined || spec.replication <= spec.dataNodes.autoscaling.minReplicas,
  },
  {
    cel: { rule: 'quantity(self.blockSize).compareTo(quantity(self.minBlockSize)) >= 0', message: 'blockSize must be at least minBlockSize' },
    holds: (spec: Checked) => parseQuantity(spec.blockSize) >= parseQuantity(spec.minBlockSize),
  },
] as const;
interface Checked {
  readonly replication: number;
  readonly blockSize: string;
  readonly minBlockSize: string;
  readonly dataNodes: { readonly replicas: number; readonly autoscaling?: { readonly minReplicas: number } | undefined };
}

const specFields = z.object({
  image: z.string().min(1).max(512).optional().describe("Image of namenodes and datanodes. Default: the operator's own."),
  imagePullSecrets: z.array(z.object({ name: z.string().min(1).max(253) })).max(16).meta({
    'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
  }).optional().describe('Secrets for pulling the image.'),
  nameNode: nameNodeSchema.default({ replicas: 1, storage: { size: '10Gi' } }).describe('The pods that hold the name space.'),
  dataNodes: dataNodesSchema.default({ replicas: 3, storage: { size: '100Gi', volumes: 1 } }).describe('The pods that hold the blocks.'),
  replication: z.number().int().min(1).max(512).default(3).describe('Replicas of files whose writer says nothing else.'),
  blockSize: bytesSchema.default('128Mi').describe('Of files whose writer says nothing else.'),
  minBlockSize: bytesSchema.default('1Mi').describe('A writer that asks for smaller blocks is refused: each block costs the namenode memory.'),
  trash: trashSchema.default({ intervalMinutes: 0, checkpointIntervalMinutes: 0 }).describe('What happens to deleted files.'),
  permissions: permissionsSchema.default({ enabled: true, umask: '022', supergroup: 'supergroup' }).describe('Who may do what.'),
  superuser: userName.default('hdfs').describe('May do everything.'),
  deletionPolicy: z.enum(['Retain', 'Delete']).default('Retain').describe(
    'What becomes of volumes when their datanode is taken away or the HdfsCluster is deleted. A cluster of the same name takes retained volumes over, with all that is on them.'),
  rackTopology: z.object({
    nodeLabel: z.string().min(1).max(317).describe('A label of the Kubernetes nodes, like `topology.kubernetes.io/zone`. The operator must be allowed to read nodes (value `rackTopology.enabled` of its chart).'),
  }).optional().describe('Replicas of a block are spread over racks.'),
  tls: z.object({
    secretName: z.string().min(1).max(253).describe('A Secret of type kubernetes.io/tls whose certificate covers the names of Services and pods.'),
  }).optional().describe('WebHDFS over HTTPS, beside HTTP.'),
  suspend: z.boolean().default(false).describe('Stops all pods, namenodes first. Volumes stay.'),
});

export const hdfsClusterSpecSchema = rules.reduce(
  (schema, { cel, holds }) => withRule(schema, cel, (spec) => holds(spec as Checked)), specFields as z.ZodType) as typeof specFields;

/** When an edit of a field takes effect. */
export type HdfsClusterChange =
  /** At once, without a restart. */
  | 'Live'
  /** By a rolling restart: standby namenodes, the active one after a handover, datanodes one by one. */
  | 'Rolling'
  /** By stopping or starting all pods. */
  | 'Restart';

export const hdfsClusterChangeOf: Readonly<Record<keyof z.output<typeof specFields>, HdfsClusterChange>> = {
  image: 'Rolling',
  imagePullSecrets: 'Rolling',
  nameNode: 'Rolling',
  /** `replicas`, `autoscaling` and `storage.size` are live. */
  dataNodes: 'Rolling',
  replication: 'Rolling',
  blockSize: 'Rolling',
  minBlockSize: 'Rolling',
  trash: 'Rolling',
  permissions: 'Rolling',
  superuser: 'Rolling',
  deletionPolicy: 'Live',
  rackTopology: 'Rolling',
  tls: 'Rolling',
  suspend: 'Restart',
};

export const hdfsClusterPhases = ['Pending', 'Starting', 'Ready', 'Degraded', 'Updating', 'Suspending', 'Suspended', 'Stalled', 'Deleting'] as const;
export type HdfsClusterPhase = (typeof hdfsClusterPhases)[number];

export const hdfsClusterConditionTypes = [
  'Ready', 'Reconciling', 'Stalled', 'Available', 'SafeMode', 'UnderReplicated', 'ScaleInBlocked', 'VolumesReady', 'Suspended',
] as const;
export type HdfsClusterConditionType = (typeof hdfsClusterConditionTypes)[number];

const count = z.number().int().min(0);
const time = z.iso.datetime();
const podResources = z.object({ cores: count, memoryBytes: count });

export const hdfsClusterStatusSchema = z.object({
  phase: z.enum(hdfsClusterPhases).optional(),
  observedGeneration: z.number().int().default(-1),
  clusterId: z.string().max(128).optional().describe('Stands on every disk. It is written here before any pod exists, and never changes.'),
  formatted: z.boolean().optional().describe('The name space exists. From then on an empty namenode disk is a lost one, never a new file system.'),
  conditions: conditionsSchema(hdfsClusterConditionTypes).optional(),
  capacity: z.string().optional().describe('Of the live datanodes, for people.'),
  used: z.string().optional().describe('By blocks, for people.'),
  capacityBytes: count.optional(),
  usedBytes: count.optional(),
  remainingBytes: count.optional(),
  files: count.optional(),
  blocks: count.optional(),
  underReplicated: count.optional().describe('Blocks with fewer replicas than they should have.'),
  missing: count.optional().describe('Blocks without any replica that can be read.'),
  corrupt: count.optional(),
  nameNodes: z.array(z.object({
    name: z.string(),
    role: z.enum(['active', 'standby', 'recovering', 'unreachable']),
    behind: count.optional().describe('Entries of the journal that it does not have yet.'),
    message: z.string().max(1024).optional(),
  })).max(3).optional(),
  dataNodes: z.object({
    replicas: count.describe('Datanode pods that exist.'),
    target: count.describe('How many there should be.'),
    live: count,
    dead: count,
    decommissioning: count,
    summary: z.string().describe('`live/target`, for people.'),
    leaving: z.array(z.string()).max(dataNodesMax).optional().describe('Datanodes that are being emptied before they go.'),
    leavingSince: time.optional(),
  }).optional(),
  autoscaling: z.object({
    target: count.describe('How many datanodes autoscaling has decided on.'),
    wanted: count.describe('How many the used capacity asks for.'),
    usedPercent: z.number().min(0),
    lastScaleAt: time.optional(),
    lowSince: time.optional().describe('Since when fewer would do.'),
    reason: z.string().max(256),
  }).optional(),
  rollout: z.object({
    nameNodes: z.string().describe('`updated/all`.'),
    dataNodes: z.string().describe('`updated/all`.'),
    message: z.string().max(1024).describe('What it waits for.'),
  }).optional().describe('A rolling restart that is under way.'),
  endpoints: z.object({
    webhdfs: z.string(),
    webhdfsTls: z.string().optional(),
    rpc: z.string(),
  }).optional(),
  effective: z.object({
    image: z.string(),
    nameNode: podResources,
    dataNode: podResources,
  }).optional().describe('Computed defaults.'),
  selector: z.string().optional().describe('Label selector of the datanodes, for the scale subresource.'),
});

export type HdfsClusterSpec = Immutable<z.output<typeof specFields>>;
export type HdfsClusterStatus = Immutable<z.output<typeof hdfsClusterStatusSchema>>;

export type HdfsCluster = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: HdfsClusterSpec;
  readonly status?: HdfsClusterStatus;
};

/** The root: what the schema of spec and status cannot see. */
export const hdfsClusterRules = [
  {
    rule: `size(self.metadata.name) <= ${hdfsClusterNameMax}`,
    message: `the name of an HdfsCluster has at most ${hdfsClusterNameMax} characters, because the names of its pods are made from it`,
  },
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
    message: 'the name of an HdfsCluster starts with a letter and has no dots, because it is also the name of its Service',
  },
] as const;
