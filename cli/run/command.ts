/** `headrace run`: applies manifests to the embedded mode, shows their progress, and ends with the jobs' outcome; a file system alone goes on until it is interrupted. */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { hdfsClusterType } from '../../operator/api/hdfs-cluster.ts';
import { sparkJobType } from '../../operator/api/spark-job.ts';
import { startEmbedded, type Embedded } from '../../operator/embedded/embedded.ts';
import { ManifestError } from '../../operator/embedded/manifest.ts';
import { KubeError, type KubeObject } from '../../operator/kube/client.ts';
import { operateEmbedded } from '../../operator/embedded/main.ts';
import { realClock, type Clock } from '../../operator/runtime/clock.ts';
import { createLogger } from '../../operator/runtime/logger.ts';
import { UsageError } from '../usage-error.ts';
import { clusterLine, clusterText } from './cluster-text.ts';
import { ClusterWatch, standing } from './cluster-watch.ts';
import { isOver, JobWatch } from './job-watch.ts';
import { outcomeText } from './outcome-text.ts';
import { jobLine, ProgressDisplay } from './progress-display.ts';

const usage = `usage: headrace run -f FILE [-f FILE…] [--home DIRECTORY] [--timeout SECONDS] [--log-level LEVEL]

Applies the manifests to an operator on this machine, and runs what they hold as local processes. HdfsClusters come
up first; then the SparkJobs run, and their outcome is the exit code: 0 when every job completed, 1 when one failed
or a cluster cannot come up, 3 when the time was over, 130 when interrupted. HdfsClusters without a job go on until
they are interrupted; what is in them is there in the next run.

  -f, --file FILE        a manifest; - reads standard input
  --home DIRECTORY       where logs and volumes are kept (default: .headrace)
  --timeout SECONDS      give up after this long (default: never)
  --log-level LEVEL      of the operator's log on standard error (default: error)
`;

interface Options {
  readonly files: readonly string[];
  readonly home: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
}

const exitCode = { completed: 0, failed: 1, timedOut: 3, interrupted: 130 } as const;
const levels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

