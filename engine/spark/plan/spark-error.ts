/**
 * An error in Spark's own form: error class, SQLSTATE, parameters, and a message that starts with
 * `[CLASS] `. Classes and SQLSTATEs are those of Spark's error-conditions.json.
 */
import type { Origin } from './expression.ts';

export interface SparkErrorDetails {
  readonly errorClass: string;
  readonly sqlState: string;
  /** Without the leading `[CLASS]` and without the place. */
  readonly message: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly origin?: Origin;
  readonly cause?: unknown;
}

export class SparkError extends Error {
  override readonly name = 'SparkError';
  readonly errorClass: string;
  readonly sqlState: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly origin: Origin | undefined;

  constructor(details: SparkErrorDetails) {
    const place = details.origin === undefined ? '' : ` (line ${details.origin.line}, position ${details.origin.column})`;
    super(`[${details.errorClass}] ${details.message} SQLSTATE: ${details.sqlState}${place}`, { cause: details.cause });
    this.errorClass = details.errorClass;
    this.sqlState = details.sqlState;
    this.parameters = details.parameters ?? {};
    this.origin = details.origin;
  }
}
