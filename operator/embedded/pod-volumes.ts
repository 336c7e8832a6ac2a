/** Volumes of embedded pods as real directories. */
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import type { KubeClient } from '../kube/client.ts';
import { configMapType, persistentVolumeClaimType, secretType } from '../kube/resource-types.ts';
import type { ConfigMap, PersistentVolumeClaim, Pod, Secret } from '../kube/resource-types.ts';
import { metadataField } from './pod-environment.ts';
import type { PodSpec, PodVolume } from './pod-spec.ts';
import { PodDependencyError, PodUnsupportedError } from './pod-unsupported.ts';

export interface VolumeContext {
  readonly client: KubeClient;
  readonly pod: Pod;
  /** The container starts again within the same pod: what it has written into its own volumes stays. */
  readonly again: boolean;
  readonly namespace: string;
  /** Belongs to this pod and is removed with it. */
  readonly podDirectory: string;
  /** Claims have their directories below it; they outlive pods. */
  readonly volumesDirectory: string;
}

/** Directory of each volume by name. Throws `PodDependencyError` while something is missing. */
export async function prepareVolumes(spec: PodSpec, context: VolumeContext, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const directories = await Promise.all(spec.volumes.map(async (volume) => [volume.name, await prepareVolume(volume, context, signal)] as const));
  return new Map(directories);
}

async function prepareVolume(volume: PodVolume, context: VolumeContext, signal: AbortSignal): Promise<string> {
  const own = join(context.podDirectory, 'volumes', volume.name);
  if (volume.hostPath !== undefined) return hostDirectory(volume.hostPath.path);
  if (volume.persistentVolumeClaim !== undefined) return claimDirectory(volume.persistentVolumeClaim.claimName, context, signal);
  if (volume.configMap !== undefined) {
    const { name, items, optional } = volume.configMap;
    return files(own, 'configmap', name, await configMapContent(context, name, optional === true, signal), items, 0o644);
  }
  if (volume.secret !== undefined) {
    const { secretName, items, optional } = volume.secret;
    return files(own, 'secret', secretName, await secretContent(context, secretName, optional === true, signal), items, 0o400);
  }
  if (volume.downwardAPI !== undefined) {
    await mkdir(own, { recursive: true });
    await writeDownward(own, volume, context.pod);
    return own;
  }
  if (volume.emptyDir === undefined) throw new PodUnsupportedError(`volume ${volume.name} is of a kind that embedded pods do not have`);
  if (!context.again) await rm(own, { recursive: true, force: true });
  await mkdir(own, { recursive: true });
  return own;
}

/** Files out of the pod's own metadata: brought up to date while it runs. */
export async function refreshDownward(spec: PodSpec, pod: Pod, podDirectory: string): Promise<void> {
  for (const volume of spec.volumes) {
    if (volume.downwardAPI !== undefined) await writeDownward(join(podDirectory, 'volumes', volume.name), volume, pod);
  }
}

async function writeDownward(directory: string, volume: PodVolume, pod: Pod): Promise<void> {
  for (const { path, fieldRef } of volume.downwardAPI?.items ?? []) {
    const value = metadataField(fieldRef.fieldPath, pod);
    if (value === undefined) throw new PodUnsupportedError(`volume ${volume.name}: fieldRef ${fieldRef.fieldPath} is not supported`);
    const file = below(directory, path);
    await mkdir(dirname(file), { recursive: true });
    // Whoever reads meanwhile sees the old file or the new one.
    await writeFile(`${file}.new`, value);
    await rename(`${file}.new`, file);
  }
}

async function hostDirectory(path: string): Promise<string> {
  if (!isAbsolute(path)) throw new PodUnsupportedError(`hostPath ${path} is not absolute`);
  await mkdir(path, { recursive: true }).catch(async (error: unknown) => {
    // A file may be mounted too.
    if (!(await stat(path).then(() => true, () => false))) throw error;
  });
  return path;
}

async function claimDirectory(claimName: string, { client, namespace, volumesDirectory }: VolumeContext, signal: AbortSignal): Promise<string> {
  const claim = await client.get<PersistentVolumeClaim>(persistentVolumeClaimType, namespace, claimName, signal);
  if (claim === undefined) throw new PodDependencyError(`persistentvolumeclaim "${claimName}" not found`);
  const directory = join(volumesDirectory, namespace, claimName);
  await mkdir(directory, { recursive: true });
  if (claim.status?.phase !== 'Bound') {
    const { resourceVersion: _, ...metadata } = claim.metadata;
    const status = { phase: 'Bound' as const, accessModes: claim.spec?.accessModes ?? [], capacity: claim.spec?.resources?.requests ?? {} };
    await client.updateStatus(persistentVolumeClaimType, { ...claim, metadata, status }, signal);
  }
  return directory;
}

/** Undefined when an optional one is missing. */
export async function configMapContent(
  { client, namespace }: Pick<VolumeContext, 'client' | 'namespace'>, name: string, optional: boolean, signal: AbortSignal,
): Promise<ReadonlyMap<string, Buffer> | undefined> {
  const object = await client.get<ConfigMap>(configMapType, namespace, name, signal);
  if (object === undefined) return missing('configmap', name, optional);
  const text = Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value)] as const);
  const binary = Object.entries(object.binaryData ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')] as const);
  return new Map([...text, ...binary]);
}

export async function secretContent(
  { client, namespace }: Pick<VolumeContext, 'client' | 'namespace'>, name: string, optional: boolean, signal: AbortSignal,
): Promise<ReadonlyMap<string, Buffer> | undefined> {
  const object = await client.get<Secret>(secretType, namespace, name, signal);
  if (object === undefined) return missing('secret', name, optional);
  return new Map(Object.entries(object.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
}

function missing(what: string, name: string, optional: boolean): undefined {
  if (!optional) throw new PodDependencyError(`${what} "${name}" not found`);
}

async function files(
  directory: string, what: string, name: string, content: ReadonlyMap<string, Buffer> | undefined,
  items: readonly { readonly key: string; readonly path: string }[] | undefined, mode: number,
): Promise<string> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  if (content === undefined) return directory;
  for (const { key, path } of items ?? [...content.keys()].map((each) => ({ key: each, path: each }))) {
    const bytes = content.get(key);
    if (bytes === undefined) throw new PodDependencyError(`${what} "${name}" has no key "${key}"`);
    const file = below(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes, { mode });
  }
  return directory;
}

/** `path` within `directory`; what would lead out of it is refused. */
export function below(directory: string, path: string): string {
  const relative = normalize(path);
  if (isAbsolute(relative) || relative.split('/').includes('..')) throw new PodUnsupportedError(`path ${JSON.stringify(path)} must stay within its volume`);
  return join(directory, relative);
}
