/** HdfsClusters as a user has them on the command line, and a pod from which files are written and read. */
import { readFileSync } from 'node:fs';
import { attempt, eventually, kubectl } from './kubectl.ts';
import type { Condition, PodObject } from './kubectl.ts';

export interface HdfsObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number };
  readonly spec: { readonly dataNodes: { readonly replicas: number } };
  readonly status?: {
    readonly phase: string;
    readonly observedGeneration: number;
    readonly clusterId?: string;
    readonly conditions: readonly Condition[];
    readonly underReplicated?: number;
    readonly missing?: number;
    readonly nameNodes?: readonly { readonly name: string; readonly role: string }[];
    readonly dataNodes?: { readonly live: number; readonly target: number; readonly leaving?: readonly string[] };
  };
}

export async function hdfs(name: string): Promise<HdfsObject> {
  return JSON.parse(await kubectl(['get', 'hdfscluster', name, '-o', 'json'])) as HdfsObject;
}

/** Ready in its present generation, and every block has all its replicas. */
export async function untilWhole(name: string, timeoutMs = 90_000): Promise<HdfsObject> {
  let last: HdfsObject | undefined;
  return eventually(`${name} is whole`, async () => {
    last = await hdfs(name);
    const { status, metadata } = last;
    const whole = status?.phase === 'Ready' && status.observedGeneration === metadata.generation && status.underReplicated === 0 && status.missing === 0 && status.dataNodes?.live === status.dataNodes?.target;
    return whole ? last : undefined;
  }, timeoutMs).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${JSON.stringify(last?.status)}`);
  });
}

export async function podsOfHdfs(name: string, role?: 'namenode' | 'datanode'): Promise<readonly PodObject[]> {
  const selector = [`headrace.dev/hdfs-cluster=${name}`, ...(role === undefined ? [] : [`headrace.dev/role=${role}`])].join(',');
  return (JSON.parse(await kubectl(['get', 'pods', '--selector', selector, '-o', 'json'])) as { readonly items: readonly PodObject[] }).items;
}

/** Removes a cluster with its volumes. */
export async function removeHdfs(name: string): Promise<void> {
  await kubectl(['delete', 'hdfscluster', name, '--ignore-not-found', '--timeout=90s']);
  await eventually(`pods of ${name} are gone`, async () => ((await podsOfHdfs(name)).length === 0 ? true : undefined));
  await kubectl(['delete', 'persistentvolumeclaim', '--selector', `headrace.dev/hdfs-cluster=${name}`, '--timeout=60s']);
}

export const clientPod = 'hdfs-client';

/** A pod that waits to be told what to do. */
export async function ensureClient(image: string): Promise<void> {
  await kubectl(['delete', 'pod', clientPod, '--ignore-not-found', '--grace-period=1', '--timeout=30s']);
  await kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: clientPod },
      spec: {
        restartPolicy: 'Never',
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name: 'client',
          image,
          command: ['/opt/headrace/bin/node', '--eval', 'setInterval(() => undefined, 1 << 30)'],
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        }],
      },
    }),
  });
  await kubectl(['wait', '--for=condition=Ready', `pod/${clientPod}`, '--timeout=60s']);
}

const program = readFileSync(new URL('hdfs-load.ts', import.meta.url), 'utf8');

/** Has the client pod work; resolves to what it says at the end. */
export async function inClient<T>(orders: object, timeoutMs = 120_000): Promise<T> {
  const defaults = { directory: '/', seconds: 0, writers: 1, bytes: 1024, expected: {} };
  const text = JSON.stringify({ ...defaults, ...orders });
  // On standard input, because arguments are short: the orders first, then the program.
  const outcome = await attempt(['exec', '--stdin', clientPod, '--', '/opt/headrace/bin/node', '--input-type=module-typescript', '-'], { input: `process.env.ORDERS = ${JSON.stringify(text)};\n${program}`, timeoutMs });
  if (outcome.code !== 0) throw new Error(`the client failed: ${outcome.stdout}${outcome.stderr}`);
  return JSON.parse(outcome.stdout) as T;
}
