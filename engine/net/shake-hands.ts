/** Runs a handshake over a channel. */
import type { Clock } from '../core/clock.ts';
import type { Channel } from './channel.ts';
import type { Handshake, HandshakeStep } from './handshake.ts';
import { RpcError } from './rpc-error.ts';

/**
 * Calls `done` in the same turn as the last frame of the handshake, so that frames right behind it find their reader.
 * Rejects with `RpcError` and closes the channel when the peer fails, is silent for too long or goes.
 */
export async function shakeHands(channel: Channel, handshake: Handshake, clock: Clock, timeoutMs: number, done: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const over = new AbortController();
  const take = (step: HandshakeStep): void => {
    for (const { kind, payload } of step.send) channel.write(kind, 0, payload);
    if (step.outcome === 'pending') return;
    if (step.outcome === 'done') {
      done();
      return resolve();
    }
    channel.close(step.outcome);
    return undefined;
  };
  channel.onFrame = (frame) => take(handshake.receive(frame));
  void channel.closed.then(reject);
  void clock.sleep(timeoutMs, over.signal).then(
    () => channel.close(new RpcError('TimedOut', `${channel.remote} did not finish the handshake within ${timeoutMs} ms`)),
    () => {},
  );
  try {
    take(handshake.start());
    await promise;
  } finally {
    over.abort();
  }
}
