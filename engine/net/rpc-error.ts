export type RpcErrorCode =
  /** The peer does not know the application's secret, or does not speak this protocol. */
  | 'Unauthenticated'
  /** No connection could be made. */
  | 'Unreachable'
  /** The connection ended, or was ended, before the answer. */
  | 'Closed'
  | 'TimedOut'
  /** A message is longer than the limit. */
  | 'TooLarge'
  /** The peer broke the protocol. */
  | 'Protocol'
  /** Bytes arrived other than they were sent. */
  | 'Checksum'
  /** Too many calls at once. */
  | 'Overloaded'
  /** The handler at the other end failed; `remoteCode` is the code of its error. */
  | 'Remote';

export class RpcError extends Error {
  override readonly name = 'RpcError';
  readonly code: RpcErrorCode;
  readonly remoteCode: string | undefined;

  constructor(code: RpcErrorCode, message: string, options: { readonly cause?: unknown; readonly remoteCode?: string } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.remoteCode = options.remoteCode;
  }

  /** Whether the same call may succeed on a new connection. */
  get retryable(): boolean {
    return this.code === 'Unreachable' || this.code === 'Closed' || this.code === 'TimedOut' || this.code === 'Overloaded' || this.code === 'Checksum';
  }
}
