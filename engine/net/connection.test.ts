import { strict as assert } from 'node:assert';
import { connect, createServer, type AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { ManualClock, systemClock, type Clock } from '../core/clock.ts';
import { silentLogger, type Logger } from '../core/logger.ts';
import { systemRandom } from '../core/random.ts';
import type { RpcConnection, RpcHandlers, RpcLimits } from './connection.ts';
import { dialRpc } from './dial.ts';
import { listenRpc, type RpcListener } from './listener.ts';
import { RpcError } from './rpc-error.ts';
import { streamWindowBytes } from './stream.ts';

const secret = Buffer.from('0123456789abcdef');
const open: (RpcListener | { close(): void })[] = [];
after(async () => {
  await Promise.all(open.map((each) => each.close()));
});
const never = new AbortController().signal;

async function listen(handlers: RpcHandlers, options: { limits?: Partial<RpcLimits>; clock?: Clock; logger?: Logger; onConnection?: (c: RpcConnection) => void } = {}): Promise<RpcListener> {
  const listener = await listenRpc({ host: '127.0.0.1', port: 0, secret, clock: systemClock(), random: systemRandom(), logger: silentLogger, handlers, ...options });
  open.push(listener);
  return listener;
}
async function dial(listener: { port: number }, options: { secret?: Uint8Array; handlers?: RpcHandlers; limits?: Partial<RpcLimits>; clock?: Clock } = {}): Promise<RpcConnection> {
  const connection = await dialRpc({
    host: '127.0.0.1', port: listener.port, secret, clock: systemClock(), random: systemRandom(), logger: silentLogger, handlers: {}, signal: never, ...options,
  });
  open.push({ close: () => connection.close() });
  return connection;
}
const failsWith = (code: string) => (error: unknown): boolean => {
  assert.ok(error instanceof RpcError, String(error));
  assert.equal(error.code, code, error.message);
  return true;
};
async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

test('requests find their answers, whatever the order of answering', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const listener = await listen({ requests: { wait: async (body) => {
    await gates[body as number]?.promise;
    return { done: body, big: 12n, bytes: new Uint8Array([1, 2]) };
  } } });
  const connection = await dial(listener);
  const [first, second] = [connection.request('wait', 0), connection.request('wait', 1)];
  gates[1]?.resolve();
  assert.deepEqual(await second, { done: 1, big: 12n, bytes: new Uint8Array([1, 2]) });
  gates[0]?.resolve();
  assert.deepEqual(await first, { done: 0, big: 12n, bytes: new Uint8Array([1, 2]) });
});

test('the listening side calls as well, and messages arrive in order', async () => {
  const received: unknown[] = [];
  const full = Promise.withResolvers<void>();
  const named = Promise.withResolvers<unknown>();
  const listener = await listen({ messages: { note: (body) => {
    received.push(body);
    if (received.length === 100) full.resolve();
  } } }, { onConnection: (connection) => {
    named.resolve(connection.request('name', null));
  } });
  const connection = await dial(listener, { handlers: { requests: { name: async () => 'executor' } } });
  for (let i = 0; i < 99; i += 1) await connection.send('note', i);
  await connection.send('note', 99);
  await full.promise;
  assert.deepEqual(received, Array.from({ length: 100 }, (_, i) => i));
  assert.equal(await named.promise, 'executor');
});

test('an error of the handler reaches the caller with code and message, without a stack', async () => {
  const listener = await listen({ requests: { fail: async () => {
    throw Object.assign(new Error('no such block'), { code: 'NotFound' });
  } } });
  const connection = await dial(listener);
  await assert.rejects(connection.request('fail', null), (error: unknown) =>
    error instanceof RpcError && error.code === 'Remote' && error.remoteCode === 'NotFound' && error.message === 'no such block');
  await assert.rejects(connection.request('none', null), /there is no request 'none'/);
  await assert.rejects(collect(connection.stream('none', null)), /there is no stream 'none'/);
});

test('a cancelled request aborts its handler', async () => {
  const aborted = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const listener = await listen({ requests: { slow: (_body, call) => new Promise(() => {
    call.signal.addEventListener('abort', () => aborted.resolve());
    started.resolve();
  }) } });
  const connection = await dial(listener);
  const controller = new AbortController();
  const request = connection.request('slow', null, controller.signal);
  await started.promise;
  controller.abort(new Error('not wanted any more'));
  await assert.rejects(request, /not wanted any more/);
  await aborted.promise;
});

test('a caller with another secret is refused, logged, and told so', async () => {
  const logged: object[] = [];
  const listener = await listen({}, { logger: { ...silentLogger, warn: (fields) => logged.push(fields) } });
  await assert.rejects(dial(listener, { secret: Buffer.from('wrong') }), failsWith('Unauthenticated'));
  assert.match(JSON.stringify(logged), /does not know the application secret/);
  assert.doesNotMatch(JSON.stringify(logged), /0123456789abcdef|wrong/);
});

