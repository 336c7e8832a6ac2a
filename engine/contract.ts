/**
 * What the operator and the engine agree on: container arguments, ports, paths, environment names
 * and payloads. The operator imports nothing else of the engine.
 */
import { z } from 'zod';

/** Subcommands of the image's entry point. */
export const subcommand = { driver: 'driver', executor: 'executor', nameNode: 'namenode', dataNode: 'datanode', broker: 'broker' } as const;

/** Ports inside a pod; each pod has its own address, so they never clash. Spark's own numbers. */
export const port = {
  /** Driver, gRPC: Spark Connect. */
  connect: 15002,
  /** Driver, framed TCP: executors register here and receive tasks. */
  driverRpc: 7078,
  /** Executor, framed TCP: shuffle and broadcast blocks. */
  block: 7079,
  /** Driver, HTTP: health, status. */
  http: 4040,
  /** Namenode, framed TCP: datanodes, other namenodes. Numbers of Hadoop's for the HDFS ports. */
  nameNodeRpc: 8020,
  /** Namenode, HTTP: WebHDFS, browse page, health, status. */
  nameNodeHttp: 9870,
  /** The same with TLS. */
  nameNodeHttps: 9871,
  /** Datanode, framed TCP: pipelines, copies, recovery. */
  dataNodeRpc: 9867,
  /** Datanode, HTTP: WebHDFS, health. */
  dataNodeHttp: 9864,
  dataNodeHttps: 9865,
  /** Broker: Kafka's protocol for clients inside the Kubernetes cluster. */
  kafka: 9092,
  /** Broker: Kafka's protocol for clients outside. */
  kafkaExternal: 9094,
  /** Broker, framed TCP: other brokers. */
  kafkaRpc: 9093,
  /** Broker, HTTP: health, status, page. */
  kafkaHttp: 9644,
} as const;

/** Paths of the driver's HTTP port. All but health need `Authorization: Bearer <application secret>`. */
export const httpPath = {
  /** 200 once the driver accepts executors. */
  ready: '/readyz',
  live: '/livez',
  /** GET → `DriverStatus`. */
  status: '/headrace/v1/status',
  /** POST: cancel the application; the driver ends with outcome `Cancelled`. */
  cancel: '/headrace/v1/cancel',
  /** Namenode. GET → `HdfsStatus`. */
  hdfsStatus: '/headrace/v1/hdfs/status',
  /** Namenode, active only. PUT `DecommissionRequest`: the whole set of datanodes that are to go. */
  decommission: '/headrace/v1/hdfs/decommission',
  /** Namenode, active only. POST: hands over to a standby that has caught up; 409 when there is none. */
  handover: '/headrace/v1/hdfs/handover',
  /** Broker. GET → `KafkaStatus`. */
  kafkaStatus: '/headrace/v1/kafka/status',
  /** Broker. PUT `KafkaDrainRequest`: the whole set of brokers that are to go. Nothing new is placed there, and partitions move away. */
  kafkaDrain: '/headrace/v1/kafka/drain',
} as const;

