/** Errors of the protocol's edge: what this engine does not do, and what no client should send. */
import { SparkError } from '../plan/spark-error.ts';

/** A message this engine understands and does not support; names the relation, expression or command. */
export function unsupported(what: string, wayOut?: string): SparkError {
  const advice = wayOut === undefined ? '' : ` ${wayOut}`;
  return new SparkError({
    errorClass: 'UNSUPPORTED_FEATURE', sqlState: '0A000',
    message: `The feature is not supported: ${what}.${advice}`,
    parameters: { feature: what },
  });
}

/** A message that breaks the protocol. */
export function invalidPlan(problem: string): SparkError {
  return new SparkError({
    errorClass: 'CONNECT_INVALID_PLAN', sqlState: '56K00',
    message: `The Spark Connect plan is invalid: ${problem}.`,
    parameters: { problem },
  });
}

/** The value, or the protocol error that it is missing. */
export function required<Value>(value: Value | undefined, name: string): Value {
  if (value === undefined) throw invalidPlan(`${name} is missing`);
  return value;
}
