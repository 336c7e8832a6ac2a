/** Errors of the engine as the client sees them. */

/** Thrown by every call that the engine refuses or that cannot reach it. */
export class SparkError extends Error {
  override readonly name = 'SparkError';
  /** Spark's error class, such as `TABLE_OR_VIEW_NOT_FOUND`; `CONNECTION_FAILED` when there was no answer. */
  readonly errorClass: string;
  readonly sqlState: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether the same call may succeed later: the connection was the trouble, not the request. */
  readonly retryable: boolean;

  constructor(details: {
    readonly errorClass: string; readonly message: string; readonly sqlState?: string; readonly parameters?: Readonly<Record<string, string>>;
    readonly retryable?: boolean; readonly cause?: unknown;
  }) {
    super(details.message, { cause: details.cause });
    this.errorClass = details.errorClass;
    this.sqlState = details.sqlState;
    this.parameters = details.parameters ?? {};
    this.retryable = details.retryable ?? false;
  }
}

/** A wrong argument, found before anything is sent. */
export function badArgument(message: string): SparkError {
  return new SparkError({ errorClass: 'INVALID_ARGUMENT', sqlState: '22023', message: `[INVALID_ARGUMENT] ${message}` });
}
