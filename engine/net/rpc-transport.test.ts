import { systemClock } from '../core/clock.ts';
import { silentLogger } from '../core/logger.ts';
import { systemRandom } from '../core/random.ts';
import { rpcTransport } from './rpc-transport.ts';
import { transportContract } from './transport.contract.ts';
import type { Transport, TransportListener } from './transport.ts';

transportContract('the framed RPC', async () => {
  const listeners: TransportListener[] = [];
  const transport = rpcTransport({
    listenHost: '127.0.0.1', secret: new TextEncoder().encode('a secret of the tests, long enough'), clock: systemClock(), random: systemRandom(), logger: silentLogger,
  });
  const listener: Transport = {
    ...transport,
    listen: async (port, handlers) => {
      const listening = await transport.listen(port, handlers);
      listeners.push(listening);
      return listening;
    },
  };
  return {
    caller: transport, listener, listenerHost: '127.0.0.1',
    [Symbol.asyncDispose]: async () => {
      await Promise.all(listeners.map((each) => each.close()));
    },
  };
});
