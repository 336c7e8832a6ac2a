/** Pods as local processes: real ones, of a script that does one thing. */
import { strict as assert } from 'node:assert';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { environment } from '../../engine/contract.ts';
import type { KubeObject } from '../kube/client.ts';
import { configMapType, persistentVolumeClaimType, podType, secretType } from '../kube/resource-types.ts';
import type { Pod } from '../kube/resource-types.ts';
import { realClock } from '../runtime/clock.ts';
import { silentLogger } from '../runtime/logger.ts';
import { EmbeddedApiServer } from './api-server.ts';
import { Kubelet } from './kubelet.ts';
import type { KubeletOptions } from './kubelet.ts';
import { claimLoopbackSubnet } from './loopback-addresses.ts';
import type { LoopbackSubnet } from './loopback-addresses.ts';

const script = fileURLToPath(new URL('testdata/pod-script.ts', import.meta.url));
const host = fileURLToPath(new URL('testdata/pod-host.ts', import.meta.url));
const preload = new URL('parent-watch.ts', import.meta.url).href;
const clock = realClock();
const { signal } = new AbortController();
const patienceMs = 20_000;

let subnet: LoopbackSubnet;
let home = '';
before(async () => {
  subnet = await claimLoopbackSubnet(process.platform);
  home = mkdtempSync(join(tmpdir(), 'headrace-kubelet-'));
});
after(async () => {
  await subnet.close();
  rmSync(home, { recursive: true, force: true });
});

class Bench {
  readonly client = new EmbeddedApiServer({ clock, uid: randomUUID });
  readonly kubelet: Kubelet;

  constructor(options: Partial<KubeletOptions> = {}) {
    this.kubelet = new Kubelet({
      client: this.client, clock, logger: silentLogger, addresses: subnet.addresses, nodeName: 'here', home, workingDirectory: home, podsMax: 10,
      baseEnvironment: { PATH: process.env['PATH'] ?? '' }, signal,
      command: (container) => (container.image === 'headrace' ? { file: process.execPath, args: ['--import', preload, script, ...container.args] } : undefined),
      ...options,
    });
    this.kubelet.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kubelet.close();
    this.client.close();
  }

  run(name: string, args: readonly string[], container: object = {}, spec: object = {}): Promise<Pod> {
    const env = [{ name: 'HEADRACE_TERMINATION_FILE', value: '/dev/termination-log' }];
    return this.client.create<Pod>(podType, {
      apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels: { colour: 'red' } },
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'headrace', args, env, ...container }], ...spec },
    }, signal);
  }

  /** Waits for the pod to be as `holds` says. */
  async until(name: string, holds: (pod: Pod | undefined) => boolean): Promise<Pod> {
    const { resourceVersion } = await this.client.list(podType, {}, signal);
    let last = await this.client.get<Pod>(podType, 'default', name, signal);
    if (holds(last)) return last as Pod;
    for await (const event of this.client.watch<Pod>(podType, { resourceVersion, timeoutSeconds: patienceMs / 1000, fieldSelector: `metadata.name=${name}` }, signal)) {
      if (event.type === 'BOOKMARK') continue;
      last = event.object;
      if (holds(event.type === 'DELETED' ? undefined : last)) return last;
    }
    return assert.fail(`pod ${name} did not get there within ${patienceMs} ms: ${JSON.stringify(last?.status)}`);
  }

  end(name: string): Promise<Pod> {
    return this.until(name, (pod) => pod?.status?.phase === 'Succeeded' || pod?.status?.phase === 'Failed');
  }
}

const isReady = (pod: Pod | undefined): boolean => pod?.status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
const terminated = (pod: Pod) => pod.status?.containerStatuses?.[0]?.state?.terminated;
const words = (pod: Pod): unknown => JSON.parse(terminated(pod)?.message ?? 'null');

test('a process that ends well makes its pod succeed, and its log stays', async () => {
  await using bench = new Bench();
  await bench.run('well', ['succeed']);
  const pod = await bench.end('well');
  assert.equal(pod.status?.phase, 'Succeeded');
  assert.deepEqual([terminated(pod)?.exitCode, terminated(pod)?.reason], [0, 'Completed']);
  assert.equal(readFileSync(join(home, 'pods/default_well/main.log'), 'utf8'), 'all is well\n');
});

