/**
 * SparkJob: the one source of its types, its CRD, its defaults and its reference.
 *
 * What an edit of a field does stands in `changeOf` below; editing never stops a running attempt
 * except through `restartNonce` and `suspend`, which ask for it.
 */
import { z } from 'zod';
import { conditionsSchema } from './condition.ts';
import { mapReduceSchemaOf } from './map-reduce.ts';
import { podFieldsOf } from './pod.ts';
import type { Immutable, ObjectMeta, ResourceName } from './resource.ts';
import { withRule, withTransition } from './rule.ts';

export const sparkJobType = {
  apiVersion: 'headrace.dev/v1alpha1',
  kind: 'SparkJob',
  plural: 'sparkjobs',
  namespaced: true,
} as const satisfies ResourceName;

/** 63 characters of a pod's host name, less `-9999-exec-99999`. */
export const sparkJobNameMax = 47;
export const executorInstancesMax = 1000;

const scriptSchema = withRule(
  z.object({
    inline: z.string().min(1).max(262_144).optional().describe('The text of the module.'),
    configMapKeyRef: z.object({
      name: z.string().min(1).max(253),
      key: z.string().min(1).max(253).regex(/^[-._a-zA-Z0-9]+$/),
    }).optional().describe('A key of a ConfigMap in the same namespace.'),
    url: z.string().max(2048).regex(/^https?:\/\/[^\s]+$/).optional().describe('An http or https address; the driver fetches it.'),
    path: z.string().min(1).max(1024).optional().describe('A path in the image; relative ones start at /opt/headrace.'),
  }),
  {
    rule: '[has(self.inline), has(self.configMapKeyRef), has(self.url), has(self.path)].filter(set, set).size() == 1',
    message: 'script needs exactly one of inline, configMapKeyRef, url and path',
  },
  (script) => [script.inline, script.configMapKeyRef, script.url, script.path].filter((form) => form !== undefined).length === 1,
);

const applicationSchema = withTransition(
  withRule(
    z.object({
      sql: z.string().min(1).max(262_144).optional().describe('SQL statements, separated by semicolons. The last query is the result.'),
      script: scriptSchema.optional().describe('A TypeScript or JavaScript module. If its default export is a function, it is called with the session and the arguments.'),
      mapReduce: mapReduceSchemaOf(scriptSchema).optional().describe("A MapReduce job with Hadoop Streaming's contract: commands or functions."),
    }),
    {
      rule: '[has(self.sql), has(self.script), has(self.mapReduce)].filter(set, set).size() == 1',
      message: 'application needs exactly one of sql, script and mapReduce',
    },
    (application) => [application.sql, application.script, application.mapReduce].filter((form) => form !== undefined).length === 1,
  ),
  {
    rule: 'has(self.sql) == has(oldSelf.sql) && has(self.script) == has(oldSelf.script) && has(self.mapReduce) == has(oldSelf.mapReduce)',
    message: 'the form of the application (sql, script or mapReduce) cannot change; create another SparkJob',
  },
);

const podFields = podFieldsOf({
  container: 'spark',
  resources: 'CPU, memory and extended resources. Whole cores become task slots (at least one). Memory that is only requested is also the limit.',
});
const driverSchema = z.object(podFields);
const executorSchema = z.object({
  instances: z.number().int().min(1).max(executorInstancesMax).default(1).describe('How many executors run.'),
  ...podFields,
});

const restartPolicySchema = withRule(
  z.object({
    type: z.enum(['Never', 'OnFailure']).default('Never').describe('Whether a failed attempt is followed by another.'),
    maxRetries: z.number().int().min(0).max(100).default(3).describe(
      'How many more attempts follow failures of the application or the engine. Attempts lost with their node are not counted here.'),
    backoffSeconds: z.number().int().min(0).max(3600).default(10).describe('Pause before the first retry; it doubles with each.'),
    maxBackoffSeconds: z.number().int().min(0).max(86_400).default(300).describe('Longest pause.'),
  }),
  { rule: 'self.backoffSeconds <= self.maxBackoffSeconds', message: 'backoffSeconds must not be more than maxBackoffSeconds' },
  (policy) => policy.backoffSeconds <= policy.maxBackoffSeconds,
);

