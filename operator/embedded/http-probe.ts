/** Probes of embedded pods: HTTP only. */
import { get } from 'node:http';
import type { Clock } from '../runtime/clock.ts';
import type { Probe } from './pod-spec.ts';
import { PodUnsupportedError } from './pod-unsupported.ts';

export interface ProbeTarget {
  readonly host: string;
  readonly ports: readonly { readonly name?: string | undefined; readonly containerPort: number }[];
}

/** Beginnings are asked about this often, whatever the probe's period is: a job's start counts. */
const eagerPeriodMs = 50;

/** Throws `PodUnsupportedError` for probes that are not HTTP. */
export function checkProbe(probe: Probe | undefined, name: string): void {
  if (probe === undefined) return;
  if (probe.httpGet === undefined) throw new PodUnsupportedError(`${name}: embedded pods have httpGet probes only`);
  if (probe.httpGet.scheme !== 'HTTP') throw new PodUnsupportedError(`${name}: embedded pods have probes over plain HTTP only`);
}

/** Asks until the answer was good `successThreshold` times in a row. Returns false when `signal` ended it first. */
export async function untilSuccess(probe: Probe, target: ProbeTarget, clock: Clock, signal: AbortSignal): Promise<boolean> {
  for (let successes = 0; successes < probe.successThreshold;) {
    successes = (await probeOnce(probe, target, signal)) ? successes + 1 : 0;
    if (signal.aborted) return false;
    if (successes < probe.successThreshold && !(await pause(clock, eagerPeriodMs, signal))) return false;
  }
  return true;
}

/** Asks every period until `failureThreshold` answers in a row were bad: true. False when `signal` ended it first. */
export async function untilFailure(probe: Probe, target: ProbeTarget, clock: Clock, signal: AbortSignal): Promise<boolean> {
  for (let failures = 0; failures < probe.failureThreshold;) {
    if (!(await pause(clock, probe.periodSeconds * 1000, signal))) return false;
    const good = await probeOnce(probe, target, signal);
    if (signal.aborted) return false;
    failures = good ? 0 : failures + 1;
  }
  return true;
}

async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<boolean> {
  return clock.sleep(ms, signal).then(() => true, () => false);
}

/** One request; whatever goes wrong with it is a bad answer. */
function probeOnce(probe: Probe, target: ProbeTarget, signal: AbortSignal): Promise<boolean> {
  const { path = '/', port = 0 } = probe.httpGet ?? {};
  const number = typeof port === 'number' ? port : target.ports.find((each) => each.name === port)?.containerPort;
  if (number === undefined) return Promise.resolve(false);
  return new Promise((resolve) => {
    const request = get({ host: target.host, port: number, path, agent: false, signal, timeout: probe.timeoutSeconds * 1000 }, (response) => {
      response.resume();
      resolve(response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 400);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
}
