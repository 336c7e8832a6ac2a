/**
 * Delegation tokens as Hadoop writes them, so that Hadoop's clients can read whom they are for: a `Token` (identifier, password, kind, service) in
 * Hadoop's Writable encoding, as URL-safe base64 without padding. The identifier is an AbstractDelegationTokenIdentifier of version 0.
 */
import { timingSafeEqual } from 'node:crypto';
import { HdfsError } from '../../hdfs-error.ts';
import type { IssuedToken, Tokens } from './tokens.ts';

/** What Hadoop's WebHDFS client looks for. Its HDFS client's kind, HDFS_DELEGATION_TOKEN, has the same identifier. */
const kind = 'WEBHDFS delegation';
const textBytesMax = 65_536;

export function tokenText(token: IssuedToken, tokens: Tokens, service: string): string {
  const identifier = identifierOf(token);
  const password = tokens.sign(token.keyId, identifier);
  return Buffer.concat([sized(identifier), sized(password), text(kind), text(service)]).toString('base64url');
}

/** The token's number, once its signature is proved. Throws `HdfsError` InvalidToken. */
export function verifiedSequence(encoded: string, tokens: Tokens): number {
  if (encoded.length > textBytesMax) throw new HdfsError('InvalidToken', 'the token is too long');
  const reader = new Reader(Buffer.from(encoded, 'base64url'));
  const identifier = reader.bytes();
  const password = reader.bytes();
  const inner = new Reader(identifier);
  inner.byte();
  for (let field = 0; field < 3; field += 1) inner.bytes();
  inner.long();
  inner.long();
  const sequence = inner.long();
  const expected = tokens.sign(inner.long(), identifier);
  if (password.length !== expected.length || !timingSafeEqual(password, expected)) throw new HdfsError('InvalidToken', `token (sequence number ${sequence}) is not signed by this cluster`);
  return sequence;
}

function identifierOf({ owner, renewer, issuedMs, maxMs, sequence, keyId }: IssuedToken): Buffer {
  return Buffer.concat([Buffer.from([0]), text(owner), text(renewer), text(''), variable(issuedMs), variable(maxMs), variable(sequence), variable(keyId)]);
}

function text(value: string): Buffer {
  return sized(Buffer.from(value));
}

function sized(bytes: Uint8Array): Buffer {
  return Buffer.concat([variable(bytes.length), bytes]);
}

/** WritableUtils' long of variable length, for numbers that are not negative: one byte up to 127, else a byte that says how many follow. */
function variable(value: number): Buffer {
  if (value <= 127) return Buffer.from([value]);
  let hex = value.toString(16);
  if (hex.length % 2 === 1) hex = `0${hex}`;
  const bytes = Buffer.from(hex, 'hex');
  return Buffer.concat([Buffer.from([256 - 112 - bytes.length]), bytes]);
}

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new HdfsError('InvalidToken', 'the token is cut short');
    this.#at += 1;
    return value;
  }

  long(): number {
    const first = this.byte();
    if (first <= 127) return first;
    const count = 256 - 112 - first;
    if (count < 1 || count > 7) throw new HdfsError('InvalidToken', 'the token is malformed');
    let value = 0;
    for (let i = 0; i < count; i += 1) value = value * 256 + this.byte();
    return value;
  }

  bytes(): Buffer {
    const length = this.long();
    if (this.#at + length > this.#bytes.length) throw new HdfsError('InvalidToken', 'the token is cut short');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}
