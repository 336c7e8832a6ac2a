/** The real data sets that the planner's tests run over, described by the driver's own source. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realFileSystem } from '../../../storage/real.ts';
import { FileSource } from '../../driver/file-source.ts';
import type { LogicalPlan } from '../../plan/logical.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));
export const dataDirectory = `${root}node_modules/vega-datasets/data`;

export const flightSource = (): FileSource => new FileSource(realFileSystem({ workingDirectory: root }), join(tmpdir(), `headrace-flights-${process.pid}`));

export const flightViews: ReadonlyMap<string, LogicalPlan> = new Map<string, LogicalPlan>([
  ['flights', { kind: 'read', format: 'parquet', paths: [`${dataDirectory}/flights-3m.parquet`], options: {} }],
  ['airports', { kind: 'read', format: 'csv', paths: [`${dataDirectory}/airports.csv`], options: { header: 'true', inferSchema: 'true' } }],
]);
