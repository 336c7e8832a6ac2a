import type { ApplicationError, ApplicationResult } from '../../contract.ts';
import { exitCode, type TerminationMessage } from '../../contract.ts';
import { AssertionError } from '../../core/assert.ts';
import { SparkError } from '../plan/spark-error.ts';
import { ConfigurationError } from './driver-config.ts';

export type ApplicationOutcome =
  | { readonly kind: 'Succeeded'; readonly result: ApplicationResult }
  | { readonly kind: 'Failed'; readonly error: ApplicationError; readonly exitCode: number }
  | { readonly kind: 'Cancelled' };

/** The outcome of an application that threw. */
export function failureOutcome(error: unknown): Extract<ApplicationOutcome, { kind: 'Failed' }> {
  if (error instanceof ConfigurationError) return failed('BAD_CONFIGURATION', error.message, exitCode.badConfiguration);
  if (error instanceof SparkError) {
    const code = error.errorClass === 'INTERNAL_ERROR' ? exitCode.engineFailed : exitCode.applicationFailed;
    return { kind: 'Failed', exitCode: code, error: { errorClass: error.errorClass, sqlState: error.sqlState, message: error.message } };
  }
  const text = error instanceof Error ? error.message : String(error);
  const what = error instanceof AssertionError ? 'broken invariant' : 'unexpected error';
  return failed('INTERNAL_ERROR', `The engine failed (${what}): ${text}`, exitCode.engineFailed);
}

export function exitCodeOf(outcome: ApplicationOutcome): number {
  switch (outcome.kind) {
    case 'Succeeded': return exitCode.succeeded;
    case 'Failed': return outcome.exitCode;
    case 'Cancelled': return exitCode.cancelled;
    default: return outcome satisfies never;
  }
}

export function terminationOf(outcome: ApplicationOutcome, counts: Pick<TerminationMessage, 'progress' | 'firstTaskAtMs'>): TerminationMessage {
  return {
    outcome: outcome.kind, ...counts,
    ...(outcome.kind === 'Succeeded' ? { result: outcome.result } : {}), ...(outcome.kind === 'Failed' ? { error: outcome.error } : {}),
  };
}

function failed(errorClass: string, message: string, code: number): Extract<ApplicationOutcome, { kind: 'Failed' }> {
  return { kind: 'Failed', exitCode: code, error: { errorClass, message } };
}