export const sparkJobSpecSchema = withTransition(
  z.object({
    application: applicationSchema.describe('What runs: exactly one form.'),
    arguments: z.array(z.string().max(8192)).max(256).optional().describe('Arguments of a script.'),
    sparkConf: z.record(z.string(), z.string().max(8192)).optional().describe("Settings under Spark's names. The application may override them."),
    image: z.string().min(1).max(512).optional().describe("Image of driver and executors. Default: the operator's own."),
    imagePullSecrets: z.array(z.object({ name: z.string().min(1).max(253) })).max(16).meta({
      'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
    }).optional().describe('Secrets for pulling the image.'),
    serviceAccountName: z.string().min(1).max(253).optional().describe('Service account of the pods. Its token is not mounted. Cannot change.'),
    driver: driverSchema.default({}).describe('The pod that plans and schedules.'),
    executor: executorSchema.default({ instances: 1 }).describe('The pods that compute.'),
    restartPolicy: restartPolicySchema.default({ type: 'Never', maxRetries: 3, backoffSeconds: 10, maxBackoffSeconds: 300 }).describe('What follows a failed attempt.'),
    suspend: z.boolean().default(false).describe('Stops the running attempt and starts none. Resuming starts a new attempt, which is not counted as a retry.'),
    activeDeadlineSeconds: z.number().int().min(1).max(31_536_000).optional().describe(
      'Longest time from the start of the first attempt to the end, retries included; suspended time is not counted.'),
    ttlSecondsAfterFinished: z.number().int().min(0).max(31_536_000).optional().describe(
      "How long the driver's pod and the job's other objects stay after the end. The SparkJob itself stays. Default: until it is deleted."),
    restartNonce: z.string().max(63).optional().describe('Any change runs the job again from the start, whatever state it is in.'),
  }),
  {
    rule: 'has(self.serviceAccountName) == has(oldSelf.serviceAccountName) && (!has(self.serviceAccountName) || self.serviceAccountName == oldSelf.serviceAccountName)',
    message: 'serviceAccountName cannot change; create another SparkJob',
  },
);

/** When an edit of a field takes effect. */
export type FieldChange =
  /** At once, without disturbing what runs. */
  | 'Live'
  /** With the next attempt: a retry, a resumption, a restart. A failed job takes it as a new try. */
  | 'NextAttempt'
  /** At once, by stopping what runs. */
  | 'Restart'
  /** Never: the API server refuses it. */
  | 'Immutable';

export const changeOf: Readonly<Record<keyof z.output<typeof sparkJobSpecSchema>, FieldChange>> = {
  application: 'NextAttempt',
  arguments: 'NextAttempt',
  sparkConf: 'NextAttempt',
  image: 'NextAttempt',
  imagePullSecrets: 'NextAttempt',
  serviceAccountName: 'Immutable',
  driver: 'NextAttempt',
  /** `instances` is live. */
  executor: 'NextAttempt',
  restartPolicy: 'Live',
  suspend: 'Restart',
  activeDeadlineSeconds: 'Live',
  ttlSecondsAfterFinished: 'Live',
  restartNonce: 'Restart',
};

export const phases = ['Pending', 'Starting', 'Running', 'Stopping', 'Retrying', 'Suspended', 'Completed', 'Failed'] as const;
export type SparkJobPhase = (typeof phases)[number];

export const conditionTypes = ['Ready', 'Reconciling', 'Stalled', 'Complete', 'Failed', 'Suspended', 'ExecutorsReady'] as const;
export type SparkJobConditionType = (typeof conditionTypes)[number];

const count = z.number().int().min(0);
const time = z.iso.datetime();
const counts = z.object({ total: count, completed: count, running: count, failed: count });
const podResources = z.object({ cores: count, memoryBytes: z.number().int().min(0) });

/** How many of the latest executor failures are kept. */
export const recentFailuresMax = 5;

