import { z } from 'zod';

/** One entry of `status.conditions`, as metav1.Condition. */
export function conditionSchema(types: readonly string[]) {
  return z.object({
    type: z.string().min(1).max(316).describe(types.join(', ')),
    status: z.enum(['True', 'False', 'Unknown']),
    observedGeneration: z.number().int().min(0),
    lastTransitionTime: z.iso.datetime(),
    reason: z.string().min(1).max(128),
    message: z.string().max(4096),
  });
}

/** Conditions merge by type, so that others may add their own. */
export function conditionsSchema(types: readonly string[]) {
  return z.array(conditionSchema(types)).max(32).meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['type'],
  });
}
