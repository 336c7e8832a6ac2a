/**
 * One connection of a client: frames in, answers out in the order of the requests (clients count on it). Requests are begun in the order in which they came
 * and may be under way together, so that a producer with several in flight waits for the slowest acknowledgement, not for the sum.
 *
 * A connection reads no further while many requests, or many bytes, are unanswered. What breaks the protocol ends the connection.
 */
import type { Socket } from 'node:net';
import type { Logger } from '../../core/logger.ts';
import { KafkaError } from '../kafka-error.ts';
import { errorCode } from '../protocol/error-code.ts';
import { apis } from '../protocol/generated/apis.ts';
import { apiOf, readRequest, readRequestHeader, writeAnswer, type ApiName, type RequestHeader } from '../protocol/message-header.ts';
import { Reader } from '../protocol/reader.ts';
import { FrameReader } from './frame-reader.ts';
import type { Authentication } from './authentication.ts';
import type { Handler, Handlers, RequestContext } from './request-context.ts';
import { apiVersions } from './supported-versions.ts';

export interface ClientConnectionOptions {
  readonly socket: Socket;
  readonly listener: string;
  readonly handlers: Handlers;
  /** Undefined: the listener asks nobody who he is. */
  readonly authentication: Authentication | undefined;
  readonly requestBytesMax: number;
  readonly logger: Logger;
  readonly onBytes: (incoming: number, outgoing: number) => void;
}

const unansweredMax = 64;
const unansweredBytesMax = 64 << 20;

type Answer = readonly Uint8Array[] | undefined;

export class ClientConnection {
  readonly #options: ClientConnectionOptions;
  readonly #frames: FrameReader;
  readonly #stop = new AbortController();
  readonly #clientHost: string;
  /** In the order of the requests; an entry is filled when its answer is there. */
  readonly #answers: { readonly bytes: number; done: boolean; answer: Answer }[] = [];
  #unansweredBytes = 0;
  #paused = false;

  constructor(options: ClientConnectionOptions) {
    this.#options = options;
    this.#frames = new FrameReader(options.requestBytesMax);
    const { socket } = options;
    this.#clientHost = `/${socket.remoteAddress ?? 'unknown'}`;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => this.#receive(piece));
    socket.on('close', () => this.#stop.abort());
    socket.on('error', (error) => options.logger.debug({ err: error, client: this.#clientHost }, 'a connection broke'));
    socket.on('drain', () => this.#resume());
  }

  end(): void {
    this.#options.socket.destroy();
  }

  #receive(piece: Buffer): void {
    this.#options.onBytes(piece.length, 0);
    try {
      for (const frame of this.#frames.push(piece)) this.#begin(frame);
    } catch (error) {
      this.#refuse(error);
    }
    this.#pause();
  }

  /** The protocol has no words for it: only the log has. */
  #refuse(error: unknown): void {
    if (this.#stop.signal.aborted) return;
    this.#options.logger.info({ err: error, client: this.#clientHost }, 'a connection is ended: what came is not Kafka\'s protocol, or more than is taken');
    this.#options.socket.destroy();
    this.#stop.abort();
  }

  #begin(frame: Buffer): void {
    if (this.#stop.signal.aborted) return;
    const reader = new Reader(frame);
    const header = readRequestHeader(reader);
    const api = apiOf(header.apiKey);
    const slot = { bytes: frame.length, done: false, answer: undefined as Answer };
    this.#answers.push(slot);
    this.#unansweredBytes += frame.length;
    const settle = (answer: Answer): void => {
      slot.done = true;
      slot.answer = answer;
      this.#flush();
    };
    if (api === undefined) throw new KafkaError('UNSUPPORTED_VERSION', `a request of the unknown kind ${header.apiKey}`);
    const answered = this.#answer(api.name, header, reader);
    if (answered instanceof Promise) answered.then(settle, (error: unknown) => this.#refuse(error));
    else settle(answered);
  }

  #answer(name: ApiName, header: RequestHeader, reader: Reader): Promise<Answer> | Answer {
    const { handlers, authentication } = this.#options;
    if (name === 'ApiVersions') return this.#answerVersions(header);
    if (authentication !== undefined && (name === 'SaslHandshake' || name === 'SaslAuthenticate')) return this.#authenticate(authentication, name, header, reader);
    if (authentication !== undefined && authentication.user === undefined) throw new KafkaError('SASL_AUTHENTICATION_FAILED', `${name} came before the client had said who it is`);
    const handler = handlers[name] as Handler<ApiName> | undefined;
    if (handler === undefined) throw new KafkaError('UNSUPPORTED_VERSION', `${name} is not there`);
    const request = readRequest(name, header.version, reader);
    const result = handler(request as never, this.#context(header));
    const write = (message: Awaited<typeof result>): Answer => (message === undefined ? undefined : writeAnswer(name, header.version, header.correlationId, message as never));
    return result instanceof Promise ? result.then(write) : write(result);
  }

  #context({ version, clientId }: RequestHeader): RequestContext {
    const { listener, authentication } = this.#options;
    return { version, clientId: clientId ?? '', clientHost: this.#clientHost, listener, user: authentication?.user, signal: this.#stop.signal };
  }

  /** Asked in a version that is not known, it answers in version 0, with what it speaks. */
  #answerVersions({ version, correlationId }: RequestHeader): Answer {
    const { from, to } = apis.ApiVersions;
    const known = version >= from && version <= to;
    return writeAnswer('ApiVersions', known ? version : 0, correlationId, apiVersions(this.#options.handlers, known ? 'NONE' : 'UNSUPPORTED_VERSION'));
  }

  async #authenticate(authentication: Authentication, name: 'SaslHandshake' | 'SaslAuthenticate', { version, correlationId }: RequestHeader, reader: Reader): Promise<Answer> {
    if (name === 'SaslHandshake') {
      const { mechanism } = readRequest(name, version, reader);
      const accepted = authentication.choose(mechanism);
      return writeAnswer(name, version, correlationId, { errorCode: accepted ? 0 : errorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms: authentication.mechanisms });
    }
    const { authBytes } = readRequest(name, version, reader);
    const step = await authentication.step(authBytes);
    if (step.kind === 'goOn') return writeAnswer(name, version, correlationId, { authBytes: step.answer, sessionLifetimeMs: 0 });
    return writeAnswer(name, version, correlationId, { errorCode: errorCode.SASL_AUTHENTICATION_FAILED, errorMessage: step.message });
  }

  /** Writes what is next in line. */
  #flush(): void {
    const { socket, onBytes } = this.#options;
    if (this.#answers[0]?.done !== true || this.#stop.signal.aborted) return;
    socket.cork();
    let bytes = 0;
    while (this.#answers[0]?.done === true) {
      const slot = this.#answers.shift();
      this.#unansweredBytes -= slot?.bytes ?? 0;
      for (const piece of slot?.answer ?? []) {
        bytes += piece.length;
        socket.write(piece);
      }
    }
    socket.uncork();
    onBytes(0, bytes);
    this.#resume();
  }

  #pause(): void {
    const { socket } = this.#options;
    if (this.#paused || !this.#isFull(socket)) return;
    this.#paused = true;
    socket.pause();
  }

  #resume(): void {
    const { socket } = this.#options;
    if (!this.#paused || this.#isFull(socket)) return;
    this.#paused = false;
    socket.resume();
  }

  #isFull(socket: Socket): boolean {
    return this.#answers.length >= unansweredMax || this.#unansweredBytes > unansweredBytesMax || socket.writableNeedDrain;
  }
}
