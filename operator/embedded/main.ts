/** Wiring only: the operator of laptop mode. Apart from `operator/main.ts`, so that the Kubernetes client is not loaded. */
import { randomBytes } from 'node:crypto';
import { Operator } from '../operator.ts';
import { Metrics } from '../runtime/metrics.ts';
import { httpDriverClient } from '../spark-job/driver-client.ts';
import type { RunOperator } from './embedded.ts';

/** Often enough for a progress bar. */
const pollMs = 150;
const driverTimeoutMs = 3000;

/** The same operator as in a cluster, alone on its API server, so without an election. */
export const operateEmbedded: RunOperator = async ({ client, clock, logger, image }, signal) => {
  const driver = httpDriverClient({ timeoutMs: driverTimeoutMs });
  const operator = new Operator({
    client, clock, logger, driver, pollMs, metrics: new Metrics(), random: Math.random, newToken: () => randomBytes(32).toString('base64url'),
    identity: 'embedded', workers: 8, watchNamespaces: [], podDefaults: { image, imagePullPolicy: 'IfNotPresent', logLevel: 'info' },
  });
  try {
    await Promise.all([operator.watch(signal), operator.reconcile(signal)]);
  } finally {
    driver.close();
  }
};
