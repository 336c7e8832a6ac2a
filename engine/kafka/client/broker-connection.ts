/**
 * One connection to a broker, of ours or of Apache Kafka: versions are agreed on, the client says who it is, requests go out and answers come back in order.
 */
import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { connect, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { promisify } from 'node:util';
import { abortReason, onAbort } from '../../core/abort.ts';
import type { Random } from '../../core/random.ts';
import { FrameReader } from '../broker/frame-reader.ts';
import { KafkaError } from '../kafka-error.ts';
import { errorNameOf } from '../protocol/error-code.ts';
import { apis, type ApiTypes } from '../protocol/generated/apis.ts';
import { readAnswer, writeRequest, type ApiName } from '../protocol/message-header.ts';
import { Reader } from '../protocol/reader.ts';

const derive = promisify(pbkdf2);

export type SaslMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512';

export interface ConnectionSettings {
  readonly clientId: string;
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly serverName?: string };
  readonly sasl?: { readonly mechanism: SaslMechanism; readonly user: string; readonly password: string };
  readonly random: Random;
  readonly timeoutMs: number;
  readonly lookup?: LookupFunction;
}

interface Waiting {
  readonly correlationId: number;
  readonly settle: (answer: Reader | Error) => void;
}

const answerBytesMax = 128 << 20;

export class BrokerConnection {
  readonly address: string;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #frames = new FrameReader(answerBytesMax);
  readonly #waiting: Waiting[] = [];
  /** Greatest version of each API that both know; empty until that is agreed on. */
  readonly #versions = new Map<number, number>();
  #correlationId = 0;
  #failure: Error | undefined;

  private constructor(address: string, socket: Socket, settings: ConnectionSettings) {
    this.address = address;
    this.#socket = socket;
    this.#settings = settings;
    socket.setNoDelay(true);
    socket.on('data', (piece: Buffer) => this.#receive(piece));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the broker has ended the connection')));
    // Ends what never comes, also in the middle of an answer.
    socket.setTimeout(settings.timeoutMs, () => this.#waiting.length > 0 && this.#fail(new Error(`no answer for ${settings.timeoutMs} ms`)));
  }

  /** Rejects with `KafkaError`: NETWORK_EXCEPTION when nobody answers, SASL_AUTHENTICATION_FAILED, UNSUPPORTED_SASL_MECHANISM. */
  static async open(host: string, port: number, settings: ConnectionSettings, signal: AbortSignal): Promise<BrokerConnection> {
    const connection = new BrokerConnection(`${host}:${port}`, await openSocket(host, port, settings, signal), settings);
    try {
      await connection.#agree(signal);
      if (settings.sasl !== undefined) await connection.#authenticate(settings.sasl, signal);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  get open(): boolean {
    return this.#failure === undefined;
  }

  /** Whether the broker speaks it, in a version that is spoken here. */
  supports(name: ApiName): boolean {
    return this.#versions.has(apis[name].key);
  }

  /** In the greatest version that both know, or in `most`. Rejects with `KafkaError` NETWORK_EXCEPTION or UNSUPPORTED_VERSION, or with the signal's reason. */
  async request<Name extends ApiName>(name: Name, message: ApiTypes[Name]['requestInput'], signal: AbortSignal, most = Infinity): Promise<ApiTypes[Name]['response']> {
    const version = Math.min(this.#versions.get(apis[name].key) ?? -1, most);
    if (version < apis[name].from) throw new KafkaError('UNSUPPORTED_VERSION', `the broker at ${this.address} does not speak ${name} in a version that is known here`);
    return this.#ask(name, version, message, signal);
  }

  /** Without waiting for an answer: there is none (Produce with acks=0). */
  post<Name extends ApiName>(name: Name, message: ApiTypes[Name]['requestInput']): void {
    const version = this.#versions.get(apis[name].key) ?? apis[name].from;
    this.#correlationId += 1;
    this.#write(writeRequest(name, { version, correlationId: this.#correlationId, clientId: this.#settings.clientId }, message));
  }

  close(): void {
    this.#fail(new Error('the connection was closed'));
  }

  async #ask<Name extends ApiName>(name: Name, version: number, message: ApiTypes[Name]['requestInput'], signal: AbortSignal): Promise<ApiTypes[Name]['response']> {
    signal.throwIfAborted();
    if (this.#failure !== undefined) throw this.#failure;
    this.#correlationId += 1;
    const correlationId = this.#correlationId;
    const bytes = writeRequest(name, { version, correlationId, clientId: this.#settings.clientId }, message);
    const reader = await new Promise<Reader>((resolve, reject) => {
      const off = onAbort(signal, () => reject(abortReason(signal)));
      this.#waiting.push({ correlationId, settle: (answer) => {
        off();
        if (answer instanceof Reader) resolve(answer);
        else reject(answer);
      } });
      this.#write(bytes);
    });
    return readAnswer(name, version, reader);
  }

  #write(pieces: readonly Uint8Array[]): void {
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  }

  #receive(piece: Buffer): void {
    try {
      for (const frame of this.#frames.push(piece)) {
        const reader = new Reader(frame);
        const correlationId = reader.int32();
        const waiting = this.#waiting.shift();
        if (waiting?.correlationId !== correlationId) throw new Error(`an answer to request ${correlationId}, where ${waiting?.correlationId ?? 'none'} was awaited`);
        waiting.settle(reader);
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(cause: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = new KafkaError('NETWORK_EXCEPTION', `${this.address}: ${cause.message}`, { cause });
    this.#socket.destroy();
    for (const { settle } of this.#waiting.splice(0)) settle(this.#failure);
  }

  async #agree(signal: AbortSignal): Promise<void> {
    // Version 0 is answered by everybody, whatever else they speak.
    const { errorCode, apiKeys } = await this.#ask('ApiVersions', 0, {}, signal);
    if (errorCode !== 0) throw new KafkaError(errorNameOf(errorCode), `the broker at ${this.address} does not say what it speaks`);
    const theirs = new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, { minVersion, maxVersion }]));
    for (const { key, from, to } of Object.values(apis)) {
      const range = theirs.get(key);
      const version = Math.min(to, range?.maxVersion ?? -1);
      if (range !== undefined && version >= Math.max(from, range.minVersion)) this.#versions.set(key, version);
    }
  }

  async #authenticate(sasl: NonNullable<ConnectionSettings['sasl']>, signal: AbortSignal): Promise<void> {
    const { errorCode, mechanisms } = await this.request('SaslHandshake', { mechanism: sasl.mechanism }, signal);
    if (errorCode !== 0) throw new KafkaError(errorNameOf(errorCode), `the broker at ${this.address} does not take ${sasl.mechanism}, but ${mechanisms.join(', ')}`);
    if (sasl.mechanism === 'PLAIN') await this.#saslStep(Buffer.from(`\0${sasl.user}\0${sasl.password}`), signal);
    else await this.#scram(sasl.mechanism, sasl.user, sasl.password, signal);
  }