/** Environment of driver and executor containers. */
export const environment = {
  /** Driver: path of the `ApplicationFile`. */
  applicationFile: 'HEADRACE_APPLICATION_FILE',
  /** Both: path of the file that holds the application's secret. */
  secretFile: 'HEADRACE_SECRET_FILE',
  /** Both: address that others reach this pod by (downward API: status.podIP). */
  podIp: 'HEADRACE_POD_IP',
  /** Both: address to listen on. Default 0.0.0.0; embedded pods listen on their pod IP. */
  listenHost: 'HEADRACE_LISTEN_HOST',
  /** Executor: `host:port` of the driver's RPC. */
  driverAddress: 'HEADRACE_DRIVER_ADDRESS',
  /** Executor: decimal, unique within the attempt. */
  executorId: 'HEADRACE_EXECUTOR_ID',
  /** Both: number of task slots (whole cores, at least 1). */
  cores: 'HEADRACE_CORES',
  /** Both: memory of the container in bytes. */
  memoryBytes: 'HEADRACE_MEMORY_BYTES',
  /** Both: writable scratch directory. */
  workDir: 'HEADRACE_WORK_DIR',
  /** Both: where the final message goes (Kubernetes' terminationMessagePath). */
  terminationFile: 'HEADRACE_TERMINATION_FILE',
  /**
   * Embedded pods only: JSON object from mount path to real directory. The engine's file layer maps
   * absolute paths below a mount path to it, because a local process has no mounts of its own.
   */
  mounts: 'HEADRACE_MOUNTS',
  /**
   * Embedded pods only: `stdin`. Standard input is then a pipe that closes when the process that runs the pods is gone,
   * however it ended; the pod's process must end too. A module that the kubelet preloads
   * (`operator/embedded/parent-watch.ts`) sees to it for the whole process group: driver and executor only leave
   * standard input alone, and start their own children in their process group.
   */
  parentWatch: 'HEADRACE_PARENT_WATCH',
  /** Both: pino level. */
  logLevel: 'HEADRACE_LOG_LEVEL',
  /** Broker: path of the `KafkaConfig`. */
  kafkaConfigFile: 'HEADRACE_KAFKA_CONFIG_FILE',
  /** Broker: its id, decimal; also the number in its pod's name. */
  brokerId: 'HEADRACE_BROKER_ID',
  /** Broker: path of a JSON file, listener name → `{ host, port }`: how clients outside reach it. The operator writes it when it knows. */
  externalAddressFile: 'HEADRACE_EXTERNAL_ADDRESS_FILE',
  /** Namenode and datanode: path of the `HdfsConfig`. */
  hdfsConfigFile: 'HEADRACE_HDFS_CONFIG_FILE',
  /** Namenode and datanode: its stable name, `nn-0` or `dn-3` within the cluster. */
  hdfsNodeName: 'HEADRACE_HDFS_NODE_NAME',
  /** Namenode: one directory. Datanode: several, separated by colons; each is a volume. */
  dataDirectories: 'HEADRACE_DATA_DIRECTORIES',
  /** Namenode and datanode: host that others reach this pod by. Default: the pod's IP. */
  advertisedHost: 'HEADRACE_ADVERTISED_HOST',
  /** Datanode: `/rack`. Default `/default-rack`. */
  rack: 'HEADRACE_RACK',
  /**
   * Datanode, instead of `rack` where racks come from labels of the Kubernetes nodes: path of a file that holds the rack. The operator learns where a
   * pod runs only when it does, so the file may be empty at first: the datanode waits until it is not, and registers then.
   */
  rackFile: 'HEADRACE_RACK_FILE',
  /** All: the Kubernetes node that the pod runs on (downward API: spec.nodeName). */
  machine: 'HEADRACE_MACHINE',
  /**
   * Embedded pods only: path of a JSON file from host name to address, read anew at each look-up. There is no cluster DNS for local processes.
   */
  hostsFile: 'HEADRACE_HOSTS_FILE',
} as const;

/** Host name of an HdfsCluster's Service: what clients connect to, and what `hdfs://CLUSTER.NAMESPACE/` means. */
export function hdfsServiceHost(cluster: string, namespace: string): string {
  return `${cluster}.${namespace}.svc`;
}

/** Host name of a KafkaCluster's bootstrap Service. */
export function kafkaServiceHost(cluster: string, namespace: string): string {
  return `${cluster}.${namespace}.svc`;
}

/** Default places inside a container. */
export const path = {
  hdfsConfigFile: '/etc/headrace/hdfs/hdfs.json',
  kafkaConfigFile: '/etc/headrace/kafka/kafka.json',
  /** One file per user of SASL, its content the password: a Secret. */
  kafkaUsersDir: '/etc/headrace/kafka-users',
  /** Certificate and key of HTTPS, as a Secret of type kubernetes.io/tls has them. */
  tlsDir: '/etc/headrace/tls',
  /** Volumes are mounted below: `/data/0`, `/data/1`. */
  dataDir: '/data',
  rackFile: '/etc/headrace/rack/rack',
  applicationFile: '/etc/headrace/application/application.json',
  /** Inline scripts and scripts out of a ConfigMap lie here. */
  scriptDir: '/etc/headrace/script',
  secretFile: '/etc/headrace/secret/token',
  workDir: '/scratch',
  terminationFile: '/dev/termination-log',
} as const;