test('a process that fails makes its pod fail, with its exit code and at most 4,096 bytes of its message', async () => {
  await using bench = new Bench();
  await bench.run('ill', ['fail']);
  const pod = await bench.end('ill');
  assert.equal(pod.status?.phase, 'Failed');
  assert.deepEqual([terminated(pod)?.exitCode, terminated(pod)?.reason, terminated(pod)?.message?.length], [3, 'Error', 4096]);
  assert.match(terminated(pod)?.message ?? '', /^it went wrong/);
});

test('a pod without message of its own tells the end of its log if it asks for that', async () => {
  await using bench = new Bench();
  await bench.run('talkative', ['unheard-of'], { terminationMessagePolicy: 'FallbackToLogsOnError' });
  assert.match(terminated(await bench.end('talkative'))?.message ?? '', /unknown: unheard-of/);
});

test('the environment comes from the pod, its fields, resources, secrets and config maps', async () => {
  await using bench = new Bench();
  await bench.client.create(secretType, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, stringData: { token: 'hush' } } as KubeObject, signal);
  await bench.client.create(configMapType, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { A: '1', B: '2' } } as KubeObject, signal);
  await bench.run('env', ['environment', 'PLAIN', 'IP', 'NAME', 'COLOUR', 'TOKEN', 'X_A', 'B', 'MEMORY', 'HEADRACE_LISTEN_HOST', 'HOME'], {
    envFrom: [{ prefix: 'X_', configMapRef: { name: 'c' } }],
    resources: { limits: { memory: '1Gi' } },
    env: [
      { name: 'HEADRACE_TERMINATION_FILE', value: '/dev/termination-log' },
      { name: 'PLAIN', value: 'a $(X_A) $$(X_A) $(NOBODY)' },
      { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'COLOUR', valueFrom: { fieldRef: { fieldPath: "metadata.labels['colour']" } } },
      { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 's', key: 'token' } } },
      { name: 'B', valueFrom: { configMapKeyRef: { name: 'c', key: 'B' } } },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
    ],
  });
  const pod = await bench.end('env');
  const ip = pod.status?.podIP;
  assert.match(ip ?? '', /^127\.\d+\.\d+\.\d+$/);
  assert.deepEqual(words(pod), {
    PLAIN: 'a 1 $(X_A) $(NOBODY)', IP: ip, NAME: 'env', COLOUR: 'red', TOKEN: 'hush', X_A: '1', B: '2', MEMORY: '1024', HEADRACE_LISTEN_HOST: ip,
  });
});

test('volumes are real directories, and the paths that the engine needs lead there', async () => {
  await using bench = new Bench();
  await bench.client.create(secretType, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's', namespace: 'default' }, stringData: { token: 'hush' } } as KubeObject, signal);
  await bench.client.create(configMapType, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' }, data: { 'a.json': '{}' } } as KubeObject, signal);
  await bench.client.create(persistentVolumeClaimType, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'claim', namespace: 'default' }, spec: {} } as KubeObject, signal);
  const container = {
    env: [
      { name: 'HEADRACE_TERMINATION_FILE', value: '/dev/termination-log' },
      { name: 'HEADRACE_APPLICATION_FILE', value: '/etc/app/application.json' },
      { name: 'HEADRACE_SECRET_FILE', value: '/etc/secret/token' },
      { name: 'HEADRACE_WORK_DIR', value: '/scratch' },
    ],
    volumeMounts: [
      { name: 'app', mountPath: '/etc/app' }, { name: 'secret', mountPath: '/etc/secret' }, { name: 'scratch', mountPath: '/scratch' },
      { name: 'output', mountPath: '/output', subPath: 'deep' },
    ],
  };
  const volumes = [
    { name: 'app', configMap: { name: 'c', items: [{ key: 'a.json', path: 'application.json' }] } },
    { name: 'secret', secret: { secretName: 's' } }, { name: 'scratch', emptyDir: {} }, { name: 'output', persistentVolumeClaim: { claimName: 'claim' } },
  ];
  await bench.run('files', ['read', 'HEADRACE_APPLICATION_FILE', 'HEADRACE_SECRET_FILE'], container, { volumes });
  assert.equal(terminated(await bench.end('files'))?.message, '{}|hush');
  await bench.run('mounts', ['environment', 'HEADRACE_MOUNTS', 'HEADRACE_WORK_DIR'], container, { volumes });
  const { HEADRACE_MOUNTS: mounts, HEADRACE_WORK_DIR: work } = words(await bench.end('mounts')) as Record<string, string>;
  assert.deepEqual(JSON.parse(mounts ?? ''), {
    '/etc/app': join(home, 'pods/default_mounts/volumes/app'), '/etc/secret': join(home, 'pods/default_mounts/volumes/secret'),
    '/scratch': work, '/output': join(home, 'volumes/default/claim/deep'), [home]: home,
  });
  assert.ok(existsSync(join(home, 'volumes/default/claim')));
  const claim = await bench.client.get<KubeObject & { status?: { phase?: string } }>(persistentVolumeClaimType, 'default', 'claim', signal);
  assert.equal(claim?.status?.phase, 'Bound');
  await until('the pod has left its log only', () => readdirSync(join(home, 'pods/default_mounts')).join() === 'main.log');
});

