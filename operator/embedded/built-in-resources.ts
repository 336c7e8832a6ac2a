/** The built-in types of the embedded API server: just enough defaulting and validation for what the operator renders. */
import type { ResourceType } from '../kube/client.ts';
import { asList, asObject, equalJson, withFields } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { builtInShapes, plainShape } from './merge-shape.ts';
import { nameFaults } from './resource.ts';
import type { Resource } from './resource.ts';

type Behaviour = Partial<Pick<Resource, 'statusApart' | 'prepare' | 'validate' | 'gracePeriod'>> & { readonly fields?: readonly string[] };

function builtIn(type: ResourceType, behaviour: Behaviour = {}): Resource {
  return {
    type,
    statusApart: behaviour.statusApart ?? false,
    unconditionalUpdate: true,
    shape: builtInShapes[type.kind] ?? plainShape,
    selectableFields: new Set(['metadata.name', 'metadata.namespace', ...(behaviour.fields ?? [])]),
    prepare: behaviour.prepare ?? ((object) => object),
    validate: behaviour.validate ?? (() => []),
    undeclared: () => [],
    gracePeriod: behaviour.gracePeriod ?? (() => undefined),
  };
}

const namespaced = (apiVersion: string, kind: string, plural: string, behaviour?: Behaviour): Resource =>
  builtIn({ apiVersion, kind, plural, namespaced: true }, behaviour);
const clusterWide = (apiVersion: string, kind: string, plural: string, behaviour?: Behaviour): Resource =>
  builtIn({ apiVersion, kind, plural, namespaced: false }, behaviour);

const withStatus: Behaviour = { statusApart: true };

