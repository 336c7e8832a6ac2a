/** Laptop mode as a whole, with a stand-in for the operator: a pod for every SparkJob. */
import { strict as assert } from 'node:assert';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { KubeObject, ResourceType } from '../kube/client.ts';
import { KubeError } from '../kube/client.ts';
import { persistentVolumeClaimType, podType } from '../kube/resource-types.ts';
import type { Pod } from '../kube/resource-types.ts';
import { realClock } from '../runtime/clock.ts';
import { silentLogger } from '../runtime/logger.ts';
import { embeddedImage, startEmbedded } from './embedded.ts';
import type { Embedded, EmbeddedOptions, RunOperator } from './embedded.ts';
import { ManifestError, parseManifest } from './manifest.ts';
import { defaultHome } from './home-directory.ts';

const { signal } = new AbortController();
const script = fileURLToPath(new URL('testdata/pod-script.ts', import.meta.url));
const sparkJobType: ResourceType = { apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', plural: 'sparkjobs', namespaced: true };

const podPerJob: RunOperator = async ({ client, image }, stop) => {
  try {
    for await (const event of client.watch(sparkJobType, { resourceVersion: '0', timeoutSeconds: 3600 }, stop)) {
      if (event.type !== 'ADDED') continue;
      const { name, namespace = '', uid = '' } = event.object.metadata;
      await client.create<Pod>(podType, {
        apiVersion: 'v1', kind: 'Pod',
        metadata: { name, namespace, ownerReferences: [{ apiVersion: sparkJobType.apiVersion, kind: 'SparkJob', name, uid, controller: true }] },
        spec: { restartPolicy: 'Never', containers: [{ name: 'main', image, args: ['wait'] }] },
      }, stop);
    }
  } catch (error) {
    if (!stop.aborted) throw error;
  }
};

async function withEmbedded(body: (embedded: Embedded, home: string) => Promise<void>, options: Partial<EmbeddedOptions> = {}): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'headrace-embedded-'));
  const embedded = await startEmbedded({
    clock: realClock(), logger: silentLogger, runOperator: podPerJob, workingDirectory: directory, env: process.env,
    command: (container) => (container.image === embeddedImage ? { file: process.execPath, args: [script, ...container.args] } : undefined),
    ...options,
  });
  try {
    await body(embedded, directory);
  } finally {
    await embedded.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

const job = (name: string, instances = 1): string => `
apiVersion: headrace.dev/v1alpha1
kind: SparkJob
metadata: {name: ${name}}
spec:
  application: {sql: SELECT 1}
  executor: {instances: ${instances}}
`;

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = AbortSignal.timeout(20_000);
  while (!(await holds())) await realClock().sleep(10, deadline);
}

async function untilPod(embedded: Embedded, holds: (pod: Pod, type: string) => boolean): Promise<Pod> {
  for await (const event of embedded.client.watch<Pod>(podType, { resourceVersion: '0', timeoutSeconds: 20 }, signal)) {
    if (event.type !== 'BOOKMARK' && holds(event.object, event.type)) return event.object;
  }
  return assert.fail('no such pod within 20 s');
}

test('what is applied runs, and goes when it is deleted', async () => {
  await withEmbedded(async (embedded, directory) => {
    const [applied] = await embedded.applyManifest(job('one'), 'one.yaml', signal);
    assert.equal(applied?.metadata.namespace, 'default');
    await untilPod(embedded, (pod) => pod.status?.phase === 'Running');
    assert.deepEqual(embedded.kubelet.runningPods, ['default/one']);
    await embedded.client.delete(sparkJobType, 'default', 'one', {}, signal);
    await untilPod(embedded, (_, type) => type === 'DELETED');
    assert.equal(embedded.home, join(directory, '.headrace'));
    assert.equal(readFileSync(join(embedded.home, '.gitignore'), 'utf8'), '*\n');
  });
});

test('closing leaves no process', async () => {
  let kubelet: Embedded['kubelet'] | undefined;
  await withEmbedded(async (embedded) => {
    kubelet = embedded.kubelet;
    await embedded.applyManifest(job('left'), 'left.yaml', signal);
    await untilPod(embedded, (pod) => pod.status?.phase === 'Running');
  });
  assert.deepEqual(kubelet?.runningPods, []);
});

test('a wrong object is refused with the API server\'s words', async () => {
  await withEmbedded(async (embedded) => {
    await assert.rejects(embedded.applyManifest(job('none', 0), 'none.yaml', signal), (error) => error instanceof KubeError
      && error.message === 'SparkJob.headrace.dev "none" is invalid: spec.executor.instances: Invalid value: 0: spec.executor.instances in body should be greater than or equal to 1');
    await assert.rejects(embedded.applyManifest('apiVersion: other.dev/v1\nkind: Thing\nmetadata: {name: x}', 'x.yaml', signal), /x\.yaml: no matches for kind "Thing" in version "other.dev\/v1"/);
  });
});