function parse(args: readonly string[]): Options | 'help' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        file: { type: 'string', short: 'f', multiple: true },
        home: { type: 'string' },
        timeout: { type: 'string' },
        'log-level': { type: 'string', default: 'error' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return 'help';
    if (values.file === undefined) throw new UsageError('name a manifest with -f FILE');
    const timeout = values.timeout === undefined ? undefined : Number(values.timeout);
    if (timeout !== undefined && !(timeout > 0)) throw new UsageError(`--timeout wants a number of seconds above 0, not '${values.timeout}'`);
    const logLevel = levels.find((level) => level === values['log-level']);
    if (logLevel === undefined) throw new UsageError(`--log-level wants one of ${levels.join(', ')}, not '${values['log-level']}'`);
    return { files: values.file, home: values.home, timeoutMs: timeout === undefined ? undefined : timeout * 1000, logLevel };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** Resolves to the exit code. Throws `UsageError` when the command line or a manifest is wrong. */
export async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  stdout: NodeJS.WriteStream,
  stderr: NodeJS.WriteStream,
): Promise<number> {
  const options = parse(args);
  if (options === 'help') {
    stdout.write(usage);
    return 0;
  }
  const manifests = await Promise.all(options.files.map(readManifest));
  const clock = realClock();
  const stop = new AbortController();
  const interrupt = (): void => stop.abort('interrupted');
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const cancelTimeout = options.timeoutMs === undefined ? () => undefined : clock.after(options.timeoutMs, () => stop.abort('timeout'));
  const embedded = await start(options, clock, env);
  try {
    return await Promise.race([runManifests(embedded, manifests, stop.signal, clock, stdout), embedded.failed]);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    const timedOut = stop.signal.reason === 'timeout';
    stderr.write(timedOut ? `headrace run: not over within ${(options.timeoutMs ?? 0) / 1000} s; stopping\n` : 'headrace run: interrupted; stopping\n');
    return timedOut ? exitCode.timedOut : exitCode.interrupted;
  } finally {
    cancelTimeout();
    await embedded.close();
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

interface Manifest {
  readonly source: string;
  readonly text: string;
}

const isJob = (object: KubeObject): boolean => object.kind === sparkJobType.kind;

/** Everything but jobs first: they find what they need when they start. */
async function runManifests(embedded: Embedded, manifests: readonly Manifest[], signal: AbortSignal, clock: Clock, stdout: NodeJS.WriteStream): Promise<number> {
  const objects: KubeObject[] = [];
  for (const { source, text } of manifests) objects.push(...await apply(embedded, text, source, signal, (object) => !isJob(object)));
  const clusters = new ClusterWatch(embedded.client, objects.filter((object) => object.kind === hdfsClusterType.kind));
  if (clusters.clusters().length > 0 && !(await comeUp(embedded, clusters, signal, clock, stdout))) return exitCode.failed;
  const jobs: KubeObject[] = [];
  for (const { source, text } of manifests) jobs.push(...await apply(embedded, text, source, signal, isJob));
  if (jobs.length > 0) return follow(embedded, jobs, signal, clock, stdout);
  if (clusters.clusters().length === 0) throw new UsageError('the manifests hold no SparkJob and no HdfsCluster: there is nothing to run');
  stdout.write('Ctrl-C stops it\n');
  return withDisplay(stdout, clock, (display) => clusters.forever(signal, (all) => display.show(all.map(clusterLine))));
}

/** Whether all clusters came up. Says where they are reached, or why not. */
async function comeUp(embedded: Embedded, clusters: ClusterWatch, signal: AbortSignal, clock: Clock, stdout: NodeJS.WriteStream): Promise<boolean> {
  await withDisplay(stdout, clock, (display) => clusters.untilStanding(signal, (all) => display.show(all.map(clusterLine))));
  for (const cluster of clusters.clusters()) stdout.write(await clusterText(embedded.client, cluster, embedded.home, signal));
  return clusters.clusters().every((cluster) => standing(cluster) !== 'stalled');
}

async function withDisplay<T>(stdout: NodeJS.WriteStream, clock: Clock, body: (display: ProgressDisplay) => Promise<T>): Promise<T> {
  const display = new ProgressDisplay(stdout, clock);
  try {
    return await body(display);
  } finally {
    display.end();
  }
}

async function readManifest(file: string): Promise<Manifest> {
  try {
    return file === '-'
      ? { source: 'standard input', text: await readFile('/dev/stdin', 'utf8') }
      : { source: file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function start(options: Options, clock: Clock, env: Readonly<Record<string, string | undefined>>): Promise<Embedded> {
  try {
    return await startEmbedded({
      clock,
      logger: createLogger({ level: options.logLevel, destination: pino.destination({ dest: 2, sync: true }) }),
      runOperator: operateEmbedded,
      workingDirectory: process.cwd(),
      env,
      ...(options.home === undefined ? {} : { home: options.home }),
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

async function apply(embedded: Embedded, text: string, source: string, signal: AbortSignal, wanted: (object: KubeObject) => boolean): Promise<readonly KubeObject[]> {
  try {
    return await embedded.applyManifest(text, source, signal, wanted);
  } catch (error) {
    if (error instanceof ManifestError || error instanceof KubeError) throw new UsageError(error.message);
    throw error;
  }
}

async function follow(embedded: Embedded, jobs: readonly KubeObject[], signal: AbortSignal, clock: Clock, stdout: NodeJS.WriteStream): Promise<number> {
  const watch = new JobWatch(embedded.client, jobs);
  const started = clock.monotonic();
  await withDisplay(stdout, clock, (display) => watch.untilOver(signal, (all) => display.show(all.map(jobLine))));
  for (const job of watch.jobs()) stdout.write(await outcomeText(job, embedded.home, clock.monotonic() - started));
  return watch.jobs().every((job) => isOver(job) === 'completed') ? exitCode.completed : exitCode.failed;
}