export const sparkJobStatusSchema = z.object({
  phase: z.enum(phases).optional(),
  observedGeneration: z.number().int().default(-1),
  conditions: conditionsSchema(conditionTypes).optional(),
  attempts: z.object({
    number: count.describe('The current or last attempt; 0 before the first. It is written here before any pod of that attempt exists.'),
    state: z.enum(['None', 'Active', 'Stopping', 'Ended']).describe('Active: its driver exists or is about to. An attempt that has ended never starts again.'),
    outcome: z.enum(['Succeeded', 'Failed', 'Stopped']).optional().describe('How the attempt ended. Stopped: by suspension or restart, without a verdict.'),
    reason: z.string().max(128).optional().describe('Why it is stopping or has ended.'),
    message: z.string().max(4096).optional(),
    failures: count.describe('Failures of application or engine since the last (re)start: what maxRetries counts.'),
    disruptions: count.describe('Attempts lost with their node or pod since the last (re)start.'),
    startedAt: time.optional(),
    endedAt: time.optional(),
    retryAt: time.optional().describe('When the next attempt starts, if one follows.'),
    activeSince: time.optional().describe('Start of the time that activeDeadlineSeconds counts.'),
    activeSeconds: z.number().optional().describe('Counted time before the last suspension.'),
    restartNonce: z.string().max(63).optional().describe('The restartNonce that this run answers.'),
    specHash: z.string().max(64).optional().describe('Of the fields that went into the attempt.'),
    policyHash: z.string().max(64).optional().describe('Of the restart policy and deadline by which the job was given up.'),
  }).optional(),
  driver: z.object({
    pod: z.string().optional(),
    uid: z.string().optional(),
    phase: z.string().optional().describe("The pod's phase, or the reason why it waits."),
    ip: z.string().optional(),
    node: z.string().optional(),
    message: z.string().optional(),
  }).optional(),
  executors: z.object({
    target: count,
    running: count,
    pending: count,
    summary: z.string().describe('`running/target`, for people.'),
    failed: count.describe('Executors lost in this attempt.'),
    lastId: count.describe('The highest executor number given out in this attempt; numbers are never given twice.'),
    ids: z.string().max(16_384).describe('Numbers in use, as ranges: `1-3,5`.'),
    seen: z.string().max(16_384).describe('Those of them whose pods have been seen.'),
    lostSinceProgress: count.describe('Executors lost since a task last completed.'),
    tasksAtLoss: count.describe('Tasks completed when an executor was last lost.'),
  }).optional(),
  progress: z.object({
    stages: counts,
    tasks: counts,
    summary: z.string().describe('`completed/total` tasks, for people.'),
    activity: z.string().optional(),
  }).optional(),
  recentExecutorFailures: z.array(z.object({
    executor: count,
    reason: z.string(),
    message: z.string().optional(),
    exitCode: z.number().int().optional(),
    node: z.string().optional(),
    at: time,
  })).max(recentFailuresMax).optional(),
  result: z.object({
    output: z.string().optional().describe('Where the last write put its files.'),
    rows: count.optional(),
    columns: z.array(z.string()).optional(),
    firstRows: z.array(z.array(z.string().nullable())).optional(),
    counters: z.record(z.string(), z.record(z.string(), z.number())).optional().describe('Of a MapReduce job: by group and name, summed over all tasks.'),
  }).optional(),
  error: z.object({
    errorClass: z.string(),
    sqlState: z.string().optional(),
    message: z.string(),
  }).optional().describe("The last attempt's error."),
  timings: z.object({
    acceptedAt: time.optional(),
    driverCreatedAt: time.optional(),
    driverRunningAt: time.optional(),
    firstTaskAt: time.optional(),
    finishedAt: time.optional(),
    phaseStartedAt: time.optional(),
    phaseSeconds: z.record(z.string(), z.number()).optional().describe('Time spent in each phase that has ended.'),
  }).optional().describe('When the current attempt came how far, and how long each phase took.'),
  effective: z.object({
    image: z.string(),
    driver: podResources,
    executor: podResources,
  }).optional().describe('Computed defaults as the current attempt has them.'),
  selector: z.string().optional().describe('Label selector of the executors, for the scale subresource.'),
});

export type SparkJobSpec = Immutable<z.output<typeof sparkJobSpecSchema>>;
export type SparkJobStatus = Immutable<z.output<typeof sparkJobStatusSchema>>;

export type SparkJob = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: SparkJobSpec;
  readonly status?: SparkJobStatus;
};

/** The root: what the schema of spec and status cannot see. */
export const sparkJobRules = [
  {
    rule: `size(self.metadata.name) <= ${sparkJobNameMax}`,
    message: `the name of a SparkJob has at most ${sparkJobNameMax} characters, because the names of its pods are made from it`,
  },
] as const;
