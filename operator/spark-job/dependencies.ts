/** What the controller of SparkJobs needs from outside. */
import type { SparkJob } from '../api/spark-job.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Pod } from '../kube/resource-types.ts';
import type { PodDefaults } from '../pod/pod-defaults.ts';
import type { Writer } from '../runtime/applier.ts';
import type { EventRecorder } from '../runtime/events.ts';
import type { ObjectKey } from '../runtime/object-key.ts';
import type { DriverClient } from './driver-client.ts';
import type { JobMemories } from './job-memory.ts';

export interface SparkJobDependencies {
  /** For live reads; writes go through `writer`. */
  readonly client: KubeClient;
  readonly jobs: { get(key: ObjectKey): SparkJob | undefined };
  /** Indexed by `names.label.job`; holds the operator's own pods only. */
  readonly pods: { labelled(namespace: string, label: string, value: string): readonly Pod[] };
  readonly writer: (run: ObjectKey) => Writer;
  readonly driver: DriverClient;
  readonly events: EventRecorder;
  /** Wall-clock milliseconds. */
  readonly now: () => number;
  /** A new application secret: unguessable, printable, without white space. */
  readonly newToken: () => string;
  readonly memories: JobMemories;
  readonly podDefaults: PodDefaults;
  /** How often a running driver is asked for its status. */
  readonly pollMs: number;
}
