/** What the operator is configured with, the same for all objects. */
export interface PodDefaults {
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  /** pino level of the pods. */
  readonly logLevel: string;
}
