/**
 * Laptop mode: the operator on an API server in this process, pods as local processes. The same operator, the same
 * manifests and the same engine as on a cluster, without containers: nothing is isolated from anything.
 */
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { KubeClient, KubeObject, ResourceType } from '../kube/client.ts';
import { customResourceDefinitionType } from '../kube/resource-types.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { EmbeddedApiServer } from './api-server.ts';
import { ClaimController } from './claim-controller.ts';
import { defaultHome, openHome } from './home-directory.ts';
import { HostsFile } from './hosts-file.ts';
import { KeptClaims } from './kept-claims.ts';
import { Kubelet } from './kubelet.ts';
import { claimLoopbackSubnet } from './loopback-addresses.ts';
import { ManifestError, parseManifest } from './manifest.ts';
import type { Command } from './pod-process.ts';
import type { PodContainer } from './pod-spec.ts';

/** The image that embedded pods are rendered with; the only one that runs as a local process. */
export const embeddedImage = 'headrace.dev/embedded';

/** Runs until `signal` aborts; resolves when nothing of it is left. */
export type RunOperator = (parts: {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the operator renders pods with. */
  readonly image: string;
}, signal: AbortSignal) => Promise<void>;

export interface EmbeddedOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly runOperator: RunOperator;
  /** Absolute. Relative paths of applications count from here. */
  readonly workingDirectory: string;
  /** Default: see `defaultHome`. */
  readonly home?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Pods that run at the same time. Default 16. */
  readonly podsMax?: number;
  /** How a container becomes a process. Default: this checkout's command line. */
  readonly command?: (container: PodContainer) => Command | undefined;
}

export interface Embedded {
  readonly client: EmbeddedApiServer;
  readonly kubelet: Kubelet;
  /** Absolute: logs in `pods/<namespace>_<name>/<container>.log`, claims in `volumes/<namespace>/<claim>`, the claims themselves in `claims`. */
  readonly home: string;
  /**
   * `kubectl apply -f`, of the objects that `wanted` (default: all) says. Throws `ManifestError`, or the API server's `KubeError`; objects before the
   * faulty one are applied.
   */
  applyManifest(text: string, source: string, signal: AbortSignal, wanted?: (object: KubeObject) => boolean): Promise<readonly KubeObject[]>;
  /** Ends the operator, then all pods, and resolves when nothing is left. */
  close(): Promise<void>;
  /** Resolves when the operator ends by itself, which it should not: rejects with why. */
  readonly failed: Promise<never>;
}

/** Throws where local pods are impossible (not Linux) or the home directory is in use. */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { clock, logger } = options;
  const stop = new AbortController();
  const subnet = await claimLoopbackSubnet(process.platform);
  const home = await openHome(await defaultHome(options.home, options.workingDirectory, options.env)).catch(async (error: unknown) => {
    await subnet.close();
    throw error;
  });
  const client = new EmbeddedApiServer({ clock, uid: randomUUID });
  const hosts = new HostsFile(client, join(home.path, 'hosts.json'));
  const claims = new KeptClaims({ client, logger, home: home.path });
  const kubelet = new Kubelet({
    hostsFile: hosts.path, client, clock, logger, addresses: subnet.addresses, nodeName: 'embedded', home: home.path, workingDirectory: options.workingDirectory,
    podsMax: options.podsMax ?? 16, baseEnvironment: baseEnvironment(options.env, home.path), command: options.command ?? engineCommand, signal: stop.signal,
  });
  // The last resort: whoever calls process.exit without close() leaves no process behind.
  const onExit = (): void => kubelet.killAll();
  process.once('exit', onExit);
  const companions: Promise<void>[] = [];
  const release = async (): Promise<void> => {
    await kubelet.close();
    stop.abort();
    await Promise.all(companions);
    client.close();
    process.off('exit', onExit);
    await Promise.all([home.close(), subnet.close()]);
  };
  try {
    await registerDefinitions(client, stop.signal);
    await claims.restore(stop.signal);
  } catch (error) {
    await release();
    throw error;
  }
  const controller = new ClaimController({ client, signal: stop.signal, onClaim: (claim) => claims.keep(claim), onGone: (claim) => claims.forget(claim) });
  companions.push(...[hosts.run(stop.signal), controller.run()].map((run) => run.catch((error: unknown) => logger.error({ error: String(error) }, 'claims or host names are not kept any more'))));
  kubelet.start();
  const operatorStop = new AbortController();
  const operator = options.runOperator({ client, clock, logger, image: embeddedImage }, operatorStop.signal);
  const failed = failureOf(operator, operatorStop.signal);
  // Told to the log too, for callers that do not wait for it.
  failed.catch((error: unknown) => logger.error({ error: String(error) }, 'the operator has failed'));
  return {
    client, kubelet, home: home.path, failed,
    applyManifest: (text, source, signal, wanted) => applyManifest(client, text, source, signal, wanted),
    async close() {
      operatorStop.abort();
      await operator.catch((error: unknown) => logger.warn({ error: String(error) }, 'the operator did not stop cleanly'));
      await release();
    },
  };
}

async function failureOf(operator: Promise<void>, signal: AbortSignal): Promise<never> {
  await operator;
  if (signal.aborted) return new Promise(() => undefined);
  throw new Error('the operator ended by itself');
}

/** Processes see as little of this one's environment as a container would. */
function baseEnvironment(env: Readonly<Record<string, string | undefined>>, home: string): Readonly<Record<string, string>> {
  const passed = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'NODE_COMPILE_CACHE', 'NODE_EXTRA_CA_CERTS'];
  const own = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // Compiled modules are kept between runs: a pod's start counts.
  return { NODE_COMPILE_CACHE: join(home, 'compile-cache'), ...Object.fromEntries(own) };
}

const preload = new URL('parent-watch.ts', import.meta.url).href;
const commandLine = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

function engineCommand(container: PodContainer): Command | undefined {
  if (container.image !== embeddedImage || container.command !== undefined) return undefined;
  return { file: process.execPath, args: ['--import', preload, commandLine, ...container.args] };
}

const definitions = new URL('../../crds/', import.meta.url);

async function registerDefinitions(client: EmbeddedApiServer, signal: AbortSignal): Promise<void> {
  for (const file of (await readdir(definitions)).filter((name) => name.endsWith('.yaml'))) {
    for (const definition of parseManifest(await readFile(new URL(file, definitions), 'utf8'), file)) {
      await client.create(customResourceDefinitionType, definition, signal);
    }
  }
}

async function applyManifest(
  client: EmbeddedApiServer, text: string, source: string, signal: AbortSignal, wanted: (object: KubeObject) => boolean = () => true,
): Promise<readonly KubeObject[]> {
  const typed = parseManifest(text, source).map((object) => ({ object, type: typeOf(client, object, source) })).filter(({ object }) => wanted(object));
  const applied: KubeObject[] = [];
  for (const { object, type } of typed) {
    const { namespace, ...metadata } = object.metadata;
    const placed = { ...object, metadata: type.namespaced ? { namespace: namespace ?? 'default', ...metadata } : metadata };
    applied.push(await client.apply(type, placed, { fieldManager: 'headrace-run', force: true }, signal));
  }
  return applied;
}

function typeOf(client: EmbeddedApiServer, object: KubeObject, source: string): ResourceType {
  const type = client.resourceType(object.apiVersion, object.kind);
  if (type === undefined) throw new ManifestError(`${source}: no matches for kind "${object.kind}" in version "${object.apiVersion}"`);
  return type;
}
