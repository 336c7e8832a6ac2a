/** Quantities, and what a pod's resources mean for the engine: slots and bytes. */
import type { SparkJobSpec } from '../api/spark-job.ts';

export type Role = 'driver' | 'executor';
type Quantity = string | number;
type Quantities = Readonly<Record<string, Quantity>>;

const scale: Readonly<Record<string, number>> = {
  n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
};

/** Kubernetes' resource.Quantity as a number. The CRD has checked its form; throws a TypeError where nobody has. */
export function parseQuantity(quantity: Quantity): number {
  if (typeof quantity === 'number') return quantity;
  const match = /^([0-9]+(?:\.[0-9]*)?)(?:([eE][0-9]+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(quantity);
  if (match === null) throw new TypeError(`'${quantity}' is not a quantity; write 500m, 2 or 1.5Gi`);
  return Number(`${match[1] ?? ''}${match[2] ?? ''}`) * (scale[match[3] ?? ''] ?? 1);
}

/** Small, so that a first job fits into a small cluster; without a CPU limit, because throttling only wastes. */
const defaults: Readonly<Record<Role, { readonly cpu: string; readonly memory: string }>> = {
  driver: { cpu: '250m', memory: '1Gi' },
  executor: { cpu: '500m', memory: '1Gi' },
};

export interface EffectiveResources {
  readonly requests: Quantities;
  readonly limits: Quantities;
  /** Task slots. */
  readonly cores: number;
  readonly memoryBytes: number;
}

/** What the pod asks for: the spec's, completed. Memory requested is memory guaranteed, so request and limit are equal unless both are given. */
export function effectiveResources(spec: SparkJobSpec, role: Role): EffectiveResources {
  const given = spec[role].resources;
  const requests = given?.requests ?? {};
  const limits = given?.limits ?? {};
  const cpu = requests['cpu'] ?? limits['cpu'] ?? defaults[role].cpu;
  const memoryLimit = limits['memory'] ?? requests['memory'] ?? defaults[role].memory;
  const memory = requests['memory'] ?? memoryLimit;
  return {
    requests: textual({ ...requests, cpu, memory }),
    limits: textual({ ...limits, memory: memoryLimit }),
    cores: Math.max(1, Math.floor(parseQuantity(limits['cpu'] ?? cpu))),
    memoryBytes: Math.floor(parseQuantity(memoryLimit)),
  };
}

/** As the API server writes them back. */
function textual(quantities: Quantities): Quantities {
  return Object.fromEntries(Object.entries(quantities).map(([name, quantity]) => [name, String(quantity)]));
}
