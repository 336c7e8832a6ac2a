/**
 * How values merge under server-side apply: which lists are associative, which maps are atomic. From a
 * CRD's schema, or from a table for the built-in kinds (as their OpenAPI documents say with x-kubernetes-list-type).
 */
import { isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { isSchema } from './structural-schema.ts';
import type { Schema } from './structural-schema.ts';

export interface MergeShape {
  /** Atomic values have one owner; granular maps and lists one per entry. */
  readonly kind: 'atomic' | 'granular';
  readonly fields?: Readonly<Record<string, MergeShape>>;
  /** Shape of map entries that `fields` does not name. */
  readonly values?: MergeShape;
  /** Absent: lists are atomic. */
  readonly list?: { readonly kind: 'set' } | { readonly kind: 'map'; readonly keys: readonly string[]; readonly defaults?: JsonObject };
  readonly items?: MergeShape;
}

/** What holds where nothing is said: maps are granular, lists atomic. */
const unsaid: MergeShape = { kind: 'granular' };
const atomic: MergeShape = { kind: 'atomic' };

export function childShape(shape: MergeShape, key: string): MergeShape {
  if (!key.startsWith('f:')) return shape.items ?? unsaid;
  const name = key.slice(2);
  if (shape.fields !== undefined && Object.hasOwn(shape.fields, name)) return shape.fields[name] ?? unsaid;
  return shape.values ?? unsaid;
}

/** The items of an associative list with the keys that field sets know them by; undefined for an atomic list. */
export function listItems(shape: MergeShape, list: readonly Json[]): readonly { readonly key: string; readonly item: Json }[] | undefined {
  const { list: listShape } = shape;
  if (listShape === undefined || shape.kind === 'atomic') return undefined;
  return list.map((item) => {
    if (listShape.kind === 'set') return { key: `v:${JSON.stringify(item)}`, item };
    const keys = listShape.keys.map((name) => [name, (isObject(item) ? item[name] : undefined) ?? listShape.defaults?.[name]] as const);
    return { key: `k:${JSON.stringify(Object.fromEntries(keys))}`, item };
  });
}

export function shapeOfSchema(schema: Schema): MergeShape {
  if (schema['x-kubernetes-map-type'] === 'atomic') return atomic;
  const { properties, additionalProperties, items } = schema;
  const listType = schema['x-kubernetes-list-type'];
  return {
    kind: 'granular',
    ...(properties === undefined ? {} : { fields: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, shapeOfSchema(property)])) }),
    ...(isSchema(additionalProperties) ? { values: shapeOfSchema(additionalProperties) } : {}),
    ...(items === undefined ? {} : { items: shapeOfSchema(items) }),
    ...(listType === 'set' ? { list: { kind: 'set' } } : {}),
    ...(listType === 'map' ? { list: { kind: 'map', keys: (schema['x-kubernetes-list-map-keys'] ?? []).toSorted(), defaults: keyDefaults(items) } } : {}),
  };
}

function keyDefaults(items: Schema | undefined): JsonObject {
  return Object.fromEntries(Object.entries(items?.properties ?? {}).flatMap(([name, property]) => (property.default === undefined ? [] : [[name, property.default]])));
}

const set: MergeShape = { kind: 'granular', list: { kind: 'set' } };
const fields = (named: Readonly<Record<string, MergeShape>>): MergeShape => ({ kind: 'granular', fields: named });
const listBy = (keys: readonly string[], items: MergeShape = unsaid, defaults: JsonObject = {}): MergeShape => ({
  kind: 'granular', list: { kind: 'map', keys: keys.toSorted(), defaults }, items,
});
const byName = (items?: MergeShape): MergeShape => listBy(['name'], items);

export const metadataShape: MergeShape = fields({
  finalizers: set,
  ownerReferences: listBy(['uid'], atomic),
});

const keyReference = { configMapKeyRef: atomic, secretKeyRef: atomic, fieldRef: atomic, resourceFieldRef: atomic };
const container = fields({
  env: byName(fields({ valueFrom: fields(keyReference) })),
  ports: listBy(['containerPort', 'protocol'], unsaid, { protocol: 'TCP' }),
  volumeMounts: listBy(['mountPath']),
  volumeDevices: listBy(['devicePath']),
  resources: fields({ claims: byName() }),
});

const podSpec = fields({
  containers: byName(container),
  initContainers: byName(container),
  ephemeralContainers: byName(container),
  volumes: byName(),
  imagePullSecrets: byName(),
  hostAliases: listBy(['ip']),
  topologySpreadConstraints: listBy(['topologyKey', 'whenUnsatisfiable']),
  nodeSelector: atomic,
  resourceClaims: byName(),
  schedulingGates: byName(),
});

const conditions = listBy(['type']);
const podStatus = fields({ conditions, podIPs: listBy(['ip']), hostIPs: listBy(['ip']) });
const podTemplate = fields({ metadata: metadataShape, spec: podSpec });

/** Shapes of the built-in kinds that have associative lists. */
export const builtInShapes: Readonly<Record<string, MergeShape>> = {
  Pod: fields({ metadata: metadataShape, spec: podSpec, status: podStatus }),
  Service: fields({
    metadata: metadataShape,
    spec: fields({ ports: listBy(['port', 'protocol'], unsaid, { protocol: 'TCP' }), selector: atomic }),
    status: fields({ conditions }),
  }),
  StatefulSet: fields({ metadata: metadataShape, spec: fields({ template: podTemplate, selector: atomic }), status: fields({ conditions }) }),
  Deployment: fields({ metadata: metadataShape, spec: fields({ template: podTemplate, selector: atomic }), status: fields({ conditions }) }),
  Job: fields({ metadata: metadataShape, spec: fields({ template: podTemplate, selector: atomic }), status: fields({ conditions }) }),
  PersistentVolumeClaim: fields({ metadata: metadataShape, status: fields({ conditions }) }),
  PodDisruptionBudget: fields({ metadata: metadataShape, spec: fields({ selector: atomic }), status: fields({ conditions }) }),
};

export const plainShape: MergeShape = fields({ metadata: metadataShape });
