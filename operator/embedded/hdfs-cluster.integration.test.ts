/** A whole file system in embedded mode: real operator, real namenodes and datanodes as processes, files over WebHDFS. */
import { strict as assert } from 'node:assert';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { port } from '../../engine/contract.ts';
import { hdfsClusterType } from '../api/hdfs-cluster.ts';
import type { HdfsCluster } from '../api/hdfs-cluster.ts';
import { persistentVolumeClaimType, podType } from '../kube/resource-types.ts';
import type { Pod } from '../kube/resource-types.ts';
import { realClock } from '../runtime/clock.ts';
import { silentLogger } from '../runtime/logger.ts';
import { startEmbedded } from './embedded.ts';
import type { Embedded } from './embedded.ts';
import { operateEmbedded } from './main.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { signal } = new AbortController();
const resources = { requests: { cpu: '50m', memory: '256Mi' } };

async function until<T>(what: string, probe: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const deadline = AbortSignal.timeout(seconds * 1000);
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    await realClock().sleep(50, deadline).catch(() => assert.fail(`not within ${seconds} s: ${what}`));
  }
}

class FileSystem {
  readonly embedded: Embedded;
  /** Of every file whose writing was acknowledged. */
  readonly digests = new Map<string, string>();

  constructor(embedded: Embedded) {
    this.embedded = embedded;
  }

  async apply(spec: object): Promise<void> {
    await this.embedded.applyManifest(stringify({ apiVersion: hdfsClusterType.apiVersion, kind: 'HdfsCluster', metadata: { name: 'store' }, spec }), 'store', signal);
  }

  async cluster(): Promise<HdfsCluster> {
    return (await this.embedded.client.get<HdfsCluster>(hdfsClusterType, 'default', 'store', signal)) ?? assert.fail('it is gone');
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.embedded.client.list<Pod>(podType, { namespace: 'default' }, signal)).items;
  }

  /** Ready as the spec says now, with all replicas. */
  async whole(): Promise<HdfsCluster> {
    let last: HdfsCluster | undefined;
    return until('it is whole', async () => {
      last = await this.cluster();
      const { status, metadata } = last;
      return status?.phase === 'Ready' && status.observedGeneration === metadata.generation && status.underReplicated === 0 && status.missing === 0 ? last : undefined;
    }, 90).catch(async (error: unknown) => {
      const pods = (await this.pods()).map((pod) => [pod.metadata.name, pod.status?.containerStatuses?.[0]]);
      throw new Error(`${String(error)}: ${JSON.stringify(last?.status)} ${JSON.stringify(pods)}`);
    });
  }

  async #origin(): Promise<string> {
    const ready = (pod: Pod): boolean => pod.metadata.labels?.['headrace.dev/role'] === 'namenode' && pod.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
    const pod = await until('a namenode is ready', async () => (await this.pods()).find(ready));
    return `http://${pod.status?.podIP}:${port.nameNodeHttp}`;
  }

  /** Until it is done: processes die in these stories. */
  async #insist(what: string, attempt: (origin: string) => Promise<Response>, good: number): Promise<Response> {
    let problem = '';
    return until(what, async () => {
      try {
        const response = await attempt(await this.#origin());
        if (response.status === good) return response;
        problem = `${response.status} ${await response.text()}`;
      } catch (error) {
        problem = String((error as Error).cause ?? error);
      }
      return undefined;
    }, 30).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${problem}`);
    });
  }

  async write(path: string, bytes: number): Promise<void> {
    const body = randomBytes(bytes);
    await this.#insist(`write ${path}`, (origin) => fetch(`${origin}/webhdfs/v1${path}?op=CREATE&overwrite=true&user.name=hdfs`, { method: 'PUT', redirect: 'manual' }).then((response) =>
      response.status === 307 ? fetch(response.headers.get('location') ?? '', { method: 'PUT', body }) : response), 201);
    this.digests.set(path, createHash('sha256').update(body).digest('hex'));
  }

  async readAll(): Promise<void> {
    for (const [path, expected] of this.digests) {
      const response = await this.#insist(`read ${path}`, (origin) => fetch(`${origin}/webhdfs/v1${path}?op=OPEN&user.name=hdfs`), 200);
      assert.equal(createHash('sha256').update(Buffer.from(await response.arrayBuffer())).digest('hex'), expected, path);
    }
  }

  /** As a power cut would: no farewell. */
  async kill(pod: string): Promise<void> {
    await this.embedded.client.delete(podType, 'default', pod, { gracePeriodSeconds: 0 }, signal);
  }
}

async function story(name: string, body: (files: FileSystem, home: string) => Promise<void>): Promise<void> {
  await test(name, async () => {
    const home = mkdtempSync(join(tmpdir(), 'headrace-hdfs-'));
    try {
      await withRun(home, (files) => body(files, home));
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
}

async function withRun(home: string, body: (files: FileSystem) => Promise<void>): Promise<void> {
  const embedded = await startEmbedded({ clock: realClock(), logger: silentLogger, runOperator: operateEmbedded, workingDirectory: root, home, env: process.env });
  try {
    await body(new FileSystem(embedded));
  } finally {
    await embedded.close();
  }
}

const spec = { nameNode: { replicas: 1, resources }, dataNodes: { replicas: 3, resources }, replication: 2, blockSize: '1Mi' };

await story('a file system comes up, loses a datanode, its disk and a namenode, is edited and scaled in, and keeps every file', async (files) => {
  await files.apply(spec);
  await files.whole();
  for (let number = 0; number < 5; number += 1) await files.write(`/first/${number}`, 1_500_000);
  await files.kill('store-dn-1');
  await files.write('/while-one-is-away', 100_000);
  await files.whole();
  await files.readAll();
  await files.embedded.client.delete(persistentVolumeClaimType, 'default', 'store-dn-2-data-0', {}, signal);
  await files.kill('store-dn-2');
  await until('it has another disk', async () => ((await files.embedded.client.get(persistentVolumeClaimType, 'default', 'store-dn-2-data-0', signal))?.metadata.deletionTimestamp === undefined ? true : undefined));
  await files.whole();
  await files.readAll();
  await files.kill('store-nn-0');
  await files.whole();
  await files.readAll();
  const before = new Set((await files.pods()).map((pod) => pod.metadata.uid));
  await files.apply({ ...spec, dataNodes: { replicas: 2, resources }, trash: { intervalMinutes: 10 } });
  await files.whole();
  assert.deepEqual((await files.pods()).map((pod) => pod.metadata.name).toSorted(), ['store-dn-0', 'store-dn-1', 'store-nn-0']);
  assert.ok((await files.pods()).every((pod) => !before.has(pod.metadata.uid)), 'all were started anew');
  await files.readAll();
});

await story('what is in a file system of one run is there in the next', async (files, home) => {
  await files.apply({ ...spec, dataNodes: { replicas: 1, resources }, replication: 1 });
  await files.whole();
  await files.write('/kept', 100_000);
  const { status } = await files.cluster();
  await files.embedded.close();
  await withRun(home, async (again) => {
    await again.apply({ ...spec, dataNodes: { replicas: 1, resources }, replication: 1 });
    assert.equal((await again.whole()).status?.clusterId, status?.clusterId);
    for (const [path, digest] of files.digests) again.digests.set(path, digest);
    await again.readAll();
  });
});
