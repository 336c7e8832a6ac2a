/** The life of one embedded pod, from its start to the end of its processes. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environment } from '../../engine/contract.ts';
import { podType } from '../kube/resource-types.ts';
import type { Pod, PodCondition } from '../kube/resource-types.ts';
import { checkProbe, untilFailure, untilSuccess } from './http-probe.ts';
import type { KubeletOptions } from './kubelet.ts';
import { timestamp } from './object-deletion.ts';
import { containerEnvironment, expanded } from './pod-environment.ts';
import { PodProcess } from './pod-process.ts';
import type { ProcessPlan } from './pod-process.ts';
import { isGone, podSpecSchema } from './pod-spec.ts';
import type { PodContainer, PodSpec } from './pod-spec.ts';
import { podStatus } from './pod-status.ts';
import type { ContainerEnd, ContainerPhase, ContainerState } from './pod-status.ts';
import { PodDependencyError, PodUnsupportedError } from './pod-unsupported.ts';
import { below, configMapContent, prepareVolumes, refreshDownward, secretContent } from './pod-volumes.ts';

const retryMs = 200;

export class PodWorker {
  readonly #options: KubeletOptions;
  #pod: Pod;
  #spec: PodSpec | undefined;
  readonly #podIp: string;
  readonly #directory: string;
  readonly #containers = new Map<string, ContainerState>();
  readonly #processes = new Map<string, PodProcess>();
  readonly #stop = new AbortController();
  #startTime: string | undefined;
  #failure: { readonly reason: string; readonly message: string } | undefined;
  #conditions: readonly PodCondition[] = [];
  #over = false;
  #cancelKill: (() => void) | undefined;
  /** Reports take turns, so that the last word is the last written. */
  #report: Promise<void> = Promise.resolve();

  /** `podIp` is the caller's to take back when `run` has resolved. */
  constructor(pod: Pod, podIp: string, options: KubeletOptions) {
    this.#pod = { ...pod, spec: { containers: [], ...pod.spec, nodeName: options.nodeName } };
    this.#podIp = podIp;
    this.#options = options;
    this.#directory = join(options.home, 'pods', `${pod.metadata.namespace ?? ''}_${pod.metadata.name}`);
  }

  get podIp(): string {
    return this.#podIp;
  }

  /** Labels or annotations have changed: files that show them follow. */
  async update(pod: Pod): Promise<void> {
    this.#pod = { ...this.#pod, metadata: pod.metadata };
    if (this.#spec !== undefined && this.#startTime !== undefined && !this.#over) await refreshDownward(this.#spec, this.#pod, this.#directory);
  }

  /** Resolves when all processes of the pod have ended and its status says so. */
  async run(): Promise<void> {
    try {
      const spec = this.#understood();
      this.#spec = spec;
      for (const { name, image } of spec.containers) this.#containers.set(name, { image, phase: { kind: 'waiting', reason: 'ContainerCreating' } });
      const plans = await this.#prepared(spec, false);
      if (plans !== undefined) await this.#runContainers(spec, plans);
    } catch (error) {
      const reason = error instanceof PodUnsupportedError ? 'Unsupported' : 'StartError';
      this.#failure = { reason, message: error instanceof Error ? error.message : String(error) };
      this.kill();
    }
    await Promise.all([...this.#processes.values()].map((each) => each.ended));
    this.#over = true;
    this.#cancelKill?.();
    await this.#reported();
    for (const name of ['volumes', 'termination']) await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  /** Ends the pod: SIGTERM now, SIGKILL after the grace period. May be called again with a shorter one. */
  stop(graceSeconds: number): void {
    this.#stop.abort();
    if (this.#over) return;
    for (const each of this.#processes.values()) each.kill('SIGTERM');
    this.#cancelKill?.();
    this.#cancelKill = this.#options.clock.after(graceSeconds * 1000, () => this.kill());
  }

  /** Ends the pod at once. */
  kill(): void {
    this.#stop.abort();
    for (const each of this.#processes.values()) each.kill('SIGKILL');
  }

  #now(): string {
    return timestamp(this.#options.clock.now());
  }

  #understood(): PodSpec {
    const parsed = podSpecSchema.safeParse(this.#pod.spec);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => `spec.${issue.path.join('.')}: ${issue.message}`);
      throw new PodUnsupportedError(`embedded pods cannot do this: ${problems.join('; ')}`);
    }
    const spec = parsed.data;
    if (spec.initContainers.length > 0) throw new PodUnsupportedError('initContainers: embedded pods run the Headrace image only');
    for (const container of spec.containers) {
      if (container.lifecycle !== undefined) throw new PodUnsupportedError(`container ${container.name}: lifecycle hooks are not there in embedded pods`);
      for (const probe of ['readinessProbe', 'startupProbe', 'livenessProbe'] as const) checkProbe(container[probe], `container ${container.name}: ${probe}`);
    }
    return spec;
  }

  /** Directories, files and environment; waits for what the pod refers to. Undefined when the pod was stopped meanwhile. */
  async #prepared(spec: PodSpec, again: boolean): Promise<ReadonlyMap<PodContainer, ProcessPlan> | undefined> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        return await this.#plans(spec, again, signal);
      } catch (error) {
        if (signal.aborted) return undefined;
        if (!(error instanceof PodDependencyError)) throw error;
        for (const [name, each] of this.#containers) {
          if (each.phase.kind === 'waiting') this.#containers.set(name, { ...each, phase: { kind: 'waiting', reason: 'CreateContainerConfigError', message: error.message } });
        }
        await this.#reported();
        await this.#options.clock.sleep(retryMs, signal).catch(() => undefined);
      }
    }
    return undefined;
  }

  async #plans(spec: PodSpec, again: boolean, signal: AbortSignal): Promise<ReadonlyMap<PodContainer, ProcessPlan>> {
    const { client, home } = this.#options;
    const context = {
      client, again, pod: this.#pod, namespace: this.#pod.metadata.namespace ?? '', podDirectory: this.#directory, volumesDirectory: join(home, 'volumes'),
    };
    for (const name of ['volumes', 'termination']) await mkdir(join(this.#directory, name), { recursive: true, mode: 0o700 });
    const volumes = await prepareVolumes(spec, context, signal);
    const plans = new Map<PodContainer, ProcessPlan>();
    for (const container of spec.containers) {
      const names = (kind: 'configMap' | 'secret'): readonly (readonly [string, boolean])[] => [
        ...container.envFrom.map((each) => each[`${kind}Ref`]),
        ...container.env.map((each) => each.valueFrom?.[`${kind}KeyRef`]),
      ].filter((each) => each !== undefined).map((each) => [each.name, each.optional === true] as const);
      const configMaps = new Map(await Promise.all(names('configMap').map(async ([name, optional]) => [name, await configMapContent(context, name, optional, signal)] as const)));
      const secrets = new Map(await Promise.all(names('secret').map(async ([name, optional]) => [name, await secretContent(context, name, optional, signal)] as const)));
      plans.set(container, await this.#plan(container, mountsOf(container, volumes), { configMaps, secrets }));
    }
    return plans;
  }

  async #plan(
    container: PodContainer, mounts: ReadonlyMap<string, string>, content: Pick<Parameters<typeof containerEnvironment>[1], 'configMaps' | 'secrets'>,
  ): Promise<ProcessPlan> {
    const { home, workingDirectory, baseEnvironment, logBytesMax, hostsFile } = this.#options;
    const terminationFile = join(this.#directory, 'termination', container.name);
    const logFile = join(this.#directory, `${container.name}.log`);
    // The log of the process before this one stays, as `kubectl logs --previous` has it.
    if (this.#processes.has(container.name)) await rename(logFile, join(this.#directory, `${container.name}.previous.log`)).catch(() => undefined);
    for (const file of [terminationFile, logFile]) await writeFile(file, '');
    const given = containerEnvironment(container, { ...content, pod: this.#pod, podIp: this.#podIp, mounts, terminationFile });
    const command = this.#options.command({
      ...container,
      ...(container.command === undefined ? {} : { command: container.command.map((each) => expanded(each, given)) }),
      args: container.args.map((each) => expanded(each, given)),
    });
    if (command === undefined) throw new PodUnsupportedError(`container ${container.name}: image ${container.image} cannot run as a local process, only Headrace's own can`);
    const temporary = mounts.get('/tmp');
    return {
      command,
      workingDirectory: container.workingDir ?? workingDirectory,
      environment: {
        ...baseEnvironment,
        ...(temporary === undefined ? {} : { TMPDIR: temporary }),
        ...given,
        [environment.podIp]: this.#podIp,
        [environment.listenHost]: this.#podIp,
        [environment.parentWatch]: 'stdin',
        ...(hostsFile === undefined ? {} : { [environment.hostsFile]: hostsFile }),
        // Real directories stand for themselves, even where a mount path (like /tmp) lies above them.
        [environment.mounts]: JSON.stringify({ ...Object.fromEntries(mounts), [home]: home, [workingDirectory]: workingDirectory }),
      },
      logFile,
      logBytesMax: logBytesMax ?? 16 * 1024 * 1024,
      terminationFile,
      fallbackToLog: container.terminationMessagePolicy === 'FallbackToLogsOnError',
    };
  }

  async #runContainers(spec: PodSpec, plans: ReadonlyMap<PodContainer, ProcessPlan>): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#startTime = this.#now();
    const ends = [...plans].map(([container, plan]) => this.#runContainer(spec, container, plan));
    const { clock } = this.#options;
    const deadline = spec.activeDeadlineSeconds === undefined ? undefined : clock.after(spec.activeDeadlineSeconds * 1000, () => {
      this.#failure = { reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' };
      this.stop(spec.terminationGracePeriodSeconds);
    });
    await this.#reported();
    await Promise.all(ends);
    deadline?.();
  }

  async #runContainer(spec: PodSpec, container: PodContainer, first: ProcessPlan): Promise<void> {
    const { clock } = this.#options;
    const backoff = new RestartBackoff();
    for (let plan = first, restarted: ContainerState['restarted']; ;) {
      const startedMs = clock.monotonic();
      const last = await this.#runProcess(spec, container, plan, restarted);
      if (this.#stop.signal.aborted || !isRestarted(spec.restartPolicy, last.end)) {
        this.#enter(container, { kind: 'terminated', ...last }, restarted);
        return;
      }
      restarted = { count: (restarted?.count ?? 0) + 1, last };
      this.#enter(container, { kind: 'waiting', reason: 'CrashLoopBackOff', message: `the container is started again after a pause: ${last.end.message || `exit code ${last.end.exitCode}`}` }, restarted);
      await this.#reported();
      await clock.sleep(backoff.next(clock.monotonic() - startedMs), this.#stop.signal).catch(() => undefined);
      const next = (await this.#prepared({ ...spec, containers: [container] }, true))?.get(container);
      if (next === undefined) {
        this.#enter(container, { kind: 'terminated', ...last }, restarted);
        return;
      }
      plan = next;
    }
  }

  /** One process of a container, from its start to its end. */
  async #runProcess(spec: PodSpec, container: PodContainer, plan: ProcessPlan, restarted: ContainerState['restarted']): Promise<ContainerEnd> {
    const child = new PodProcess(plan);
    this.#processes.set(container.name, child);
    const startedAt = this.#now();
    const probed = container.readinessProbe !== undefined || container.startupProbe !== undefined;
    this.#enter(container, { kind: 'running', startedAt, ready: !probed, started: container.startupProbe === undefined }, restarted);
    if (restarted !== undefined) await this.#reported();
    const probing = new AbortController();
    const probes = this.#probe(spec, container, child, startedAt, probing.signal);
    const end = await child.ended;
    probing.abort();
    await probes;
    return { startedAt, finishedAt: this.#now(), end };
  }

  #enter(container: PodContainer, phase: ContainerPhase, restarted = this.#containers.get(container.name)?.restarted): void {
    this.#containers.set(container.name, { image: container.image, phase, restarted });
  }

  /** Startup, then readiness and liveness until `signal`. */
  async #probe(spec: PodSpec, container: PodContainer, child: PodProcess, startedAt: string, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const { startupProbe, readinessProbe, livenessProbe } = container;
    const target = { host: this.#podIp, ports: container.ports };
    const patience = startupProbe === undefined ? undefined : clock.after(startupProbe.periodSeconds * startupProbe.failureThreshold * 1000, () => child.kill('SIGKILL'));
    const started = startupProbe === undefined || (await untilSuccess(startupProbe, target, clock, signal));
    patience?.();
    if (!started) return;
    await Promise.all([
      livenessProbe === undefined ? undefined : untilFailure(livenessProbe, target, clock, signal).then((failed) => (failed ? this.#endUnhealthy(spec, child, signal) : undefined)),
      this.#probeReadiness(container, readinessProbe, target, startedAt, signal),
    ]);
  }

  /** A process that does not answer may not heed SIGTERM either. */
  async #endUnhealthy(spec: PodSpec, child: PodProcess, signal: AbortSignal): Promise<void> {
    child.kill('SIGTERM');
    await this.#options.clock.sleep(spec.terminationGracePeriodSeconds * 1000, signal).then(() => child.kill('SIGKILL'), () => undefined);
  }

  async #probeReadiness(
    container: PodContainer, probe: PodContainer['readinessProbe'], target: Parameters<typeof untilSuccess>[1], startedAt: string, signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#options;
    const tell = async (ready: boolean): Promise<void> => {
      this.#enter(container, { kind: 'running', startedAt, ready, started: true });
      await this.#reported();
    };
    if (probe === undefined) {
      if (container.startupProbe !== undefined) await tell(true);
      return;
    }
    while (await untilSuccess(probe, target, clock, signal)) {
      await tell(true);
      if (!(await untilFailure(probe, target, clock, signal))) return;
      await tell(false);
    }
  }

  /** Writes the status as it is when its turn comes. A pod that is gone needs none. */
  async #reported(): Promise<void> {
    this.#report = this.#report.then(async () => {
      const { apiVersion, kind, metadata: { name, namespace, uid } } = this.#pod;
      const status = podStatus({
        containers: this.#containers, podIp: this.#startTime === undefined ? undefined : this.#podIp, startTime: this.#startTime, failure: this.#failure, now: this.#now(),
      }, this.#conditions);
      this.#conditions = status.conditions;
      const metadata = { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) };
      try {
        await this.#options.client.updateStatus<Pod>(podType, { apiVersion, kind, metadata, status }, this.#options.signal);
      } catch (error) {
        if (!isGone(error)) this.#options.logger.warn({ error: String(error), pod: name, namespace }, 'could not report the status of a pod');
      }
    });
    await this.#report;
  }
}

const restartPauseMs = 1000;
const restartPauseMaxMs = 60_000;
/** A process that ran so long is started again as if for the first time. */
const healthyMs = 600_000;

/** Pauses before a container is started again, as a kubelet makes them, but shorter: none, then 1 s, doubled each time. */
class RestartBackoff {
  #pauseMs = 0;

  next(ranMs: number): number {
    const pauseMs = ranMs >= healthyMs ? 0 : this.#pauseMs;
    this.#pauseMs = pauseMs === 0 ? restartPauseMs : Math.min(restartPauseMaxMs, pauseMs * 2);
    return pauseMs;
  }
}

function isRestarted(policy: string, end: ContainerEnd['end']): boolean {
  return policy === 'Always' || (policy === 'OnFailure' && end.exitCode !== 0);
}

function mountsOf(container: PodContainer, volumes: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(container.volumeMounts.map(({ name, mountPath, subPath }) => {
    const directory = volumes.get(name);
    if (directory === undefined) throw new PodUnsupportedError(`volumeMount ${mountPath}: there is no volume ${name}`);
    return [mountPath, subPath === undefined || subPath === '' ? directory : below(directory, subPath)] as const;
  }));
}
