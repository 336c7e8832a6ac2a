/** `kubectl` as a user has it on the command line. */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Namespace of the stories' jobs: Pod Security "restricted" is enforced there. */
export const namespace = 'headrace-e2e';
export const releaseNamespace = process.env['HEADRACE_E2E_RELEASE_NAMESPACE'] ?? 'headrace-e2e-system';

/** Runs to the end, whatever the exit code. */
export function attempt(args: readonly string[], options: { readonly input?: string; readonly timeoutMs?: number } = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(
      'kubectl',
      ['--namespace', namespace, ...args],
      { timeout: options.timeoutMs ?? 120_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr }),
    );
    child.stdin?.end(options.input ?? '');
  });
}

/** Standard output; throws with both outputs when the exit code is not 0. */
export async function kubectl(args: readonly string[], options: { readonly input?: string; readonly timeoutMs?: number } = {}): Promise<string> {
  const outcome = await attempt(args, options);
  if (outcome.code !== 0) throw new Error(`kubectl ${args.join(' ')}: exit ${outcome.code}\n${outcome.stdout}${outcome.stderr}`);
  return outcome.stdout;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

export interface SparkJobObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number; readonly resourceVersion: string };
  readonly status?: {
    readonly phase: string;
    readonly observedGeneration: number;
    readonly attempts?: { readonly number: number; readonly failures: number };
    readonly conditions: readonly Condition[];
    readonly executors?: { readonly target: number; readonly running: number; readonly pending: number; readonly failed: number };
    readonly progress?: { readonly tasks: { readonly total: number; readonly completed: number; readonly running: number }; readonly stages: { readonly total: number; readonly completed: number } };
    readonly result?: { readonly output?: string; readonly rows?: number; readonly columns?: readonly string[]; readonly firstRows?: readonly (readonly (string | null)[])[] };
  };
}

export interface PodObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
}

export async function sparkJob(name: string): Promise<SparkJobObject> {
  return JSON.parse(await kubectl(['get', 'sparkjob', name, '-o', 'json'])) as SparkJobObject;
}

export function condition(job: SparkJobObject, type: string): Condition | undefined {
  return job.status?.conditions.find((each) => each.type === type);
}

/** Pods of a job, by role when given. */
export async function podsOf(job: string, role?: 'driver' | 'executor'): Promise<readonly PodObject[]> {
  const selector = [`headrace.dev/job=${job}`, ...(role === undefined ? [] : [`headrace.dev/role=${role}`])].join(',');
  const list = JSON.parse(await kubectl(['get', 'pods', '--selector', selector, '-o', 'json'])) as { readonly items: readonly PodObject[] };
  return list.items;
}

/** Polls until `probe` gives a value; says what it was waiting for when the time is over. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`not within ${timeoutMs / 1000} s: ${what}`);
    await delay(200);
  }
}

/** Makes the stories' namespace. */
export async function ensureNamespace(): Promise<void> {
  await kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } }),
  });
}

/** Removes a job and waits until its pods are gone. */
export async function removeJob(name: string): Promise<void> {
  await kubectl(['delete', 'sparkjob', name, '--ignore-not-found', '--timeout=60s']);
  await eventually(`pods of ${name} are gone`, async () => ((await podsOf(name)).length === 0 ? true : undefined));
}
