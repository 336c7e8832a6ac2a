/** What one pass of the controller has seen. All decisions are functions of this and of the time. */
import type { DriverStatus } from '../../engine/contract.ts';
import type { SparkJob } from '../api/spark-job.ts';
import type { Pod } from '../kube/resource-types.ts';

/** Something outside the job that has to be put right before an attempt can start; it may heal by itself. */
export interface Problem {
  readonly reason: string;
  readonly message: string;
}

/** The API server did not accept a child. */
export interface Refusal extends Problem {
  readonly role: 'driver' | 'executor';
  /** The object itself is wrong: asking again cannot help. Otherwise a quota or a policy, which may change. */
  readonly terminal: boolean;
  readonly retryAtMs: number;
}

export type DriverAnswer =
  /** Not asked: there is no running driver. */
  | { readonly kind: 'none' }
  | { readonly kind: 'status'; readonly status: DriverStatus }
  /** Asked in vain, since `sinceMs`. */
  | { readonly kind: 'silent'; readonly sinceMs: number; readonly message: string };

export interface Observed {
  readonly job: SparkJob;
  /** Of the attempt in the status. */
  readonly driver: Pod | undefined;
  readonly executors: readonly Pod[];
  /** Pods of earlier attempts. */
  readonly earlier: readonly Pod[];
  /** Pods that carry the job's name but belong to an object of that name which is gone. */
  readonly foreign: readonly Pod[];
  readonly answer: DriverAnswer;
  readonly problem: Problem | undefined;
  readonly refusal: Refusal | undefined;
}
