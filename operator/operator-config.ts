/** The operator's configuration: environment variables, which the chart sets from its values. */
import { z } from 'zod';

const namespacePattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

const schema = z.object({
  /** Where the operator itself runs: its Lease lies there. */
  HEADRACE_NAMESPACE: z.string().regex(namespacePattern),
  /** Unique per pod. */
  HEADRACE_IDENTITY: z.string().min(1),
  HEADRACE_LEASE_NAME: z.string().min(1).default('headrace'),
  /** Comma-separated; empty: all. */
  HEADRACE_WATCH_NAMESPACES: z.string().default('')
    .transform((text) => text.split(',').map((name) => name.trim()).filter((name) => name !== ''))
    .pipe(z.array(z.string().regex(namespacePattern))),
  /** Of all pods. */
  HEADRACE_IMAGE: z.string().min(1),
  HEADRACE_IMAGE_PULL_POLICY: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  HEADRACE_WORKERS: z.coerce.number().int().min(1).max(256).default(8),
  HEADRACE_DRIVER_POLL_MS: z.coerce.number().int().min(100).max(60_000).default(2000),
  HEADRACE_HDFS_POLL_MS: z.coerce.number().int().min(100).max(60_000).default(1000),
  HEADRACE_HEALTH_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  HEADRACE_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export interface OperatorConfig {
  readonly namespace: string;
  readonly identity: string;
  readonly leaseName: string;
  readonly watchNamespaces: readonly string[];
  readonly image: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly workers: number;
  readonly driverPollMs: number;
  /** How often an HdfsCluster is looked at while something is under way. */
  readonly hdfsPollMs: number;
  readonly healthPort: number;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
}

/** A variable is missing or out of range; the message names each of them. */
export class OperatorConfigError extends Error {
  override readonly name = 'OperatorConfigError';
}

/** Throws `OperatorConfigError`. */
export function readOperatorConfig(env: Readonly<Record<string, string | undefined>>): OperatorConfig {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    throw new OperatorConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { data } = parsed;
  return {
    namespace: data.HEADRACE_NAMESPACE,
    identity: data.HEADRACE_IDENTITY,
    leaseName: data.HEADRACE_LEASE_NAME,
    watchNamespaces: data.HEADRACE_WATCH_NAMESPACES,
    image: data.HEADRACE_IMAGE,
    imagePullPolicy: data.HEADRACE_IMAGE_PULL_POLICY,
    workers: data.HEADRACE_WORKERS,
    driverPollMs: data.HEADRACE_DRIVER_POLL_MS,
    hdfsPollMs: data.HEADRACE_HDFS_POLL_MS,
    healthPort: data.HEADRACE_HEALTH_PORT,
    logLevel: data.HEADRACE_LOG_LEVEL,
  };
}
