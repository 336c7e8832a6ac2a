/**
 * Events: what people read under "Events" of `kubectl describe`. They are told best effort and never
 * fail a reconcile.
 *
 * Written as core/v1, not events.k8s.io/v1: both are one storage, but `kubectl describe` prints
 * `Type Reason Age From Message`, taking "x5 over 10m" from core/v1's count, firstTimestamp and
 * lastTimestamp, which a series of events.k8s.io/v1 leaves empty.
 */
import type { KubeObject } from '../kube/client.ts';

export interface EventInput {
  /** The object that the event stands under. */
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, for machines: `DriverCreated`. */
  readonly reason: string;
  /** One sentence for people. Cut at 1,024 bytes, the API server's limit. */
  readonly message: string;
}

/** Never throws and never waits; events beyond the recorder's limits are dropped. */
export interface EventRecorder {
  record(event: EventInput): void;
}
