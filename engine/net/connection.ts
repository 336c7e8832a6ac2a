/**
 * Calls over one authenticated connection, both ways: requests, one-way messages, and streams of bytes.
 * Bodies are what `v8.serialize` takes; whoever receives one checks its shape. Only authenticated peers get so far.
 */
import { deserialize, serialize } from 'node:v8';
import { abortReason, onAbort } from '../core/abort.ts';
import type { Clock } from '../core/clock.ts';
import type { Logger } from '../core/logger.ts';
import type { Channel } from './channel.ts';
import { frameKind, type Frame } from './frame.ts';
import { RpcError } from './rpc-error.ts';
import { IncomingStream, sendStream, StreamCredit } from './stream.ts';

export interface Call {
  readonly connection: RpcConnection;
  /** Aborts when the caller cancels or the connection ends. */
  readonly signal: AbortSignal;
}

/** By method name. An error's `code` (a string) and message go to the caller, never its stack. */
export interface RpcHandlers {
  readonly requests?: Readonly<Record<string, (body: unknown, call: Call) => Promise<unknown>>>;
  /** Chunks of any size; a handler that fails ends the stream with an error. */
  readonly streams?: Readonly<Record<string, (body: unknown, call: Call) => AsyncIterable<Uint8Array>>>;
  /** Must not throw: a message that is not understood closes the connection. */
  readonly messages?: Readonly<Record<string, (body: unknown, connection: RpcConnection) => void>>;
}

export interface RpcOptions {
  readonly secret: Uint8Array;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly handlers: RpcHandlers;
  readonly limits?: Partial<RpcLimits>;
}

export interface RpcLimits {
  readonly handshakeTimeoutMs: number;
  /** A ping goes out when nothing was written for so long. */
  readonly heartbeatMs: number;
  /** So many heartbeats without a byte from the peer, and the connection is closed. */
  readonly silentHeartbeatsMax: number;
  readonly payloadBytesMax: number;
  /** Calls that the peer may have open here. */
  readonly callsMax: number;
}

export const defaultRpcLimits: RpcLimits = {
  handshakeTimeoutMs: 5000, heartbeatMs: 3000, silentHeartbeatsMax: 5, payloadBytesMax: 128 * 1024 * 1024, callsMax: 1024,
};

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Serving {
  readonly controller: AbortController;
  readonly credit: StreamCredit;
}

export class RpcConnection {
  readonly remote: string;
  /** Resolves with the reason when the connection has ended; never rejects. */
  readonly closed: Promise<RpcError>;
  readonly #channel: Channel;
  readonly #options: RpcOptions;
  readonly #limits: RpcLimits;
  readonly #waiting = new Map<number, Waiting>();
  readonly #streams = new Map<number, IncomingStream>();
  readonly #serving = new Map<number, Serving>();
  readonly #ended = new AbortController();
  #nextId = 1;

