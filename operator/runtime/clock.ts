/**
 * Time as an input. Wall time is for what people and objects carry (timestamps; it may jump),
 * monotonic time for durations and deadlines. Code under test gets `FakeClock` (`fake-clock.ts`).
 */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Wall-clock milliseconds since 1970. Never subtract two of these to measure a duration. */
  now(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls back once after `ms`. The returned function cancels; cancelling late or twice is harmless. */
  after(ms: number, callback: () => void): () => void;
}

/** Node caps timers at 2^31-1 ms and fires at once beyond it. */
const timerMsMax = 2_147_483_647;

/** The machine's clock. Only main files call this. */
export function realClock(): Clock {
  const after = (ms: number, callback: () => void): (() => void) => {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), timerMsMax));
    return () => clearTimeout(timer);
  };
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after,
    sleep: (ms, signal) => sleepOn(after, ms, signal),
  };
}

/** `sleep` in terms of `after`. */
export function sleepOn(after: Clock['after'], ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = after(ms, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
