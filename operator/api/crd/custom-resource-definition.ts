/** What a CRD says besides its schema, kind by kind, and the whole as an object. */
import type { z } from 'zod';
import { changeOf, sparkJobRules, sparkJobSpecSchema, sparkJobStatusSchema, sparkJobType } from '../spark-job.ts';
import { hdfsClusterChangeOf, hdfsClusterRules, hdfsClusterSpecSchema, hdfsClusterStatusSchema, hdfsClusterType } from '../hdfs-cluster.ts';
import type { ResourceName } from '../resource.ts';
import type { CelRule } from '../rule.ts';
import { rulesKey } from '../rule.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { structuralSchema } from './structural-schema.ts';

export interface KindDescription {
  readonly resource: ResourceName;
  readonly summary: string;
  readonly shortNames: readonly string[];
  readonly spec: z.ZodType;
  readonly status: z.ZodType;
  readonly rules: readonly CelRule[];
  readonly columns: readonly { readonly name: string; readonly type: string; readonly jsonPath: string; readonly priority?: number; readonly description?: string }[];
  /** What an edit does: a sentence, and an effect for each field. */
  readonly edits: { readonly text: string; readonly effects: readonly (readonly [field: string, effect: string])[] };
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath: string };
}

const sparkJobEffects = {
  Live: 'Live: at once, without disturbing what runs.',
  NextAttempt: 'Next attempt: a retry, a resumption or a restart takes it. A failed job takes it as a new try.',
  Restart: 'Restart: at once, by stopping what runs.',
  Immutable: 'Immutable.',
} as const;

const hdfsClusterEffects = {
  Live: 'Live: at once, without a restart.',
  Rolling: 'Rolling: standby namenodes one by one, the active one after a handover, then datanodes one by one while no block is under-replicated.',
  Restart: 'Restart: at once, by stopping or starting all pods.',
} as const;

const effectsOf = <Change extends string>(changes: Readonly<Record<string, Change>>, texts: Readonly<Record<Change, string>>, more: readonly (readonly [string, string])[]) =>
  [...Object.entries(changes).map(([field, change]) => [field, texts[change as Change]] as const), ...more];

export const kinds: readonly KindDescription[] = [{
  resource: sparkJobType,
  summary: 'A Spark application that runs to its end.',
  shortNames: ['sj'],
  spec: sparkJobSpecSchema,
  status: sparkJobStatusSchema,
  rules: sparkJobRules,
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Progress', type: 'string', jsonPath: '.status.progress.summary', description: 'Tasks completed of all known so far.' },
    { name: 'Executors', type: 'string', jsonPath: '.status.executors.summary', description: 'Executors running of those wanted.' },
    { name: 'Attempt', type: 'integer', jsonPath: '.status.attempts.number', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  edits: {
    text: 'Editing never stops a running attempt, except where this table says Restart.',
    effects: effectsOf(changeOf, sparkJobEffects, [['executor.instances', 'Live: executors are added or removed.']]),
  },
  scale: {
    specReplicasPath: '.spec.executor.instances',
    statusReplicasPath: '.status.executors.running',
    labelSelectorPath: '.status.selector',
  },
}, {
  resource: hdfsClusterType,
  summary: 'A distributed file system: namenodes, datanodes, WebHDFS.',
  shortNames: ['hdfs'],
  spec: hdfsClusterSpecSchema,
  status: hdfsClusterStatusSchema,
  rules: hdfsClusterRules,
  columns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Datanodes', type: 'string', jsonPath: '.status.dataNodes.summary', description: 'Datanodes that are live, of those wanted.' },
    { name: 'Capacity', type: 'string', jsonPath: '.status.capacity' },
    { name: 'Used', type: 'string', jsonPath: '.status.used' },
    { name: 'Under-replicated', type: 'integer', jsonPath: '.status.underReplicated', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].message', priority: 1 },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  edits: {
    text: 'No edit loses data. What needs a restart of pods is done by a rolling one, in an order that keeps the file system serving.',
    effects: effectsOf(hdfsClusterChangeOf, hdfsClusterEffects, [
      ['nameNode.replicas', 'Immutable.'],
      ['nameNode.storage.size', 'Live: the volumes grow where their class allows it.'],
      ['dataNodes.replicas', 'Live: datanodes are added at once, and emptied before they are taken away.'],
      ['dataNodes.autoscaling', 'Live.'],
      ['dataNodes.storage.size', 'Live: the volumes grow where their class allows it.'],
    ]),
  },
  scale: {
    specReplicasPath: '.spec.dataNodes.replicas',
    statusReplicasPath: '.status.dataNodes.replicas',
    labelSelectorPath: '.status.selector',
  },
}];

export type CustomResourceDefinition = ReturnType<typeof customResourceDefinition>;

/** The CRD of a kind, with one version, served and stored. */
export function customResourceDefinition(kind: KindDescription, annotations?: Readonly<Record<string, string>>) {
  const [group = '', version = ''] = kind.resource.apiVersion.split('/');
  const singular = kind.resource.kind.toLowerCase();
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind.resource.plural}.${group}`, ...(annotations === undefined ? {} : { annotations }) },
    spec: {
      group,
      scope: kind.resource.namespaced ? 'Namespaced' : 'Cluster',
      names: {
        kind: kind.resource.kind,
        listKind: `${kind.resource.kind}List`,
        plural: kind.resource.plural,
        singular,
        shortNames: [...kind.shortNames],
        categories: ['all', 'headrace'],
      },
      versions: [{
        name: version,
        served: true,
        storage: true,
        additionalPrinterColumns: kind.columns.map((column) => ({ ...column })),
        subresources: { status: {}, ...(kind.scale === undefined ? {} : { scale: { ...kind.scale } }) },
        schema: { openAPIV3Schema: rootSchema(kind) },
      }],
    },
  };
}

function rootSchema(kind: KindDescription): StructuralSchema {
  return {
    type: 'object',
    description: kind.summary,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: structuralSchema(kind.spec),
      // Without a default for the whole, the API server never comes to the default of observedGeneration.
      status: { ...structuralSchema(kind.status), default: { observedGeneration: -1 } },
    },
    [rulesKey]: kind.rules,
  };
}
