import { KubeError } from '../kube/client.ts';

/** What a reconcile says about its key. The latest outcome alone decides when the key runs next without an event. */
export type ReconcileResult =
  /** Nothing to do until something changes. */
  | { readonly kind: 'done' }
  /** Look again after this long, or sooner if something changes. */
  | { readonly kind: 'requeue'; readonly afterMs: number }
  /** `terminal`: only a change can help, do not retry. Otherwise retried with exponential backoff. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly terminal: boolean };

/** How an error that escaped a reconcile counts: always worth a retry, because nobody said otherwise. */
export function failure(error: unknown): ReconcileResult {
  return { kind: 'failed', error, terminal: false };
}

/** The server's own wish for a pause, if the error carries one. */
export function retryAfterMs(error: unknown): number | undefined {
  return error instanceof KubeError ? error.retryAfterMs : undefined;
}
