/** Frames over a socket: writing with a bounded buffer, reading to one listener, one reason for the end. */
import type { Socket } from 'node:net';
import { freeMemory } from '../core/buffer-memory.ts';
import { encodeFrameHeader, FrameDecoder, type Frame, type FrameKind } from './frame.ts';
import { RpcError } from './rpc-error.ts';

/** Above this, `ready()` waits; what is written without waiting may pass it. */
const softBufferBytes = 4 * 1024 * 1024;
/** A peer that lets so much pile up does not read: the connection is closed. */
const hardBufferBytes = 512 * 1024 * 1024;

export class Channel {
  readonly remote: string;
  readonly decoder: FrameDecoder;
  /** Resolves with the reason once the channel has ended; never rejects. */
  readonly closed: Promise<RpcError>;
  /** Bytes have arrived since this was last set to false. */
  heard = true;
  /** Bytes have been written since this was last set to false. */
  spoke = true;
  onFrame: (frame: Frame) => void = () => {};
  readonly #socket: Socket;
  readonly #resolveClosed: (reason: RpcError) => void;
  #reason: RpcError | undefined;
  #waiting: (() => void)[] = [];

  constructor(socket: Socket, payloadBytesMax: number) {
    this.#socket = socket;
    this.remote = `${socket.remoteAddress ?? '?'}:${socket.remotePort ?? 0}`;
    this.decoder = new FrameDecoder(payloadBytesMax, freeMemory);
    const { promise, resolve } = Promise.withResolvers<RpcError>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('drain', () => this.#wake());
    socket.on('error', (cause: Error) => this.close(new RpcError('Closed', `the connection with ${this.remote} broke: ${cause.message}`, { cause })));
    socket.on('close', () => this.close(new RpcError('Closed', `${this.remote} closed the connection`)));
  }

  get open(): boolean {
    return this.#reason === undefined;
  }

  /** `owned`: the payload's memory is given back when it is written. Throws `RpcError` Closed. */
  write(kind: FrameKind, id: number, payload: Uint8Array, owned: 'owned' | 'lent' = 'lent'): void {
    if (this.#reason !== undefined) throw this.#reason;
    this.spoke = true;
    this.#socket.cork();
    this.#socket.write(encodeFrameHeader(kind, id, payload.length));
    if (payload.length > 0) this.#socket.write(payload, owned === 'owned' ? () => freeMemory(payload) : undefined);
    this.#socket.uncork();
    if (this.#socket.writableLength > hardBufferBytes) this.close(new RpcError('Closed', `${this.remote} does not read what it is sent`));
  }

  /** Waits until little is buffered. Throws `RpcError` Closed. */
  async ready(): Promise<void> {
    while (this.#reason === undefined && this.#socket.writableNeedDrain && this.#socket.writableLength > softBufferBytes) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
    if (this.#reason !== undefined) throw this.#reason;
  }

  /** The first reason stands. What has been written before is still sent. */
  close(reason: RpcError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#socket.destroySoon();
    // A peer that does not read must not keep the socket for ever.
    if (this.#socket.writableLength > 0) setTimeout(() => this.#socket.destroy(), 1000).unref();
    this.#resolveClosed(reason);
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each();
  }

  #receive(bytes: Buffer): void {
    this.heard = true;
    try {
      for (const frame of this.decoder.push(bytes)) {
        if (this.#reason !== undefined) return;
        this.onFrame(frame);
      }
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      this.close(error);
    }
  }
}
