/** The suite of the API client against the real API server: what the embedded one passes, this one passes. */
import { clusterClient } from '../operator/kube/cluster-client.ts';
import { openConnection } from '../operator/kube/cluster-connection.ts';
import { applyDefinition, kubeClientContract } from '../operator/kube/client.contract.ts';
import { realClock } from '../operator/runtime/clock.ts';
import { attempt, eventually, kubectl } from './kubectl.ts';

kubeClientContract('the real API server', async () => {
  const namespace = `headrace-contract-${process.pid}`;
  await kubectl(['create', 'namespace', namespace]);
  // Pods are refused until the namespace has its service account.
  await eventually('the namespace is ready', async () => ((await attempt(['--namespace', namespace, 'get', 'serviceaccount', 'default'])).code === 0 ? true : undefined));
  const clock = realClock();
  const client = clusterClient({ connection: openConnection({ kind: 'kubeconfig' }), fieldManager: 'headrace', sleep: (ms, signal) => clock.sleep(ms, signal) });
  return {
    client,
    namespace,
    installDefinition: (definition) => applyDefinition(client, definition, AbortSignal.timeout(60_000)),
    collectsGarbage: true,
    expiredVersion: '1',
    close: async () => {
      client.close();
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
});
