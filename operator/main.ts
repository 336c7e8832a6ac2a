/** Wiring only: real clock, client, sockets and signals around `Operator`. */
import { randomBytes, randomUUID } from 'node:crypto';
import { httpNameNodeClient } from './hdfs-cluster/name-node-client.ts';
import { clusterClient } from './kube/cluster-client.ts';
import { openConnection } from './kube/cluster-connection.ts';
import { fieldManager, Operator } from './operator.ts';
import { OperatorConfigError, readOperatorConfig, type OperatorConfig } from './operator-config.ts';
import { realClock, type Clock } from './runtime/clock.ts';
import { startHealthServer } from './runtime/health-server.ts';
import { LeaderElection } from './runtime/leader-election.ts';
import { createLogger, type Logger } from './runtime/logger.ts';
import { Metrics } from './runtime/metrics.ts';
import { httpDriverClient } from './spark-job/driver-client.ts';

const answerTimeoutMs = 3000;
/** A cluster in which nothing happens is looked at this often; watches bring most of what happens. */
const hdfsIdlePollMs = 10_000;
const newToken = (): string => randomBytes(32).toString('base64url');

/** Runs in a cluster until SIGTERM or SIGINT. Resolves to the exit code: not 0 when the lease was lost, so that the pod starts afresh. */
export async function runOperator(env: Readonly<Record<string, string | undefined>>): Promise<number> {
  let config: OperatorConfig;
  try {
    config = readOperatorConfig(env);
  } catch (error) {
    if (!(error instanceof OperatorConfigError)) throw error;
    process.stderr.write(`headrace operator: its environment is wrong:\n${error.message}\n`);
    return 2;
  }
  const logger = createLogger({ level: config.logLevel });
  const stop = new AbortController();
  const onSignal = (name: NodeJS.Signals): void => {
    logger.info({ signal: name }, 'stopping');
    stop.abort(new Error(`received ${name}`));
  };
  process.once('SIGTERM', onSignal).once('SIGINT', onSignal);
  try {
    return await operate(config, realClock(), logger, stop.signal);
  } finally {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
  }
}

async function operate(config: OperatorConfig, clock: Clock, logger: Logger, signal: AbortSignal): Promise<number> {
  const metrics = new Metrics({ processMetrics: true });
  const client = clusterClient({
    connection: openConnection({ kind: 'kubeconfig' }), fieldManager, sleep: (ms, aborted) => clock.sleep(ms, aborted),
    onAnswer: (method, code) => metrics.requests.inc({ method, code }),
  });
  const driver = httpDriverClient({ timeoutMs: answerTimeoutMs });
  const nameNodes = httpNameNodeClient({ timeoutMs: answerTimeoutMs });
  const operator = new Operator({
    client, clock, logger, metrics, newToken, driver, random: Math.random, identity: config.identity, workers: config.workers, pollMs: config.driverPollMs,
    hdfs: { nameNodes, pollMs: config.hdfsPollMs, idlePollMs: hdfsIdlePollMs, newClusterId: () => `CID-${randomUUID()}` },
    watchNamespaces: config.watchNamespaces,
    podDefaults: { image: config.image, imagePullPolicy: config.imagePullPolicy, logLevel: config.logLevel },
  });
  const election = new LeaderElection({
    client, clock, logger, metrics, random: Math.random, namespace: config.namespace, name: config.leaseName, identity: `${config.identity}_${randomUUID()}`,
  });
  const health = await startHealthServer({
    host: '0.0.0.0', port: config.healthPort,
    live: { queue: () => operator.isProgressing }, ready: { caches: () => operator.hasSynced }, metrics: () => metrics.registry.metrics(),
  });
  logger.info({ port: health.port, namespaces: config.watchNamespaces }, 'the operator is up');
  const watching = new AbortController();
  const onStop = (): void => watching.abort(signal.reason);
  signal.addEventListener('abort', onStop, { once: true });
  const watch = operator.watch(watching.signal);
  try {
    const outcome = await election.run((lease) => operator.reconcile(lease), signal);
    return outcome.kind === 'lost' ? 1 : 0;
  } finally {
    watching.abort();
    signal.removeEventListener('abort', onStop);
    await watch;
    driver.close();
    nameNodes.close();
    client.close();
    await health.close();
  }
}