  /** Takes over a channel whose handshake is done. */
  constructor(channel: Channel, options: RpcOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#limits = { ...defaultRpcLimits, ...options.limits };
    this.remote = channel.remote;
    this.closed = channel.closed;
    channel.decoder.payloadBytesMax = this.#limits.payloadBytesMax;
    channel.onFrame = (frame) => this.#receive(frame);
    void channel.closed.then((reason) => this.#end(reason));
    void this.#beat();
  }

  get open(): boolean {
    return this.#channel.open;
  }

  /** Waits while the send buffer is full. Rejects with `RpcError`, or with the signal's reason. */
  async request(method: string, body: unknown, signal?: AbortSignal): Promise<unknown> {
    if (signal?.aborted === true) throw abortReason(signal);
    await this.#channel.ready();
    const id = this.#newId();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const payload = this.#encode([method, body]);
    this.#waiting.set(id, { resolve, reject });
    const off = signal === undefined ? () => {} : onAbort(signal, () => {
      this.#tell(frameKind.cancel, id);
      reject(abortReason(signal));
    });
    try {
      this.#channel.write(frameKind.request, id, payload, 'owned');
      return await promise;
    } finally {
      off();
      this.#waiting.delete(id);
    }
  }

  /** Sends and forgets; messages arrive in order. Waits while the send buffer is full. */
  async send(method: string, body: unknown): Promise<void> {
    await this.#channel.ready();
    this.#channel.write(frameKind.message, 0, this.#encode([method, body]));
  }

  /**
   * Bytes from the peer, checked against its checksum at the end: what was yielded is only to be trusted once the
   * iteration has ended without an error. Leaving the loop early cancels at the other end.
   */
  async *stream(method: string, body: unknown, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
    if (signal?.aborted === true) throw abortReason(signal);
    await this.#channel.ready();
    const id = this.#newId();
    const stream = new IncomingStream((bytes) => this.#tell(frameKind.credit, id, bytes));
    this.#streams.set(id, stream);
    const off = signal === undefined ? () => {} : onAbort(signal, () => stream.fail(abortReason(signal)));
    try {
      this.#channel.write(frameKind.openStream, id, this.#encode([method, body]));
      yield* stream.chunks();
    } finally {
      off();
      this.#streams.delete(id);
      if (!stream.complete) this.#tell(frameKind.cancel, id);
    }
  }

  /** Idempotent. */
  close(message = 'this side closed the connection'): void {
    this.#channel.close(new RpcError('Closed', message));
  }

  #newId(): number {
    const id = this.#nextId;
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1;
    return id;
  }

  #encode(body: unknown): Buffer {
    const payload = serialize(body);
    if (payload.length > this.#limits.payloadBytesMax) {
      throw new RpcError('TooLarge', `a message of ${payload.length} bytes is longer than the limit of ${this.#limits.payloadBytesMax}`);
    }
    return payload;
  }

  /** For frames that no one waits for: a closed connection has nothing to be told. */
  #tell(kind: typeof frameKind.cancel | typeof frameKind.credit, id: number, value?: number): void {
    if (!this.#channel.open) return;
    const payload = Buffer.alloc(value === undefined ? 0 : 4);
    if (value !== undefined) payload.writeUInt32BE(value);
    this.#channel.write(kind, id, payload);
  }