test('a listener that speaks another protocol is left', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  open.push(server);
  await assert.rejects(dial({ port: (server.address() as AddressInfo).port }), RpcError);
});

test('a peer that stays silent during the handshake is closed in time', async () => {
  const clock = new ManualClock();
  const listener = await listen({}, { clock });
  const socket = connect(listener.port, '127.0.0.1');
  const closed = new Promise((resolve) => {
    socket.once('close', resolve);
  });
  const tick = setInterval(() => clock.advance(1000), 5);
  await closed;
  clearInterval(tick);
});

test('nobody there is an error that names the address', async () => {
  const listener = await listen({});
  await listener.close();
  await assert.rejects(dial(listener), (error: unknown) => failsWith('Unreachable')(error) && /cannot connect to 127\.0\.0\.1:/.test(String(error)));
});

test('a stream carries all bytes, checked', async () => {
  const data = Buffer.from(systemRandom().bytes(10_000_000));
  const listener = await listen({ streams: { block: async function* block() {
    yield data.subarray(0, 10);
    yield data.subarray(10);
  } } });
  const connection = await dial(listener);
  assert.ok(data.equals(await collect(connection.stream('block', null))));
  assert.equal((await collect(connection.stream('block', null))).length, data.length);
});

test('a slow reader bounds what the sender produces and holds up nobody else', async () => {
  let produced = 0;
  const stopped = Promise.withResolvers<void>();
  const listener = await listen({
    streams: { endless: async function* endless() {
      try {
        for (;;) {
          produced += 100_000;
          yield new Uint8Array(100_000);
        }
      } finally {
        stopped.resolve();
      }
    } },
    requests: { echo: async (body) => body },
  });
  const connection = await dial(listener);
  const iterator = connection.stream('endless', null)[Symbol.asyncIterator]();
  await iterator.next();
  for (let i = 0; i < 200; i += 1) assert.equal(await connection.request('echo', i), i);
  assert.ok(produced <= streamWindowBytes + 1_000_000, `produced ${produced}`);
  await iterator.return(undefined);
  await stopped.promise;
});

test('an error in the middle of a stream reaches the reader', async () => {
  const listener = await listen({ streams: { half: async function* half() {
    yield new Uint8Array(10);
    throw Object.assign(new Error('the disk broke'), { code: 'Io' });
  } } });
  const connection = await dial(listener);
  await assert.rejects(collect(connection.stream('half', null)), /the disk broke/);
});

test('the end of a connection ends all its calls on both sides', async () => {
  const aborted = Promise.withResolvers<void>();
  const listener = await listen({ requests: { slow: (_body, call) => new Promise(() => {
    call.signal.addEventListener('abort', () => aborted.resolve());
    call.connection.close('enough');
  }) } });
  const connection = await dial(listener);
  await assert.rejects(connection.request('slow', null), failsWith('Closed'));
  await assert.rejects(connection.request('slow', null), failsWith('Closed'));
  await aborted.promise;
  assert.equal((await connection.closed).code, 'Closed');
});

test('heartbeats keep an idle connection, and a peer that went silent is given up', async () => {
  const [clockA, clockB] = [new ManualClock(), new ManualClock()];
  const limits = { heartbeatMs: 100, silentHeartbeatsMax: 3 };
  let accepted: RpcConnection | undefined;
  const listener = await listen({ requests: { echo: async (body) => body } }, { clock: clockA, limits, onConnection: (connection) => {
    accepted = connection;
  } });
  const connection = await dial(listener, { clock: clockB, limits });
  for (let i = 0; i < 20; i += 1) {
    clockA.advance(100);
    clockB.advance(100);
    await new Promise(setImmediate);
    await connection.request('echo', i);
  }
  assert.ok(connection.open && accepted?.open === true);
  // The listener's clock stands still now: it sends nothing.
  const closed = connection.closed;
  const tick = setInterval(() => clockB.advance(100), 2);
  assert.equal((await closed).code, 'TimedOut');
  clearInterval(tick);
});

test('a message longer than the limit is refused before it is sent', async () => {
  const listener = await listen({ requests: { echo: async (body) => body } }, { limits: { payloadBytesMax: 1000 } });
  const connection = await dial(listener, { limits: { payloadBytesMax: 1000 } });
  await assert.rejects(connection.request('echo', 'x'.repeat(2000)), failsWith('TooLarge'));
  assert.equal(await connection.request('echo', 'still there'), 'still there');
});

test('a message that is not understood closes the connection', async () => {
  const listener = await listen({});
  const connection = await dial(listener);
  await connection.send('what', null);
  assert.equal((await connection.closed).code, 'Closed');
});