test('applying twice changes nothing', async () => {
  await withEmbedded(async (embedded) => {
    const versions = async (): Promise<readonly unknown[]> => (await embedded.applyManifest(job('same'), 'same.yaml', signal)).map((each) => each.metadata.resourceVersion);
    assert.deepEqual(await versions(), await versions());
  }, { runOperator: (_, stop) => new Promise((resolve) => stop.addEventListener('abort', () => resolve())) });
});

test('an operator that ends by itself is told', async () => {
  await withEmbedded(async (embedded) => {
    await assert.rejects(embedded.failed, /out of order/);
  }, { runOperator: async () => Promise.reject(new Error('out of order')) });
});

test('two runs do not share a home directory', async () => {
  await withEmbedded(async (_, directory) => {
    await assert.rejects(withEmbedded(async () => undefined, { workingDirectory: directory }), /another run uses .*\.headrace/);
  });
});

test('the home directory is .headrace here, or in XDG\'s data directory where here cannot be written', async () => {
  assert.equal(await defaultHome('/given', '/nowhere', {}), '/given');
  assert.equal(await defaultHome(undefined, tmpdir(), {}), join(tmpdir(), '.headrace'));
  assert.equal(await defaultHome(undefined, '/nowhere', { XDG_DATA_HOME: '/data' }), '/data/headrace');
  assert.equal(await defaultHome(undefined, '/nowhere', { HOME: '/home/me' }), '/home/me/.local/share/headrace');
});

test('a manifest may have several documents, lists, anchors and merges', () => {
  const objects = parseManifest(`
apiVersion: v1
kind: ConfigMap
metadata: &meta {name: a, labels: {x: y}}
---
# nothing here
---
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}
- {apiVersion: v1, kind: ConfigMap, metadata: {<<: {labels: {z: z}}, name: c}}
`, 'all.yaml');
  assert.deepEqual(objects.map((each: KubeObject) => each.metadata), [{ name: 'a', labels: { x: 'y' } }, { name: 'b' }, { name: 'c', labels: { z: 'z' } }]);
});

function refused(name: string, text: string, message: RegExp): void {
  test(`a manifest is refused: ${name}`, () => {
    assert.throws(() => parseManifest(text, 'bad.yaml'), (error) => error instanceof ManifestError && message.test(error.message));
  });
}

refused('empty', '\n# nothing\n', /bad\.yaml has no object/);
refused('no YAML', 'a: [1', /bad\.yaml: .*line 1/s);
refused('no object', '- 1', /bad\.yaml: an object is wanted/);
refused('without kind', 'apiVersion: v1', /kind is missing/);
refused('without name, in the second document', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod', /bad\.yaml, document 2: metadata\.name is missing/);
refused('an alias bomb', `a: &a [${'x,'.repeat(100)}]\nb: &b [${'*a,'.repeat(100)}]\nc: &c [${'*b,'.repeat(100)}]\nd: [${'*c,'.repeat(100)}]`, /alias/);

test('claims and what is on them stay over runs, and go together when the claim is deleted', async () => {
  const home = mkdtempSync(join(tmpdir(), 'headrace-claims-'));
  const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'default', annotations: { whose: 'mine' } }, spec: { resources: { requests: { storage: '1Gi' } } } };
  const find = (embedded: Embedded): Promise<KubeObject | undefined> => embedded.client.get(persistentVolumeClaimType, 'default', 'data', signal);
  const user = (name: string): Pod => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' },
    spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: embeddedImage, args: ['wait'] }], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  });
  const runs = async (embedded: Embedded, name: string): Promise<boolean> => (await embedded.client.get<Pod>(podType, 'default', name, signal))?.status?.phase === 'Running';
  try {
    await withEmbedded(async (embedded) => {
      await embedded.client.create(persistentVolumeClaimType, claim as KubeObject, signal);
      await embedded.client.create(podType, user('first'), signal);
      await until(() => runs(embedded, 'first'));
      writeFileSync(join(home, 'volumes/default/data/file'), 'kept');
      await until(async () => existsSync(join(home, 'claims/default/data.json')));
    }, { home });
    await withEmbedded(async (embedded) => {
      assert.equal((await find(embedded))?.metadata.annotations?.['whose'], 'mine');
      assert.equal(readFileSync(join(home, 'volumes/default/data/file'), 'utf8'), 'kept');
      await embedded.client.create(podType, user('second'), signal);
      await until(() => runs(embedded, 'second'));
      await embedded.client.delete(persistentVolumeClaimType, 'default', 'data', {}, signal);
      assert.notEqual((await find(embedded))?.metadata.deletionTimestamp, undefined, 'a claim in use stays');
      assert.ok(existsSync(join(home, 'volumes/default/data/file')));
      await embedded.client.delete(podType, 'default', 'second', { gracePeriodSeconds: 1 }, signal);
      await until(async () => (await find(embedded)) === undefined && !existsSync(join(home, 'volumes/default/data')));
    }, { home });
    await withEmbedded(async (embedded) => assert.equal(await find(embedded), undefined), { home });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
