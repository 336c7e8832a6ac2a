/** Environment and arguments of a container's process: pure. */
import { posix } from 'node:path';
import { environment } from '../../engine/contract.ts';
import type { Pod } from '../kube/resource-types.ts';
import { parseQuantity } from '../api/quantity.ts';
import type { PodContainer } from './pod-spec.ts';
import { PodDependencyError, PodUnsupportedError } from './pod-unsupported.ts';

type Variable = PodContainer['env'][number];
export type Content = ReadonlyMap<string, Buffer>;

export interface EnvironmentContext {
  readonly pod: Pod;
  readonly podIp: string;
  /** Contents that the container's variables refer to; undefined where an optional one is missing. */
  readonly configMaps: ReadonlyMap<string, Content | undefined>;
  readonly secrets: ReadonlyMap<string, Content | undefined>;
  /** Mount path → real directory. */
  readonly mounts: ReadonlyMap<string, string>;
  /** Where the container's terminationMessagePath really is. */
  readonly terminationFile: string;
}

/** What the pod's author gave, with references resolved and `$(NAME)` expanded; variables of `envFrom` come first. */
export function containerEnvironment(container: PodContainer, context: EnvironmentContext): Readonly<Record<string, string>> {
  const result: Record<string, string> = {};
  for (const { prefix, configMapRef, secretRef } of container.envFrom) {
    const content = configMapRef === undefined ? context.secrets.get(secretRef?.name ?? '') : context.configMaps.get(configMapRef.name);
    for (const [key, bytes] of content ?? []) result[`${prefix}${key}`] = bytes.toString();
  }
  for (const variable of container.env) {
    const value = variable.valueFrom === undefined ? expanded(variable.value ?? '', result) : referred(variable, container, context);
    if (value !== undefined) result[variable.name] = value;
  }
  for (const name of pathVariables) {
    const value = result[name];
    if (value !== undefined) result[name] = realPath(value, container, context);
  }
  for (const name of pathListVariables) {
    const value = result[name];
    if (value !== undefined) result[name] = value.split(':').map((each) => realPath(each, container, context)).join(':');
  }
  return result;
}

/** Paths that the engine opens before it knows of mounts. User code's paths go through `HEADRACE_MOUNTS`. */
const pathVariables = [
  environment.applicationFile, environment.secretFile, environment.workDir, environment.terminationFile, environment.hdfsConfigFile, environment.rackFile,
];
/** Several paths, separated by colons. */
const pathListVariables = [environment.dataDirectories];

function realPath(path: string, container: PodContainer, { mounts, terminationFile }: EnvironmentContext): string {
  if (path === container.terminationMessagePath) return terminationFile;
  const mount = [...mounts.keys()]
    .filter((each) => path === each || path.startsWith(each.endsWith('/') ? each : `${each}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  return mount === undefined ? path : posix.join(mounts.get(mount) ?? '', posix.relative(mount, path));
}

/** `$(NAME)` stands for a variable that is defined so far, `$$` for `$`; anything else stays. */
export function expanded(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? variables[name] ?? '' : match;
  });
}

function referred(variable: Variable, container: PodContainer, context: EnvironmentContext): string | undefined {
  const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {};
  if (fieldRef !== undefined) return podField(fieldRef.fieldPath, context);
  if (resourceFieldRef !== undefined) return resource(resourceFieldRef, container);
  const reference = secretKeyRef ?? configMapKeyRef;
  if (reference === undefined) throw new PodUnsupportedError(`env ${variable.name}: valueFrom names no source`);
  const value = (secretKeyRef === undefined ? context.configMaps : context.secrets).get(reference.name)?.get(reference.key);
  if (value === undefined && reference.optional !== true) {
    throw new PodDependencyError(`${secretKeyRef === undefined ? 'configmap' : 'secret'} "${reference.name}" has no key "${reference.key}"`);
  }
  return value?.toString();
}

function podField(fieldPath: string, { pod, podIp }: EnvironmentContext): string {
  return metadataField(fieldPath, pod) ?? statusField(fieldPath, pod, podIp);
}

/** What the downward API has of a pod's metadata: for variables, and for files. */
export function metadataField(fieldPath: string, { metadata }: Pod): string | undefined {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (entry !== null) return (entry[1] === 'labels' ? metadata.labels : metadata.annotations)?.[entry[2] ?? ''] ?? '';
  switch (fieldPath) {
    case 'metadata.name': return metadata.name;
    case 'metadata.namespace': return metadata.namespace ?? '';
    case 'metadata.uid': return metadata.uid ?? '';
    default: return undefined;
  }
}

function statusField(fieldPath: string, { spec }: Pod, podIp: string): string {
  switch (fieldPath) {
    case 'spec.nodeName': return spec?.nodeName ?? '';
    case 'spec.serviceAccountName': return String(spec?.['serviceAccountName'] ?? 'default');
    case 'status.podIP':
    case 'status.podIPs': return podIp;
    case 'status.hostIP':
    case 'status.hostIPs': return '127.0.0.1';
    default: throw new PodUnsupportedError(`fieldRef ${fieldPath} is not supported`);
  }
}

function resource(reference: { readonly resource: string; readonly divisor?: string | number | undefined }, container: PodContainer): string {
  const match = /^(limits|requests)\.(.+)$/.exec(reference.resource);
  const [, kind = 'limits', name = ''] = match ?? [];
  const quantity = container.resources[kind === 'limits' ? 'limits' : 'requests'][name];
  if (quantity === undefined) throw new PodUnsupportedError(`resourceFieldRef ${reference.resource}: the container gives no such quantity`);
  const divisor = parseQuantity(reference.divisor ?? 1);
  return String(Math.ceil(parseQuantity(quantity) / (divisor === 0 ? 1 : divisor)));
}
