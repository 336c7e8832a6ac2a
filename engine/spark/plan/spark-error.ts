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
  /** The place in the text for people: the line and a caret below it. Closes the message on lines of its own. */
  readonly excerpt?: string;
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
    const excerpt = details.excerpt === undefined ? '' : `\n${details.excerpt}`;
    super(`[${details.errorClass}] ${details.message} SQLSTATE: ${details.sqlState}${place}${excerpt}`, { cause: details.cause });
    this.errorClass = details.errorClass;
    this.sqlState = details.sqlState;
    this.parameters = details.parameters ?? {};
    this.origin = details.origin;
  }
}