  async #saslStep(authBytes: Uint8Array, signal: AbortSignal): Promise<string> {
    const { errorCode, errorMessage, authBytes: answer } = await this.request('SaslAuthenticate', { authBytes }, signal);
    if (errorCode !== 0) throw new KafkaError(errorNameOf(errorCode), `the broker at ${this.address} refused: ${errorMessage ?? errorNameOf(errorCode)}`);
    return Buffer.from(answer).toString();
  }

  /** RFC 5802, the client's side. */
  async #scram(mechanism: SaslMechanism, user: string, password: string, signal: AbortSignal): Promise<void> {
    const hash = mechanism === 'SCRAM-SHA-512' ? 'sha512' : 'sha256';
    const refuse = (why: string): never => {
      throw new KafkaError('SASL_AUTHENTICATION_FAILED', `the broker at ${this.address} ${why}`);
    };
    const nonce = Buffer.from(this.#settings.random.bytes(18)).toString('base64url');
    const first = `n=${user.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${nonce}`;
    const serverFirst = await this.#saslStep(Buffer.from(`n,,${first}`), signal);
    const match = /^r=([^,]+),s=([^,]+),i=(\d+)/.exec(serverFirst);
    const [, serverNonce = '', salt = '', iterations = '0'] = match ?? [];
    if (!serverNonce.startsWith(nonce) || Number(iterations) < 4096 || Number(iterations) > 1_000_000) refuse('began SCRAM in a way that is not safe');
    const bytes = hash === 'sha512' ? 64 : 32;
    const salted = await derive(password.normalize('NFKC'), Buffer.from(salt, 'base64'), Number(iterations), bytes, hash);
    const clientKey = createHmac(hash, salted).update('Client Key').digest();
    const storedKey = createHash(hash).update(clientKey).digest();
    const withoutProof = `c=biws,r=${serverNonce}`;
    const exchanged = `${first},${serverFirst},${withoutProof}`;
    const signature = createHmac(hash, storedKey).update(exchanged).digest();
    const proof = Buffer.from(clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))).toString('base64');
    const verifier = Buffer.from(/^v=(.+)$/.exec(await this.#saslStep(Buffer.from(`${withoutProof},p=${proof}`), signal))?.[1] ?? '', 'base64');
    const expected = createHmac(hash, createHmac(hash, salted).update('Server Key').digest()).update(exchanged).digest();
    if (verifier.length !== expected.length || !timingSafeEqual(verifier, expected)) refuse('does not know the password itself: it is not the one that it claims to be');
  }
}

function openSocket(host: string, port: number, { tls, timeoutMs, lookup }: ConnectionSettings, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const at = { host, port, ...(lookup === undefined ? {} : { lookup }) };
    const socket = tls === undefined ? connect(at) : connectSecurely({ ...at, servername: tls.serverName ?? host, ...tls });
    const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${timeoutMs} ms`)), timeoutMs);
    const off = onAbort(signal, () => socket.destroy(abortReason(signal)));
    const ended = (error: Error): void => {
      clearTimeout(timer);
      off();
      reject(signal.aborted ? abortReason(signal) : new KafkaError('NETWORK_EXCEPTION', `cannot connect to ${host}:${port}: ${error.message}`, { cause: error }));
    };
    socket.once('error', ended);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
      clearTimeout(timer);
      off();
      socket.off('error', ended);
      resolve(socket);
    });
  });
}