/** Exit codes of the driver; the operator reads the termination message first, these second. */
export const exitCode = {
  succeeded: 0,
  /** The application failed: its SQL, its script, its data. Retried only under `OnFailure`. */
  applicationFailed: 1,
  /** Bad configuration: never retried. */
  badConfiguration: 2,
  cancelled: 3,
  /** The engine itself failed (assertion, out of memory): retried under `OnFailure`. */
  engineFailed: 70,
} as const;

const mapReduceProgramSchema = z.discriminatedUnion('kind', [
  /** One line for `/bin/sh -c`, or a program and its arguments. */
  z.strictObject({ kind: z.literal('command'), command: z.union([z.string().min(1), z.array(z.string()).min(1)]) }),
  /** A module, as `location` of a script. */
  z.strictObject({ kind: z.literal('function'), location: z.string() }),
]);

/** Hadoop Streaming's contract. */
export const mapReduceApplicationSchema = z.strictObject({
  kind: z.literal('mapReduce'),
  input: z.array(z.string()).min(1),
  output: z.string(),
  mapper: mapReduceProgramSchema,
  combiner: mapReduceProgramSchema.optional(),
  reducer: mapReduceProgramSchema.optional(),
  numReduceTasks: z.number().int().min(0),
  fieldSeparator: z.string().min(1),
  keyFields: z.number().int().min(1),
  partitionFields: z.strictObject({ from: z.number().int().min(1), to: z.number().int().min(1) }).optional(),
  sort: z.strictObject({ by: z.enum(['Bytes', 'Number']), order: z.enum(['Ascending', 'Descending']) }),
  environment: z.record(z.string(), z.string()),
  /** Largest split; the file's block where that is smaller. */
  splitBytes: z.number().int().min(1).optional(),
});
export type MapReduceApplication = z.infer<typeof mapReduceApplicationSchema>;

export const applicationFileSchema = z.strictObject({
  /** Unique per attempt: `<uid>-<attempt>`. Names scratch and staging paths. */
  applicationId: z.string(),
  name: z.string(),
  namespace: z.string(),
  attempt: z.number().int().min(1),
  application: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('sql'), text: z.string() }),
    /** `location` is an absolute path, a path relative to the working directory, or an http(s) URL. */
    z.strictObject({ kind: z.literal('script'), location: z.string() }),
    mapReduceApplicationSchema,
  ]),
  arguments: z.array(z.string()),
  sparkConf: z.record(z.string(), z.string()),
  executorInstances: z.number().int().min(1),
});
export type ApplicationFile = z.infer<typeof applicationFileSchema>;

const count = z.number().int().min(0);

export const progressSchema = z.object({
  stages: z.object({ total: count, completed: count, running: count, failed: count }),
  tasks: z.object({ total: count, completed: count, running: count, failed: count }),
});
export type Progress = z.infer<typeof progressSchema>;

/** First rows of a result, as text: what a person would see. */
export const resultSchema = z.object({
  /** Where the last write put its files. */
  output: z.string().optional(),
  /** Rows of the result shown, or rows written where nothing is shown. */
  rows: z.number().int().min(0).optional(),
  columns: z.array(z.string()).optional(),
  firstRows: z.array(z.array(z.string().nullable())).optional(),
  /** Of a MapReduce job: group → counter → sum over all tasks. */
  counters: z.record(z.string(), z.record(z.string(), z.number())).optional(),
});
export type ApplicationResult = z.infer<typeof resultSchema>;

export const applicationErrorSchema = z.object({
  /** Spark's error class (`TABLE_OR_VIEW_NOT_FOUND`) or one of the engine's own (`SCRIPT_FAILED`). */
  errorClass: z.string(),
  sqlState: z.string().optional(),
  message: z.string(),
});
export type ApplicationError = z.infer<typeof applicationErrorSchema>;

