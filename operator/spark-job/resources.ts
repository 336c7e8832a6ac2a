/** What the pods of a job ask for. */
import type { SparkJobSpec } from '../api/spark-job.ts';
import { completedResources } from '../pod/container-resources.ts';
import type { EffectiveResources } from '../pod/container-resources.ts';

export type Role = 'driver' | 'executor';

/** Small, so that a first job fits into a small cluster; without a CPU limit, because throttling only wastes. */
const defaults: Readonly<Record<Role, { readonly cpu: string; readonly memory: string }>> = {
  driver: { cpu: '250m', memory: '1Gi' },
  executor: { cpu: '500m', memory: '1Gi' },
};

export function effectiveResources(spec: SparkJobSpec, role: Role): EffectiveResources {
  return completedResources(spec[role].resources, defaults[role]);
}
