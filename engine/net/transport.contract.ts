/** What every `Transport` does. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { RpcError } from './rpc-error.ts';
import type { Peer, RequestHandler, Transport } from './transport.ts';

/** Two hosts that reach each other. */
export interface TransportWorld extends AsyncDisposable {
  readonly caller: Transport;
  readonly listener: Transport;
  /** The host's name or number that the caller dials. */
  readonly listenerHost: string;
}

class Refusal extends Error {
  readonly code = 'Refused';
}

export function transportContract(name: string, make: () => Promise<TransportWorld>): void {
  const on = (title: string, body: (world: TransportWorld) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      await using world = await make();
      await body(world);
    });
  };
  const { signal } = new AbortController();
  const rejects = (call: Promise<unknown>, code: RpcError['code'], remoteCode?: string): Promise<void> =>
    assert.rejects(call, (error) => error instanceof RpcError && error.code === code && error.remoteCode === remoteCode);
  const connect = async (world: TransportWorld, handlers: Readonly<Record<string, RequestHandler>>): Promise<Peer> => {
    const { port } = await world.listener.listen(0, handlers);
    return world.caller.dial(`${world.listenerHost}:${port}`, signal);
  };

  on('values come as they were sent, and each side has its own', async (world) => {
    let taken: unknown;
    const peer = await connect(world, {
      echo: async (body) => {
        taken = body;
        return body;
      },
    });
    const make = (): { bytes: Uint8Array; readonly [name: string]: unknown } => ({ text: 'ä', list: [1, 2n, undefined], bytes: Uint8Array.of(1, 2, 3), none: null });
    const body = make();
    const answer = await peer.request('echo', body);
    body.bytes[0] = 9;
    assert.deepEqual(answer, make());
    assert.deepEqual(taken, make());
    (answer as typeof body).bytes[0] = 8;
    assert.deepEqual(taken, make());
    assert.ok(peer.open);
  });
  on('a handler\'s error comes with its code, and an unknown method is one', async (world) => {
    const peer = await connect(world, {
      refuse: async () => {
        throw new Refusal('not you');
      },
      fall: async () => {
        throw new Error('oh');
      },
    });
    await rejects(peer.request('refuse', 1), 'Remote', 'Refused');
    await rejects(peer.request('fall', 1), 'Remote', 'Internal');
    await rejects(peer.request('nothing', 1), 'Remote', 'Protocol');
    assert.ok(peer.open);
  });
  on('where nobody listens, nobody is reached', async (world) => {
    const listener = await world.listener.listen(0, {});
    await listener.close();
    await rejects(world.caller.dial(`${world.listenerHost}:${listener.port}`, signal), 'Unreachable');
  });
  on('requests are taken up in order, and answers may overtake each other', async (world) => {
    const taken: unknown[] = [];
    const first = Promise.withResolvers<void>();
    const peer = await connect(world, {
      call: async (body) => {
        taken.push(body);
        if (body === 0) await first.promise;
        return body;
      },
    });
    const slow = peer.request('call', 0);
    assert.deepEqual(await Promise.all([1, 2, 3].map((each) => peer.request('call', each))), [1, 2, 3]);
    first.resolve();
    assert.equal(await slow, 0);
    assert.deepEqual(taken, [0, 1, 2, 3]);
  });
  on('giving up ends the call at both ends, and only this call', async (world) => {
    const stopped = Promise.withResolvers<void>();
    const peer = await connect(world, {
      wait: (_body, caller) => new Promise((_, reject) => {
        caller.signal.addEventListener('abort', () => {
          stopped.resolve();
          reject(new Error('stopped'));
        });
      }),
      echo: async (body) => body,
    });
    const controller = new AbortController();
    const call = peer.request('wait', 1, controller.signal);
    assert.equal(await peer.request('echo', 2), 2);
    controller.abort(new Error('enough'));
    await assert.rejects(call, /enough/);
    await assert.rejects(peer.request('echo', 1, controller.signal), /enough/);
    await stopped.promise;
    assert.equal(await peer.request('echo', 3), 3);
  });
  for (const side of ['caller', 'listener'] as const) {
    on(`when the ${side} closes, what is under way fails, and its handler is told`, async (world) => {
      const started = Promise.withResolvers<void>();
      const stopped = Promise.withResolvers<void>();
      const listener = await world.listener.listen(0, {
        wait: (_body, caller) => new Promise((_, reject) => {
          caller.signal.addEventListener('abort', () => {
            stopped.resolve();
            reject(new Error('stopped'));
          });
          started.resolve();
        }),
      });
      const peer = await world.caller.dial(`${world.listenerHost}:${listener.port}`, signal);
      const call = peer.request('wait', 1);
      const failed = rejects(call, 'Closed');
      await started.promise;
      if (side === 'caller') peer.close();
      else await listener.close();
      await failed;
      assert.equal(peer.open, false);
      await stopped.promise;
      await rejects(peer.request('wait', 1), 'Closed');
    });
  }
}
