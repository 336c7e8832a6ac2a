import type { z } from 'zod';

/** A CEL rule as it stands in a CRD's `x-kubernetes-validations`. */
export type CelRule = {
  /** `self` is the value, `oldSelf` its predecessor. Keep it cheap: bound every string and list that it walks. */
  readonly rule: string;
  /** Says what is wrong and what would be right. */
  readonly message: string;
};

/** Where a schema's metadata carries its rules until the CRD generator writes them. */
export const rulesKey = 'x-kubernetes-validations';

/**
 * Adds a rule twice: as CEL for the API server, and as a check of zod for whoever validates without
 * one. Both must say the same; `spark-job.test.ts` holds them against each other.
 */
export function withRule<Schema extends z.ZodType>(schema: Schema, { rule, message }: CelRule, holds: (value: z.output<Schema>) => boolean): Schema {
  return schema.refine(holds as (value: unknown) => boolean, { error: message }).meta({ [rulesKey]: [...rulesOf(schema), { rule, message }] });
}

/** Adds a rule that compares with the old object, which only the API server can check. */
export function withTransition<Schema extends z.ZodType>(schema: Schema, { rule, message }: CelRule): Schema {
  return schema.meta({ [rulesKey]: [...rulesOf(schema), { rule, message }] });
}

function rulesOf(schema: z.ZodType): readonly CelRule[] {
  return (schema.meta()?.[rulesKey] as readonly CelRule[] | undefined) ?? [];
}