/** Answer of `httpPath.status`. */
export const driverStatusSchema = z.object({
  applicationId: z.string(),
  phase: z.enum(['Starting', 'Running', 'Finishing']),
  executors: z.array(z.object({
    id: z.string(), address: z.string(), slots: count, runningTasks: count, completedTasks: count, failedTasks: count,
    shuffleBytes: count, idleSinceMs: z.number().nullable(),
  })),
  progress: progressSchema,
  /** What the SQL or the script is at, for people: `stage 3 of 5`. */
  activity: z.string().optional(),
  firstTaskAtMs: z.number().nullable(),
  demand: z.object({ runningTasks: count, pendingTasks: count }),
});
export type DriverStatus = z.infer<typeof driverStatusSchema>;

/**
 * The driver's last word, written to the termination file as JSON in at most 4,096 bytes (the
 * kubelet's limit); `firstRows` are dropped from the end until it fits.
 */
export const terminationMessageSchema = z.object({
  outcome: z.enum(['Succeeded', 'Failed', 'Cancelled']),
  progress: progressSchema.optional(),
  firstTaskAtMs: z.number().nullable().optional(),
  result: resultSchema.optional(),
  error: applicationErrorSchema.optional(),
});
export type TerminationMessage = z.infer<typeof terminationMessageSchema>;
export const terminationMessageBytesMax = 4096;

/** What every namenode and datanode of a cluster is told. Changes reach a pod when it starts anew. */
export const hdfsConfigSchema = z.strictObject({
  /** Made once by the operator, before the first pod; stands on every disk. */
  clusterId: z.string().min(1),
  clusterName: z.string(),
  namespace: z.string(),
  /** All of them, in order; their number never changes. */
  nameNodes: z.array(z.strictObject({ name: z.string(), host: z.string() })).min(1),
  /**
   * True until the operator has seen the name space formatted. Then an empty disk of the only namenode is a lost disk, not a new cluster: it
   * refuses to start; an empty disk of one among three is filled by the others.
   */
  mayFormat: z.boolean(),
  replication: z.number().int().min(1),
  blockBytes: z.number().int().min(1),
  /** Smaller ones are refused. */
  blockBytesMin: z.number().int().min(1),
  permissions: z.boolean(),
  superuser: z.string(),
  supergroup: z.string(),
  /** Bits taken away from what clients ask for when they say nothing else. */
  umask: z.number().int(),
  /** 0: no trash. */
  trashIntervalMinutes: z.number().int().min(0),
  /** 0: as the interval. */
  trashCheckpointMinutes: z.number().int().min(0),
  /** Share of blocks that must be reported before safe mode ends. */
  safeModeThreshold: z.number().min(0).max(1),
  /** How many datanodes must be there before safe mode ends. */
  safeModeDatanodes: z.number().int().min(0),
  /** A datanode that is silent for so long is dead. */
  deadAfterMs: z.number().int().min(1000),
  heartbeatMs: z.number().int().min(100),
  /** For copies between datanodes, per datanode, bytes per second. */
  transferBandwidth: z.number().int().min(1),
  /** HTTPS beside HTTP; the certificate lies in `path.tlsDir`. */
  tls: z.boolean(),
});
export type HdfsConfig = z.infer<typeof hdfsConfigSchema>;

/** What every broker of a cluster is told. Changes reach a pod when it starts anew. */
export const kafkaConfigSchema = z.strictObject({
  /** Made once by the operator, before the first pod: 16 random bytes as 22 characters of base64url. Stands on every disk. */
  clusterId: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  clusterName: z.string(),
  namespace: z.string(),
  /** The brokers 0, 1, 2 … whose disks hold the cluster's metadata (Raft). Their number never changes. */
  controllers: z.array(z.strictObject({ id: z.number().int().min(0), host: z.string() })).min(1).max(5),
  /** As `mayFormat` of `HdfsConfig`, for the metadata. */
  mayFormat: z.boolean(),
  /** Kafka's broker configurations (`min.insync.replicas`), validated by the broker: an unknown name or a bad value ends it with `badConfiguration`. */
  config: z.record(z.string(), z.string()),
  authentication: z.strictObject({
    /** `none`: anybody; `PLAIN` and `SCRAM`: users of the file `path.kafkaUsersDir`, a file per user with the password. */
    internal: z.enum(['none', 'sasl']),
    external: z.enum(['none', 'sasl']),
  }),
  tls: z.strictObject({ internal: z.boolean(), external: z.boolean() }),
  external: z.boolean(),
});
export type KafkaConfig = z.infer<typeof kafkaConfigSchema>;

