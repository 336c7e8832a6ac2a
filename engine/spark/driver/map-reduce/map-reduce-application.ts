import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ApplicationFile, ApplicationResult, MapReduceApplication } from '../../../contract.ts';
import type { FileSystem } from '../../../storage/file-system.ts';
import { SparkError } from '../../plan/spark-error.ts';
import { parseBytes } from '../../plan/conf.ts';
import type { Program } from '../../map-reduce/program.ts';
import { framework } from '../../map-reduce/counters.ts';
import type { JobRunner } from '../../physical/job.ts';
import { locateScript, type ScriptPlaces } from '../script/script-location.ts';
import type { ApplicationContext } from '../sql-application.ts';
import { bufferBytesDefault, mapReducePlan } from './map-reduce-plan.ts';
import { inputFiles, mapSplits } from './map-splits.ts';

export interface MapReduceRun {
  readonly application: MapReduceApplication;
  readonly file: ApplicationFile;
  readonly files: FileSystem;
  readonly jobs: JobRunner;
  readonly places: ScriptPlaces;
}

const bufferKey = 'spark.headrace.mapReduce.bufferBytes';

/** Runs the job. The result is where its output is, how many records that has, and the counters. Throws `SparkError`. */
export async function runMapReduceApplication({ application, file, files, jobs, places }: MapReduceRun, context: ApplicationContext): Promise<ApplicationResult> {
  const { signal } = context;
  const program = async (given: MapReduceApplication['mapper']): Promise<Program> => await programOf(given, places, signal);
  const programs = {
    mapper: await program(application.mapper),
    combiner: application.combiner === undefined ? undefined : await program(application.combiner),
    reducer: application.reducer === undefined ? undefined : await program(application.reducer),
  };
  context.onActivity('finding the input');
  const splits = await mapSplits(files, await inputFiles(files, application.input, signal), application.splitBytes, signal);
  const names = { id: `job_${file.applicationId.replaceAll(/[^A-Za-z0-9]/g, '')}_0001`, name: file.name };
  const buffer = file.sparkConf[bufferKey];
  const bufferBytes = buffer === undefined ? bufferBytesDefault : Math.max(1024, parseBytes(bufferKey, buffer));
  const plan = mapReducePlan(application, programs, splits, names, bufferBytes);
  context.onActivity(`${splits.length} map and ${application.numReduceTasks} reduce tasks`);
  const result = await jobs.run(plan, { signal, resultBytesMax: Number.MAX_SAFE_INTEGER, onStatus: context.onActivity }).catch((error: unknown) => {
    throw error instanceof SparkError && error.errorClass === 'PATH_ALREADY_EXISTS' ? outputExists(application.output, error) : error;
  });
  if (result.kind !== 'files') throw new Error('a MapReduce job returned rows');
  const counters = ownFirst(result.counters ?? {});
  context.logger.info({ output: result.path, records: result.rows, bytes: result.bytes, counters }, 'the MapReduce job is done');
  return { output: result.path, rows: result.rows, ...(Object.keys(counters).length === 0 ? {} : { counters }) };
}

function outputExists(path: string, cause: SparkError): SparkError {
  return new SparkError({
    errorClass: cause.errorClass, sqlState: cause.sqlState, parameters: cause.parameters, cause,
    message: `Path ${path} already exists. A MapReduce job never overwrites its output: remove it, or name another.`,
  });
}

/** The job's own before those of the framework: when there is no room for all, they stay. */
function ownFirst({ [framework]: ours, ...own }: NonNullable<ApplicationResult['counters']>): NonNullable<ApplicationResult['counters']> {
  return { ...own, ...(ours === undefined ? {} : { [framework]: ours }) };
}

async function programOf(given: MapReduceApplication['mapper'], places: ScriptPlaces, signal: AbortSignal): Promise<Program> {
  if (given.kind === 'command') return { kind: 'command', argv: typeof given.command === 'string' ? ['/bin/sh', '-c', given.command] : given.command };
  const file = fileURLToPath(await locateScript(given.location, places, signal));
  return { kind: 'function', source: await readFile(file, 'utf8'), fileName: basename(file) };
}