test('a pod waits for what it refers to, and says so', async () => {
  await using bench = new Bench();
  await bench.run('patient', ['succeed'], { envFrom: [{ configMapRef: { name: 'late' } }] });
  const waiting = await bench.until('patient', (pod) => pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CreateContainerConfigError');
  assert.equal(waiting.status?.containerStatuses?.[0]?.state?.waiting?.message, 'configmap "late" not found');
  await bench.client.create(configMapType, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: 'default' }, data: {} } as KubeObject, signal);
  assert.equal((await bench.end('patient')).status?.phase, 'Succeeded');
});

test('a pod is ready when its probe says so', async () => {
  await using bench = new Bench();
  await bench.run('server', ['serve'], {
    ports: [{ name: 'http', containerPort: 4040 }], readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 2 },
  });
  const running = await bench.until('server', (pod) => pod?.status?.phase === 'Running');
  assert.equal(isReady(running), false);
  await bench.until('server', isReady);
});

test('a deleted pod gets SIGTERM, and its object goes when the process has gone', async () => {
  await using bench = new Bench();
  await bench.run('deleted', ['wait']);
  await bench.until('deleted', (pod) => pod?.status?.phase === 'Running');
  await bench.client.delete(podType, 'default', 'deleted', {}, signal);
  await bench.until('deleted', (pod) => pod === undefined);
  assert.deepEqual(bench.kubelet.runningPods.includes('default/deleted'), false);
});

test('a pod that ignores SIGTERM is killed after its grace period', async () => {
  await using bench = new Bench();
  await bench.run('stubborn', ['stubborn']);
  await bench.until('stubborn', (pod) => pod?.status?.phase === 'Running');
  await untilLogged('stubborn', /ready/);
  await bench.client.delete(podType, 'default', 'stubborn', { gracePeriodSeconds: 1 }, signal);
  const last = await bench.until('stubborn', (pod) => pod === undefined);
  assert.equal(terminated(last)?.exitCode, 137);
  assert.match(readFileSync(join(home, 'pods/default_stubborn/main.log'), 'utf8'), /no/);
});

test('the children of a pod end with it', async () => {
  await using bench = new Bench();
  await bench.run('family', ['family']);
  const child = Number((await untilLogged('family', /child (\d+)/))[1]);
  process.kill(child, 0);
  await bench.client.delete(podType, 'default', 'family', { gracePeriodSeconds: 0 }, signal);
  await untilGone(child);
});

test('pods beyond what the machine may run wait, with the scheduler\'s words, and start when there is room', async () => {
  await using bench = new Bench({ podsMax: 1 });
  await bench.run('first', ['wait']);
  await bench.until('first', (pod) => pod?.status?.phase === 'Running');
  await bench.run('second', ['succeed']);
  const waiting = await bench.until('second', (pod) => pod?.status?.conditions?.[0]?.reason === 'Unschedulable');
  assert.match(waiting.status?.conditions?.[0]?.message ?? '', /0\/1 nodes are available: 1 Too many pods/);
  await bench.client.delete(podType, 'default', 'first', {}, signal);
  assert.equal((await bench.end('second')).status?.phase, 'Succeeded');
});

test('what local processes cannot do fails the pod and says why', async () => {
  await using bench = new Bench();
  const check = async (name: string, container: object, spec: object, why: RegExp): Promise<void> => {
    await bench.run(name, ['succeed'], container, spec);
    const { status } = await bench.end(name);
    assert.deepEqual([status?.phase, status?.reason], ['Failed', 'Unsupported'], name);
    assert.match(status?.message ?? '', why);
  };
  await check('image', { image: 'postgres:17' }, {}, /image postgres:17/);
  await check('init', {}, { initContainers: [{ name: 'i', image: 'headrace' }] }, /initContainers/);
  await check('volume', {}, { volumes: [{ name: 'n', nfs: {} }] }, /volumes/);
  await check('probe', { readinessProbe: { exec: { command: ['true'] } } }, {}, /httpGet probes only/);
  await check('outside', { volumeMounts: [{ name: 'e', mountPath: '/e', subPath: '../../..' }] }, { volumes: [{ name: 'e', emptyDir: {} }] }, /must stay within/);
});

