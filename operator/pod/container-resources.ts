/** What a container's resources mean for the engine: slots and bytes. */
import { parseQuantity } from '../api/quantity.ts';
import type { Quantities } from '../api/quantity.ts';

export interface EffectiveResources {
  readonly requests: Quantities;
  readonly limits: Quantities;
  /** Task slots. */
  readonly cores: number;
  readonly memoryBytes: number;
}

export interface GivenResources {
  readonly requests?: Quantities | undefined;
  readonly limits?: Quantities | undefined;
}

/** What the container asks for: what is given, completed. Memory requested is memory guaranteed, so request and limit are equal unless both are given. */
export function completedResources(given: GivenResources | undefined, defaults: { readonly cpu: string; readonly memory: string }): EffectiveResources {
  const requests = given?.requests ?? {};
  const limits = given?.limits ?? {};
  const cpu = requests['cpu'] ?? limits['cpu'] ?? defaults.cpu;
  const memoryLimit = limits['memory'] ?? requests['memory'] ?? defaults.memory;
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
