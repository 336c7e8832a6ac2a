/** Ids that cannot be mixed up: a branded string or number costs nothing at run time. */
declare const brand: unique symbol;

export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Unique within an application attempt; decimal, given by the operator. */
export type ExecutorId = Branded<string, 'ExecutorId'>;
/** Counts the jobs of one driver from 0. */
export type JobId = Branded<number, 'JobId'>;

export const executorId = (text: string): ExecutorId => text as ExecutorId;
export const jobId = (number: number): JobId => number as JobId;
