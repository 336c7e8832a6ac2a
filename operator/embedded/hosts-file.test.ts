import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Pod, Service } from '../kube/resource-types.ts';
import { hostTable } from './hosts-file.ts';

function pod(name: string, ip: string, options: { readonly ready?: boolean; readonly phase?: 'Pending' | 'Running'; readonly deleted?: boolean; readonly namespace?: string } = {}): Pod {
  const { ready = true, phase = 'Running', deleted = false, namespace = 'default' } = options;
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace, labels: { app: 'x' }, ...(deleted ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) },
    spec: { containers: [], hostname: name, subdomain: 'all' },
    status: { phase, podIP: ip, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
}

function service(name: string, spec: object = {}): Service {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: { selector: { app: 'x' }, ...spec } };
}

function check(name: string, pods: readonly Pod[], services: readonly Service[], expected: Readonly<Record<string, string | undefined>>): void {
  test(name, () => {
    const table = hostTable(pods, services);
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((host) => [host, table[host]])), expected);
  });
}

check('a pod has its host name in all its forms, ready or not', [pod('a', '127.0.0.2', { ready: false })], [], {
  'a.all': '127.0.0.2', 'a.all.default': '127.0.0.2', 'a.all.default.svc': '127.0.0.2', 'a.all.default.svc.cluster.local': '127.0.0.2',
});
check('bare names are those of the default namespace', [pod('a', '127.0.0.2', { namespace: 'other' })], [], { 'a.all': undefined, 'a.all.other.svc': '127.0.0.2' });
check('pods that do not run or are going have none', [pod('a', '1', { phase: 'Pending' }), pod('b', '2', { deleted: true })], [], { 'a.all': undefined, 'b.all': undefined });
check('a Service stands for a ready pod', [pod('a', '1', { ready: false }), pod('b', '2')], [service('svc')], { svc: '2', 'svc.default.svc.cluster.local': '2' });
check('a Service without a ready pod has no address', [pod('a', '1', { ready: false })], [service('svc')], { svc: undefined });
check('a Service that publishes all pods stands for one that is not ready', [pod('a', '1', { ready: false })], [service('svc', { publishNotReadyAddresses: true })], { svc: '1' });
check('a Service sees the pods of its own namespace only', [pod('a', '1', { namespace: 'other' })], [service('svc')], { svc: undefined });
