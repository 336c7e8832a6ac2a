/** Modules of a job: where each is given, and the file that the driver finds it as. */
import type { SparkJobSpec } from '../api/spark-job.ts';
import { path } from '../../engine/contract.ts';

export type Script = NonNullable<SparkJobSpec['application']['script']>;

export interface JobScript {
  /** Below `spec.application`, for messages. */
  readonly field: string;
  readonly script: Script;
  /** Unique in the pod; part of its volume's name. */
  readonly role: 'main' | 'mapper' | 'combiner' | 'reducer';
}

export function scriptsOf({ application: { script, mapReduce } }: SparkJobSpec): readonly JobScript[] {
  const roles = (['mapper', 'combiner', 'reducer'] as const).flatMap((role) => {
    const given = mapReduce?.[role]?.script;
    return given === undefined ? [] : [{ field: `mapReduce.${role}.script`, script: given, role }];
  });
  return script === undefined ? roles : [{ field: 'script', script, role: 'main' }, ...roles];
}

/** Key in the job's own ConfigMap of a module that is given inline. */
export const inlineKey = (role: JobScript['role']): string => `${role}.ts`;

/** Where the driver finds the module: in a mounted directory, at an address, or in its image. Exactly one form is given. */
export function locationOf({ script, role }: JobScript): string {
  if (script.inline !== undefined) return `${directoryOf(role)}/${inlineKey(role)}`;
  if (script.configMapKeyRef !== undefined) return `${directoryOf(role)}/${fileOf(script.configMapKeyRef.key)}`;
  return script.url ?? script.path ?? '';
}

/** Where modules out of ConfigMaps are mounted. */
export function directoryOf(role: JobScript['role']): string {
  return role === 'main' ? path.scriptDir : `${path.scriptDir}/${role}`;
}

/** Node tells a module's language by its file's extension. */
export function fileOf(key: string): string {
  return /\.(ts|mts|js|mjs)$/.test(key) ? key : `${key}.ts`;
}
