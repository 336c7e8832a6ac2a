/** Jobs and pods as tests need them. */
import type { SparkJob, SparkJobStatus } from '../../api/spark-job.ts';
import { sparkJobSpecSchema } from '../../api/spark-job.ts';
import type { ContainerState, Pod, PodCondition } from '../../kube/resource-types.ts';

export const startMs = Date.UTC(2026, 0, 1, 12);

export function jobOf(spec: unknown, options: { readonly name?: string; readonly generation?: number; readonly status?: SparkJobStatus } = {}): SparkJob {
  return {
    apiVersion: 'headrace.dev/v1alpha1',
    kind: 'SparkJob',
    metadata: { name: options.name ?? 'flights', namespace: 'default', uid: 'uid-1', generation: options.generation ?? 1, resourceVersion: '1' },
    spec: sparkJobSpecSchema.parse(spec),
    ...(options.status === undefined ? {} : { status: options.status }),
  };
}

export interface PodOptions {
  readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly state?: ContainerState;
  readonly ip?: string;
  readonly node?: string;
  readonly deleted?: boolean;
  readonly reason?: string;
  readonly conditions?: readonly PodCondition[];
  readonly attempt?: number;
}

export function driverPod(options: PodOptions = {}): Pod {
  const attempt = options.attempt ?? 1;
  return podOf(`flights-${attempt}-driver`, { 'headrace.dev/role': 'driver' }, options, ['headrace.dev/outcome']);
}

export function executorPod(id: number, options: PodOptions = {}): Pod {
  return podOf(`flights-${options.attempt ?? 1}-exec-${id}`, { 'headrace.dev/role': 'executor', 'headrace.dev/executor': String(id) }, options, []);
}

function podOf(name: string, labels: Readonly<Record<string, string>>, options: PodOptions, finalizers: readonly string[]): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name, namespace: 'default', uid: `uid-${name}`, creationTimestamp: '2026-01-01T12:00:01Z', finalizers,
      labels: { ...labels, 'headrace.dev/job': 'flights', 'headrace.dev/attempt': String(options.attempt ?? 1) },
      ownerReferences: [{ apiVersion: 'headrace.dev/v1alpha1', kind: 'SparkJob', name: 'flights', uid: 'uid-1', controller: true }],
      ...(options.deleted === true ? { deletionTimestamp: '2026-01-01T12:01:00Z' } : {}),
    },
    spec: { containers: [{ name: 'spark' }], ...(options.node === '' ? {} : { nodeName: options.node ?? 'node-1' }) },
    status: {
      phase: options.phase ?? 'Running',
      ...(options.ip === undefined ? {} : { podIP: options.ip }),
      ...(options.reason === undefined ? {} : { reason: options.reason }),
      ...(options.conditions === undefined ? {} : { conditions: options.conditions }),
      ...(options.state === undefined ? {} : { containerStatuses: [{ name: 'spark', state: options.state }] }),
    },
  };
}

export const runningState: ContainerState = { running: { startedAt: '2026-01-01T12:00:02Z' } };

export function terminatedState(exitCode: number, message?: object | string, reason?: string): ContainerState {
  return {
    terminated: {
      exitCode,
      ...(message === undefined ? {} : { message: typeof message === 'string' ? message : JSON.stringify(message) }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}
