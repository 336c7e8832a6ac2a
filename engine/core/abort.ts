/** Thrown by what a signal stopped, unless the signal carries an error of its own. */
export class AbortedError extends Error {
  override readonly name = 'AbortedError';
  readonly code = 'Aborted';
}

/** The reason of an aborted signal as an error. */
export function abortReason(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  if (reason instanceof Error && reason.name !== 'AbortError') return reason;
  return new AbortedError('the operation was cancelled', { cause: reason });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal);
}

/** Calls `listener` once when the signal aborts (at once if it has); the function returned takes the listener off. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  signal.addEventListener('abort', listener, { once: true });
  return () => signal.removeEventListener('abort', listener);
}

/** Waits for `promise` or for the signal, whichever is first; rejects with the signal's reason. The promise itself runs on. */
export async function orAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const off = onAbort(signal, () => reject(abortReason(signal)));
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    off();
    aborted.catch(() => {});
  }
}