  #receive(frame: Frame): void {
    switch (frame.kind) {
      case frameKind.request: return this.#serve(frame, (method, body, call) => this.#answer(frame.id, method, body, call));
      case frameKind.openStream: return this.#serve(frame, (method, body, call, credit) => this.#answerStream(frame.id, method, body, call, credit));
      case frameKind.message: return this.#deliver(frame);
      case frameKind.cancel: return this.#serving.get(frame.id)?.controller.abort();
      case frameKind.credit: return this.#serving.get(frame.id)?.credit.add(frame.payload.length === 4 ? frame.payload.readUInt32BE() : 0);
      case frameKind.response: return this.#waiting.get(frame.id)?.resolve(deserialize(frame.payload));
      case frameKind.chunk: return this.#streams.get(frame.id)?.push(frame.payload);
      case frameKind.streamEnd: return this.#streams.get(frame.id)?.end(frame.payload.length === 4 ? frame.payload.readUInt32BE() : -1);
      case frameKind.failure: return this.#fail(frame);
      case frameKind.ping: return undefined;
      default: throw new RpcError('Protocol', `${this.remote} sent a frame of kind ${frame.kind} after the handshake`);
    }
  }

  #fail(frame: Frame): void {
    const { code, message } = deserialize(frame.payload) as { readonly code: unknown; readonly message: unknown };
    const error = new RpcError('Remote', String(message), { remoteCode: String(code) });
    this.#waiting.get(frame.id)?.reject(error);
    this.#streams.get(frame.id)?.fail(error);
  }

  #deliver(frame: Frame): void {
    const [method, body] = decodeCall(frame.payload);
    const handler = this.#options.handlers.messages?.[method];
    if (handler === undefined) throw new RpcError('Protocol', `${this.remote} sent an unknown message '${method}'`);
    try {
      handler(body, this);
    } catch (cause) {
      this.#options.logger.error({ err: cause, method, remote: this.remote }, 'a message could not be handled');
      throw new RpcError('Protocol', `the message '${method}' of ${this.remote} could not be handled`, { cause });
    }
  }

  #serve(frame: Frame, answer: (method: string, body: unknown, call: Call, credit: StreamCredit) => Promise<void>): void {
    if (this.#serving.has(frame.id)) throw new RpcError('Protocol', `${this.remote} used call id ${frame.id} twice`);
    if (this.#serving.size >= this.#limits.callsMax) {
      return this.#writeFailure(frame.id, new RpcError('Overloaded', `more than ${this.#limits.callsMax} calls are open`));
    }
    const serving: Serving = { controller: new AbortController(), credit: new StreamCredit() };
    this.#serving.set(frame.id, serving);
    const [method, body] = decodeCall(frame.payload);
    const call: Call = { connection: this, signal: serving.controller.signal };
    void answer(method, body, call, serving.credit)
      .catch((error: unknown) => this.#writeFailure(frame.id, error))
      .finally(() => this.#serving.delete(frame.id));
    return undefined;
  }

  async #answer(id: number, method: string, body: unknown, call: Call): Promise<void> {
    const handler = this.#options.handlers.requests?.[method];
    if (handler === undefined) throw new RpcError('Protocol', `there is no request '${method}'`);
    const payload = this.#encode(await handler(body, call));
    if (this.#channel.open) this.#channel.write(frameKind.response, id, payload, 'owned');
  }

  async #answerStream(id: number, method: string, body: unknown, call: Call, credit: StreamCredit): Promise<void> {
    const handler = this.#options.handlers.streams?.[method];
    if (handler === undefined) throw new RpcError('Protocol', `there is no stream '${method}'`);
    const checksum = await sendStream(handler(body, call), credit, call.signal, async (chunk) => {
      await this.#channel.ready();
      this.#channel.write(frameKind.chunk, id, chunk);
    });
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(checksum);
    if (this.#channel.open) this.#channel.write(frameKind.streamEnd, id, payload);
  }

  #writeFailure(id: number, error: unknown): void {
    if (!this.#channel.open) return;
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'Internal';
    const message = error instanceof Error ? error.message : String(error);
    if (code === 'Internal') this.#options.logger.error({ err: error, remote: this.remote }, 'a call failed');
    this.#channel.write(frameKind.failure, id, serialize({ code, message }));
  }

  /**
   * Counts silent beats instead of measuring time: a process that was stopped for a minute finds one beat due, not a
   * dead peer.
   */
  async #beat(): Promise<void> {
    let silent = 0;
    while (this.#channel.open) {
      try {
        await this.#options.clock.sleep(this.#limits.heartbeatMs, this.#ended.signal);
      } catch {
        return; // the connection has ended
      }
      silent = this.#channel.heard ? 0 : silent + 1;
      this.#channel.heard = false;
      if (silent >= this.#limits.silentHeartbeatsMax) {
        return this.#channel.close(new RpcError('TimedOut', `nothing was heard of ${this.remote} for ${silent} heartbeats of ${this.#limits.heartbeatMs} ms`));
      }
      if (!this.#channel.spoke && this.#channel.open) this.#channel.write(frameKind.ping, 0, Buffer.alloc(0));
      this.#channel.spoke = false;
    }
  }

  #end(reason: RpcError): void {
    this.#ended.abort(reason);
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    for (const stream of this.#streams.values()) stream.fail(reason);
    for (const serving of this.#serving.values()) {
      serving.controller.abort(reason);
      serving.credit.wake();
    }
  }
}

function decodeCall(payload: Buffer): readonly [string, unknown] {
  const call: unknown = deserialize(payload);
  if (!Array.isArray(call) || call.length !== 2 || typeof call[0] !== 'string') throw new RpcError('Protocol', 'a call is [method, body]');
  return [call[0], call[1]];
}
