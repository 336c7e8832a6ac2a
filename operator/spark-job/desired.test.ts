import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { applicationFileSchema } from '../../engine/contract.ts';
import { assertGolden } from '../../testing/golden.ts';
import type { SparkJob } from '../api/spark-job.ts';
import { sparkJobNameMax, sparkJobSpecSchema } from '../api/spark-job.ts';
import type { KubeObject } from '../kube/client.ts';
import { parseQuantity } from '../api/quantity.ts';
import { desiredConfigMap, desiredDriver, desiredExecutor, desiredSecret } from './desired.ts';
import { configMapName, driverName, executorName, fitted } from './names.ts';
import { specHash } from './spec-hash.ts';
import { jobOf } from './testdata/jobs.ts';

const defaults = { image: 'headrace.local/headrace:0.1.0', imagePullPolicy: 'IfNotPresent', logLevel: 'info' } as const;

function children(job: SparkJob): readonly KubeObject[] {
  const context = { attempt: 1, specHash: specHash(job.spec) };
  return [
    desiredSecret(job, 'an-unguessable-token'),
    desiredConfigMap(job, context),
    desiredDriver(job, context, defaults),
    desiredExecutor(job, context, defaults, 1, '10.0.0.7'),
  ];
}

function check(name: string, spec: unknown): void {
  test(`the children of ${name} are as in testdata/${name}.yaml`, () => {
    const job = jobOf(spec, { name });
    assertGolden(new URL(`testdata/${name}.yaml`, import.meta.url), children(job).map((child) => stringify(child, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n'));
  });
}

check('sql-only', { application: { sql: 'SELECT 1' } });
check('everything', {
  application: { script: { configMapKeyRef: { name: 'scripts', key: 'report.mts' } } },
  arguments: ['--day', '2026-01-01'],
  sparkConf: { 'spark.sql.shuffle.partitions': '8' },
  image: 'registry.example/spark:2',
  imagePullSecrets: [{ name: 'pull' }],
  serviceAccountName: 'reports',
  driver: {
    resources: { requests: { cpu: 1, memory: '2Gi' } },
    env: [{ name: 'CITY', value: 'Oslo' }, { name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'a' } } }],
    envFrom: [{ configMapRef: { name: 'settings' } }],
    volumes: [{ name: 'output', persistentVolumeClaim: { claimName: 'output' } }],
    volumeMounts: [{ name: 'output', mountPath: '/output' }],
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'spark', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: { nodeAffinity: {} },
    podTemplate: {
      metadata: { labels: { team: 'data', 'headrace.dev/job': 'forged' }, annotations: { note: 'x' } },
      spec: {
        priorityClassName: 'high',
        restartPolicy: 'Always',
        containers: [{ name: 'spark', livenessProbe: null, securityContext: { runAsUser: 1000 } }, { name: 'sidecar', image: 'busybox' }],
      },
    },
  },
  executor: { instances: 3, resources: { requests: { cpu: '1500m' }, limits: { cpu: '3', memory: '4Gi', 'example.com/gpu': 1 } } },
});
check('inline-script', { application: { script: { inline: 'export default (spark) => spark.range(3);' } } });
check('map-reduce', { application: { mapReduce: {
  input: ['hdfs://lake/in'], output: 'hdfs://lake/out', numReduceTasks: 2, environment: { LC_ALL: 'C' },
  mapper: { script: { inline: 'export function map() {}' } },
  combiner: { script: { configMapKeyRef: { name: 'programs', key: 'sum' } } },
  reducer: { argv: ['awk', '{ print }'] },
} } });
check('url-script', { application: { script: { url: 'https://example.org/job.ts' } } });

test('the driver can read its application file', () => {
  const map = desiredConfigMap(jobOf({ application: { sql: 'SELECT 1' } }), { attempt: 2, specHash: 'abc' });
  const file = applicationFileSchema.parse(JSON.parse((map['data'] as Record<string, string>)['application.json'] ?? ''));
  assert.equal(file.applicationId, 'uid-1-2');
  assert.equal(file.attempt, 2);
});

test('child names fit into a host name for every job and attempt that is allowed', () => {
  const job = 'j'.repeat(sparkJobNameMax);
  assert.equal(executorName(job, 9999, 99_999).length, 63);
  assert.ok(driverName(job, 9999).length <= 63);
  assert.ok(configMapName(job, 9999, '0123456789abcdef').length <= 63);
});

test('a name that is too long is cut and stays different from its neighbours', () => {
  const [a, b] = [fitted(`${'j'.repeat(70)}-1`), fitted(`${'j'.repeat(70)}-2`)];
  assert.ok(a.length <= 63 && b.length <= 63);
  assert.notEqual(a, b);
});

test('quantities are read as Kubernetes reads them', () => {
  const cases: readonly (readonly [string | number, number])[] = [[2, 2], ['500m', 0.5], ['1.5Gi', 1.5 * 2 ** 30], ['1e3', 1000], ['2k', 2000], ['100M', 1e8]];
  for (const [quantity, value] of cases) assert.equal(parseQuantity(quantity), value);
  assert.throws(() => parseQuantity('1 GB'), /not a quantity/);
});

test('the hash of a spec ignores the order of fields and what is live', () => {
  const hash = (spec: unknown): string => specHash(sparkJobSpecSchema.parse(spec));
  const base = hash({ application: { sql: 'x' }, sparkConf: { a: '1', b: '2' } });
  assert.equal(hash({ sparkConf: { b: '2', a: '1' }, application: { sql: 'x' } }), base);
  assert.equal(hash({ application: { sql: 'x' }, sparkConf: { a: '1', b: '2' }, executor: { instances: 9 }, suspend: true, ttlSecondsAfterFinished: 1 }), base);
  assert.notEqual(hash({ application: { sql: 'y' }, sparkConf: { a: '1', b: '2' } }), base);
});
