/** The real parts behind sessions. A module of its own, because they take long to load and the driver opens its ports meanwhile. */
import type { FileSystem } from '../../storage/file-system.ts';
import type { JobRunner } from '../physical/job.ts';
import { explain, planQuery, planWrite, schemaOf } from '../physical/planner.ts';
import { FileSource } from './file-source.ts';
import type { SessionServices } from './session-services.ts';
import { sqlParser } from './sql-parser.ts';

export interface PlannerServices {
  readonly services: SessionServices;
  close(): Promise<void>;
}

export function openPlannerServices(fileSystem: FileSystem, scratchDirectory: string, jobs: JobRunner): PlannerServices {
  const sources = new FileSource(fileSystem, scratchDirectory);
  return { services: { planner: { planQuery, planWrite, schemaOf, explain }, parser: sqlParser, sources, jobs }, close: () => sources.close() };
}
