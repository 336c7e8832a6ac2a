/** Why a replica cannot be written, read or changed. The code travels over the transport. */
export type ReplicaErrorCode =
  /** No replica of this block, or only one of an older version. */
  | 'ReplicaNotFound'
  /** There is one, and it is not in the state that the call needs. */
  | 'ReplicaConflict'
  /** Its bytes do not agree with its checksums. */
  | 'ReplicaCorrupt'
  /** No volume has room for more. */
  | 'DiskOutOfSpace'
  /** The disk failed. */
  | 'DiskFailed'
  /** Too much is under way. */
  | 'Busy'
  /** The caller sent what cannot be. */
  | 'BadRequest';

export class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  readonly code: ReplicaErrorCode;

  constructor(code: ReplicaErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