export const builtInResources: readonly Resource[] = [
  namespaced('v1', 'Pod', 'pods', {
    statusApart: true, prepare: preparePod, validate: podFaults, gracePeriod: podGracePeriod,
    fields: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  }),
  namespaced('v1', 'Secret', 'secrets', { prepare: prepareSecret, validate: payloadFaults, fields: ['type'] }),
  namespaced('v1', 'ConfigMap', 'configmaps', { validate: payloadFaults }),
  namespaced('v1', 'Service', 'services', withStatus),
  namespaced('v1', 'ServiceAccount', 'serviceaccounts'),
  namespaced('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', { statusApart: true, prepare: prepareClaim }),
  namespaced('v1', 'Event', 'events', { fields: ['involvedObject.kind', 'involvedObject.name', 'involvedObject.namespace', 'involvedObject.uid', 'reason', 'type'] }),
  namespaced('events.k8s.io/v1', 'Event', 'events', { fields: ['reason', 'type'] }),
  namespaced('coordination.k8s.io/v1', 'Lease', 'leases'),
  namespaced('apps/v1', 'StatefulSet', 'statefulsets', withStatus),
  namespaced('apps/v1', 'Deployment', 'deployments', withStatus),
  namespaced('batch/v1', 'Job', 'jobs', withStatus),
  namespaced('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', withStatus),
  namespaced('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  namespaced('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  namespaced('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles'),
  clusterWide('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings'),
  clusterWide('v1', 'Namespace', 'namespaces'),
  clusterWide('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', { statusApart: true, prepare: prepareDefinition }),
];

function preparePod(pod: JsonObject): JsonObject {
  const spec = asObject(pod['spec']);
  const container = (each: Json): Json => ({ terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', ...asObject(each) });
  const prepared = {
    restartPolicy: 'Always', terminationGracePeriodSeconds: 30, ...spec,
    containers: asList(spec['containers']).map(container),
    ...(spec['initContainers'] === undefined ? {} : { initContainers: asList(spec['initContainers']).map(container) }),
  };
  const same = equalJson(prepared, spec);
  const status = asObject(pod['status']);
  if (same && status['phase'] !== undefined) return pod;
  return withFields(pod, { spec: same ? spec : prepared, status: { phase: 'Pending', ...status } });
}

/** A pod without a node, or one that has ended, needs no grace. */
function podGracePeriod(pod: JsonObject, requested: number | undefined): number {
  const phase = asObject(pod['status'])['phase'];
  const spec = asObject(pod['spec']);
  if (spec['nodeName'] === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  const own = spec['terminationGracePeriodSeconds'];
  return Math.max(0, requested ?? (typeof own === 'number' ? own : 30));
}

function podFaults(pod: JsonObject, old: JsonObject | undefined): readonly string[] {
  const spec = asObject(pod['spec']);
  const containers = asList(spec['containers']);
  const faults: string[] = containers.length === 0 ? ['spec.containers: Required value'] : [];
  const restartPolicy = spec['restartPolicy'];
  if (!['Always', 'OnFailure', 'Never'].includes(String(restartPolicy))) {
    faults.push(`spec.restartPolicy: Unsupported value: ${JSON.stringify(restartPolicy)}: supported values: "Always", "OnFailure", "Never"`);
  }
  const volumes = new Set(asList(spec['volumes']).map((each) => asObject(each)['name']));
  for (const [index, volume] of asList(spec['volumes']).entries()) faults.push(...nameFaults(asObject(volume)['name'], `spec.volumes[${index}].name`, 'label'));
  for (const list of ['initContainers', 'containers']) {
    for (const [index, container] of asList(spec[list]).entries()) faults.push(...containerFaults(asObject(container), volumes, `spec.${list}[${index}]`));
  }
  if (old !== undefined && !equalJson(changeable(asObject(old['spec'])), changeable(spec))) {
    faults.push('spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)');
  }
  return faults;
}

/** A pod's spec without what may change. */
function changeable(spec: JsonObject): JsonObject {
  const { containers, initContainers, activeDeadlineSeconds: _deadline, tolerations: _tolerations, ...rest } = spec;
  const withoutImage = (container: Json): Json => withFields(asObject(container), { image: undefined });
  return { ...rest, containers: asList(containers).map(withoutImage), initContainers: asList(initContainers).map(withoutImage) };
}

function containerFaults(container: JsonObject, volumes: ReadonlySet<Json | undefined>, path: string): readonly string[] {
  const faults = [...nameFaults(container['name'], `${path}.name`, 'label')];
  if (container['image'] === undefined || container['image'] === '') faults.push(`${path}.image: Required value`);
  for (const [index, mount] of asList(container['volumeMounts']).entries()) {
    const { name, mountPath } = asObject(mount);
    if (!volumes.has(name)) faults.push(`${path}.volumeMounts[${index}].name: Not found: ${JSON.stringify(name)}`);
    if (typeof mountPath !== 'string' || mountPath === '') faults.push(`${path}.volumeMounts[${index}].mountPath: Required value`);
  }
  for (const [index, variable] of asList(container['env']).entries()) {
    const { name, value } = asObject(variable);
    if (typeof name !== 'string' || name === '') faults.push(`${path}.env[${index}].name: Required value`);
    if (value !== undefined && typeof value !== 'string') faults.push(`${path}.env[${index}].value: Invalid value: must be a string`);
  }
  return faults;
}

function prepareSecret(secret: JsonObject): JsonObject {
  const { stringData, ...rest } = secret;
  const type = rest['type'] ?? 'Opaque';
  if (stringData === undefined) return rest['type'] === undefined ? { ...rest, type } : secret;
  const encoded = Object.fromEntries(Object.entries(asObject(stringData)).map(([name, text]) => [name, Buffer.from(String(text)).toString('base64')]));
  return { ...rest, type, data: { ...asObject(rest['data']), ...encoded } };
}

const payloadBytesMax = 1_048_576;

function payloadFaults(object: JsonObject, old: JsonObject | undefined): readonly string[] {
  const data = { ...asObject(object['data']), ...asObject(object['binaryData']) };
  const faults = Object.entries(data).flatMap(([name, value]) => [
    ...(/^[-._a-zA-Z0-9]+$/.test(name) ? [] : [`data[${name}]: Invalid value: ${JSON.stringify(name)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.'`]),
    ...(typeof value === 'string' ? [] : [`data[${name}]: Invalid value: must be a string`]),
  ]);
  const bytes = Object.values(data).reduce((sum: number, value) => sum + (typeof value === 'string' ? value.length : 0), 0);
  if (bytes > payloadBytesMax * (object['kind'] === 'Secret' ? 4 / 3 : 1)) faults.push(`data: Too long: may not be more than ${payloadBytesMax} bytes`);
  if (old?.['immutable'] === true) {
    if (object['immutable'] !== true) faults.push('immutable: Forbidden: field is immutable when `immutable` is set');
    for (const field of ['data', 'binaryData']) {
      if (!equalJson(object[field], old[field])) faults.push(`${field}: Forbidden: field is immutable when \`immutable\` is set`);
    }
  }
  return faults;
}

function prepareClaim(claim: JsonObject): JsonObject {
  const status = asObject(claim['status']);
  return status['phase'] === undefined ? withFields(claim, { status: { ...status, phase: 'Pending' } }) : claim;
}

/** A definition that is accepted is served from the same moment on. */
function prepareDefinition(definition: JsonObject): JsonObject {
  if (definition['status'] !== undefined) return definition;
  const lastTransitionTime = asObject(definition['metadata'])['creationTimestamp'];
  const condition = (type: string, reason: string): Json => ({ type, status: 'True', reason, message: '', ...(lastTransitionTime === undefined ? {} : { lastTransitionTime }) });
  const spec = asObject(definition['spec']);
  return {
    ...definition,
    status: {
      acceptedNames: spec['names'] ?? {},
      conditions: [condition('NamesAccepted', 'NoConflicts'), condition('Established', 'InitialNamesAccepted')],
      storedVersions: asList(spec['versions']).map((each) => asObject(each)['name'] ?? ''),
    },
  };
}
