/** Wiring only: the operator of laptop mode. Apart from `operator/main.ts`, so that the Kubernetes client is not loaded. */
import { randomBytes, randomUUID } from 'node:crypto';
import { httpNameNodeClient } from '../hdfs-cluster/name-node-client.ts';
import { Operator } from '../operator.ts';
import { Metrics } from '../runtime/metrics.ts';
import { httpDriverClient } from '../spark-job/driver-client.ts';
import type { RunOperator } from './embedded.ts';

/** Often enough for a progress bar. */
const pollMs = 150;
const hdfsIdlePollMs = 2000;
const answerTimeoutMs = 3000;

/** The same operator as in a cluster, alone on its API server, so without an election. */
export const operateEmbedded: RunOperator = async ({ client, clock, logger, image }, signal) => {
  const driver = httpDriverClient({ timeoutMs: answerTimeoutMs });
  const nameNodes = httpNameNodeClient({ timeoutMs: answerTimeoutMs });
  const operator = new Operator({
    client, clock, logger, driver, pollMs, metrics: new Metrics(), random: Math.random, newToken: () => randomBytes(32).toString('base64url'),
    hdfs: { nameNodes, pollMs, idlePollMs: hdfsIdlePollMs, newClusterId: () => `CID-${randomUUID()}` },
    identity: 'embedded', workers: 8, watchNamespaces: [], podDefaults: { image, imagePullPolicy: 'IfNotPresent', logLevel: 'info' },
  });
  try {
    await Promise.all([operator.watch(signal), operator.reconcile(signal)]);
  } finally {
    driver.close();
    nameNodes.close();
  }
};
