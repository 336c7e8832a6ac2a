/** A driver and its executors as processes of this machine, each with a loopback address of its own, as embedded pods have. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, port, terminationMessageSchema, type ApplicationFile, type TerminationMessage } from '../../../contract.ts';

export const repository = join(import.meta.dirname, '../../../..');

export interface ClusterOptions {
  readonly application: ApplicationFile['application'];
  readonly arguments?: readonly string[];
  readonly sparkConf?: Readonly<Record<string, string>>;
  readonly executors?: number;
  /** Called for each line of the driver's log. */
  readonly onLog?: (line: string, cluster: RunningCluster) => void;
  /** Called for each line of the log of executor number `executor`, from 0; then they log what their tasks' programs say. */
  readonly onTaskLog?: (line: string, cluster: RunningCluster, executor: number) => void;
}

export interface RunningCluster {
  readonly driverHost: string;
  readonly secret: string;
  readonly driver: ChildProcess;
  readonly executors: readonly ChildProcess[];
}

export interface ClusterEnd {
  readonly exitCode: number | null;
  readonly message: TerminationMessage;
  readonly log: string;
}

/** Runs the application to its end; every process is gone when it resolves. */
export async function runCluster(options: ClusterOptions): Promise<ClusterEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-cluster-'));
  const network = `127.${randomInt(64, 127)}.${randomInt(0, 255)}`;
  const secret = randomBytes(24).toString('base64url');
  const count = options.executors ?? 2;
  await writeFile(join(folder, 'secret'), secret);
  const application: ApplicationFile = {
    applicationId: `test-${randomInt(1e9)}`, name: 'test', namespace: 'default', attempt: 1, application: options.application,
    arguments: [...options.arguments ?? []], sparkConf: { ...options.sparkConf }, executorInstances: Math.max(1, count),
  };
  await writeFile(join(folder, 'application.json'), JSON.stringify(application));
  const start = async (role: 'driver' | 'executor', index: number): Promise<ChildProcess> => {
    const name = `${role}-${index}`;
    await mkdir(join(folder, name));
    const host = role === 'driver' ? `${network}.1` : `${network}.${index + 10}`;
    return spawn(process.execPath, [join(repository, 'cli/main.ts'), role], { cwd: repository, stdio: ['pipe', 'pipe', 'inherit'], env: {
      ...process.env, [environment.applicationFile]: join(folder, 'application.json'), [environment.secretFile]: join(folder, 'secret'),
      [environment.podIp]: host, [environment.listenHost]: host, [environment.driverAddress]: `${network}.1:${port.driverRpc}`,
      [environment.executorId]: String(index), [environment.cores]: '1', [environment.memoryBytes]: String(512 << 20),
      [environment.workDir]: join(folder, name), [environment.terminationFile]: join(folder, `${name}.termination`),
      [environment.logLevel]: role === 'driver' || options.onTaskLog !== undefined ? 'info' : 'warn', [environment.parentWatch]: 'stdin',
    } });
  };
  const driver = await start('driver', 0);
  const executors = await Promise.all(Array.from({ length: count }, (_, index) => start('executor', index + 1)));
  const cluster: RunningCluster = { driverHost: `${network}.1`, secret, driver, executors };
  const log = collect(driver, (line) => options.onLog?.(line, cluster));
  for (const [i, executor] of executors.entries()) void collect(executor, (line) => options.onTaskLog?.(line, cluster, i));
  try {
    const exitCode = await ended(driver);
    // As the operator does when a driver has ended: executors may still be looking for it.
    for (const executor of executors) executor.kill('SIGTERM');
    await Promise.all(executors.map((executor) => ended(executor)));
    const message = terminationMessageSchema.parse(JSON.parse(await readFile(join(folder, 'driver-0.termination'), 'utf8')));
    return { exitCode, message, log: await log };
  } finally {
    for (const each of [driver, ...executors]) each.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
}

async function collect(child: ChildProcess, onLine: (line: string) => void): Promise<string> {
  let text = '';
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    for (const line of String(chunk).split('\n')) if (line !== '') onLine(line);
  }
  return text;
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}