test('a container that is to run always is started again with pauses, in the same pod, and tells how it ended', async () => {
  await using bench = new Bench();
  const volumes = [{ name: 'own', emptyDir: {} }];
  await bench.run('phoenix', ['crash-twice', join(home, 'pods/default_phoenix/volumes/own')], { volumeMounts: [{ name: 'own', mountPath: '/own' }] }, { restartPolicy: 'Always', volumes });
  const waiting = await bench.until('phoenix', (pod) => pod?.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff' && pod.status.containerStatuses[0].restartCount === 2);
  assert.equal(waiting.status?.phase, 'Running');
  assert.equal(waiting.status.containerStatuses?.[0]?.lastState?.terminated?.exitCode, 4);
  assert.equal(waiting.status.containerStatuses[0]?.lastState?.terminated?.message, 'crash 2');
  const up = await bench.until('phoenix', (pod) => isReady(pod));
  assert.equal(up.status?.containerStatuses?.[0]?.restartCount, 2);
  assert.equal(up.metadata.uid, waiting.metadata.uid);
  assert.match(readFileSync(join(home, 'pods/default_phoenix/main.previous.log'), 'utf8'), /time 2/);
});

test('a file of the downward API follows the annotations of its pod', async () => {
  await using bench = new Bench();
  const env = [{ name: 'HEADRACE_TERMINATION_FILE', value: '/dev/termination-log' }, { name: 'HEADRACE_RACK_FILE', value: '/etc/rack/rack' }];
  const volumes = [{ name: 'rack', downwardAPI: { items: [{ path: 'rack', fieldRef: { fieldPath: "metadata.annotations['headrace.dev/rack']" } }] } }];
  await bench.run('racked', ['rack'], { env, volumeMounts: [{ name: 'rack', mountPath: '/etc/rack' }] }, { volumes });
  await bench.until('racked', (pod) => pod?.status?.phase === 'Running');
  await bench.client.patch(podType, 'default', 'racked', { metadata: { annotations: { 'headrace.dev/rack': '/west' } } }, signal);
  assert.equal(terminated(await bench.end('racked'))?.message, '/west');
});

test('a log is rotated once and then forgotten', async () => {
  await using bench = new Bench({ logBytesMax: 4000 });
  await bench.run('loud', ['talk']);
  await bench.end('loud');
  const text = readFileSync(join(home, 'pods/default_loud/main.log'), 'utf8');
  assert.match(text, /line 1999\n$/);
  assert.ok(existsSync(join(home, 'pods/default_loud/main.log.1')));
});

test('addresses are given in order, one to a pod, and given again', () => {
  const [one, two] = [subnet.addresses.allocate(), subnet.addresses.allocate()];
  assert.notEqual(one, two);
  subnet.addresses.release(one);
  assert.equal(subnet.addresses.allocate(), one);
  for (const each of [one, two]) subnet.addresses.release(each);
});

test('the preloaded module and the contract call the variable the same', () => {
  assert.match(readFileSync(fileURLToPath(preload), 'utf8'), new RegExp(`'${environment.parentWatch}'`));
});

test('elsewhere than on Linux embedded pods are refused with the reason', async () => {
  await assert.rejects(claimLoopbackSubnet('darwin'), /need Linux/);
});

test('pods end when the process that runs them is killed', async () => {
  const child = spawn(process.execPath, [host, home, script, preload], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pod = Number(line.toString());
  process.kill(pod, 0);
  child.kill('SIGKILL');
  await untilGone(pod);
});

async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!holds()) {
    assert.ok(performance.now() < deadline, `${what}: not within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function untilGone(pid: number): Promise<void> {
  // A zombie answers signals until its parent, or init in its place, takes notice of its end.
  await until(`process ${pid} has ended`, () => {
    try {
      return /^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return true;
    }
  });
}

async function untilLogged(pod: string, pattern: RegExp): Promise<RegExpExecArray> {
  const file = join(home, `pods/default_${pod}/main.log`);
  let match: RegExpExecArray | null = null;
  await until(`${pod} logs ${String(pattern)}`, () => {
    match = existsSync(file) ? pattern.exec(readFileSync(file, 'utf8')) : null;
    return match !== null;
  });
  return match ?? assert.fail();
}