export const kafkaDrainRequestSchema = z.strictObject({ brokers: z.array(z.number().int().min(0)) });

/** Answer of `httpPath.kafkaStatus`: as the broker's image of the metadata has it; `controller` tells whether it is the one that decides. */
export const kafkaStatusSchema = z.object({
  clusterId: z.string(),
  id: z.number().int(),
  formatted: z.boolean(),
  isController: z.boolean(),
  controller: z.number().int().nullable(),
  /** Controller only: how far each broker's metadata is behind, in entries. */
  brokers: z.array(z.object({
    id: z.number().int(), registered: z.boolean(), fenced: z.boolean(), cordoned: z.boolean(), shuttingDown: z.boolean(), leaders: count, replicas: count,
    /** Replicas here that are not in sync. */
    outOfSync: count, rack: z.string().optional(),
  })),
  topics: count,
  partitions: count,
  underReplicatedPartitions: count,
  underMinInSyncPartitions: count,
  offlinePartitions: count,
  reassigningPartitions: count,
  /** Partitions that would fall under `min.insync.replicas` or lose their leader if this broker stopped now. */
  blockedBy: count,
  rates: z.object({ bytesInPerSecond: z.number(), bytesOutPerSecond: z.number(), messagesInPerSecond: z.number() }),
  logBytes: count,
  freeBytes: count,
});
export type KafkaStatus = z.infer<typeof kafkaStatusSchema>;

/** Exit codes of a broker beside 0 and 70, as `hdfsExitCode`. */
export const kafkaExitCode = { badConfiguration: 2, wrongDisk: 4, noDisk: 5 } as const;

export const decommissionRequestSchema = z.strictObject({ datanodes: z.array(z.string()) });
export type DecommissionRequest = z.infer<typeof decommissionRequestSchema>;

/** Answer of `httpPath.hdfsStatus`; a standby knows less of the datanodes, its `role` says what to believe. */
export const hdfsStatusSchema = z.object({
  clusterId: z.string(),
  /** Version of the image that runs. */
  name: z.string(),
  role: z.enum(['active', 'standby', 'recovering']),
  /** Name of the active namenode, when one is known. */
  active: z.string().optional(),
  formatted: z.boolean(),
  safeMode: z.object({ on: z.boolean(), reason: z.string().optional() }),
  capacityBytes: count,
  usedBytes: count,
  remainingBytes: count,
  files: count,
  blocks: count,
  underReplicatedBlocks: count,
  missingBlocks: count,
  corruptBlocks: count,
  pendingBlocks: count,
  datanodes: z.array(z.object({
    name: z.string(), uuid: z.string(), state: z.enum(['Live', 'Decommissioning', 'Decommissioned', 'Dead']),
    capacityBytes: count, usedBytes: count, remainingBytes: count, blocks: count, failedVolumes: count,
    lastContactMs: z.number(), underReplicatedBlocks: count,
  })),
  /** Active only: how far each namenode has the journal. */
  nameNodes: z.array(z.object({ name: z.string(), role: z.enum(['active', 'standby', 'recovering', 'unreachable']), storedIndex: count, behind: count })),
});
export type HdfsStatus = z.infer<typeof hdfsStatusSchema>;

/** Exit codes of namenode and datanode beside 0 (asked to stop) and 70 (the engine failed). */
export const hdfsExitCode = {
  badConfiguration: 2,
  /** The disk belongs to another cluster, or is empty though the cluster is formatted. The last line of the termination file says which. */
  wrongDisk: 4,
  /** Every volume has failed. */
  noDisk: 5,
} as const;
