/** What is said when a job is over: its result or its error, where things lie, and how long it took. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { SparkJob } from '../../operator/api/spark-job.ts';
import { isOver } from './job-watch.ts';
import { resultTable, seconds } from './progress-view.ts';

const logLinesShown = 12;

/** `home` is the embedded mode's directory. */
export async function outcomeText(job: SparkJob, home: string, elapsedMs: number): Promise<string> {
  const outcome = isOver(job);
  const text = outcome === 'completed' ? completed(job, home, elapsedMs) : [...ended(job, outcome), ...await logTail(job, home)];
  return `\n${text.join('\n')}\n`;
}

function completed(job: SparkJob, home: string, elapsedMs: number): readonly string[] {
  const { result, timings } = job.status ?? {};
  const lines: string[] = [];
  if (result?.columns !== undefined && result.firstRows !== undefined) {
    lines.push(resultTable({ columns: result.columns, rows: result.firstRows, ...(result.rows === undefined ? {} : { total: result.rows }) }), '');
  }
  if (result?.output !== undefined) lines.push(`output  ${realPlace(job, result.output, home)}`);
  lines.push(`logs    ${driverLog(job, home)}`, `time    ${seconds(elapsedMs)} from apply to result${firstTask(job, timings)}`);
  return lines;
}

function firstTask(job: SparkJob, timings: NonNullable<SparkJob['status']>['timings'] | undefined): string {
  const created = job.metadata.creationTimestamp;
  if (timings?.firstTaskAt === undefined || (timings.acceptedAt ?? created) === undefined) return '';
  return `, first task after ${seconds(Date.parse(timings.firstTaskAt) - Date.parse(timings.acceptedAt ?? created ?? ''))}`;
}

function ended(job: SparkJob, outcome: ReturnType<typeof isOver>): readonly string[] {
  const { error, conditions } = job.status ?? {};
  if (outcome === 'suspended') return [`${job.metadata.name} is suspended: set spec.suspend to false to run it`];
  const failed = conditions?.find((condition) => condition.type === 'Failed');
  return [`${job.metadata.name} failed: ${error?.message ?? failed?.message ?? 'no reason is known'}`];
}

/** A path inside the pods, as this machine knows it: claims are directories below the home. */
export function realPlace(job: SparkJob, path: string, home: string): string {
  const mount = job.spec.driver.volumeMounts?.find((each) => path === each.mountPath || path.startsWith(`${each.mountPath}/`));
  const volume = job.spec.driver.volumes?.find((each) => each.name === mount?.name);
  const claim = (volume?.['persistentVolumeClaim'] as { readonly claimName?: string } | undefined)?.claimName;
  if (mount === undefined || claim === undefined) return path;
  return shown(join(home, 'volumes', job.metadata.namespace ?? 'default', claim, mount.subPath ?? '', path.slice(mount.mountPath.length)));
}

function driverLog(job: SparkJob, home: string): string {
  return shown(join(home, 'pods', `${job.metadata.namespace ?? 'default'}_${job.status?.driver?.pod ?? ''}`, 'spark.log'));
}

/** Of a job that failed without an error of its own: the driver died, and its log may say of what. */
async function logTail(job: SparkJob, home: string): Promise<readonly string[]> {
  if (job.status?.driver?.pod === undefined) return [];
  const file = driverLog(job, home);
  if (job.status.error !== undefined) return ['', `logs    ${file}`];
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.trimEnd().split('\n').slice(-logLinesShown).filter((line) => line !== '');
  return lines.length === 0 ? [] : ['', `the end of the driver's log, ${file}:`, ...lines.map((line) => `  ${line}`)];
}

/** Relative where that is shorter. */
function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
