/** A limit for calls that have none of their own. */
import type { Clock } from '../../core/clock.ts';
import { RpcError } from '../../net/rpc-error.ts';

/** Rejects with `RpcError` TimedOut; the call itself runs on. */
export async function within<T>(clock: Clock, limitMs: number, message: string, call: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(limitMs, over.signal).then((): never => {
    throw new RpcError('TimedOut', message);
  });
  late.catch(() => {});
  try {
    return await Promise.race([call, late]);
  } finally {
    over.abort();
  }
}
