/** Delegation tokens: who may act for whom, until when. Keys are made by the active namenode and come in the journal. */
import { createHmac } from 'node:crypto';
import { HdfsError } from '../../hdfs-error.ts';
import type { AddTokenKey, CancelToken, IssueToken, RenewToken } from './operation.ts';

export interface TokenKey {
  readonly id: number;
  /** Base64. */
  readonly key: string;
  readonly expiresMs: number;
}

export interface IssuedToken {
  readonly owner: string;
  readonly renewer: string;
  readonly issuedMs: number;
  /** No renewal goes beyond it. */
  readonly maxMs: number;
  readonly sequence: number;
  readonly keyId: number;
  readonly expiresMs: number;
}

export class Tokens {
  keys: readonly TokenKey[] = [];
  nextKeyId = 1;
  nextSequence = 1;
  readonly issued = new Map<number, IssuedToken>();

  planAddKey({ key, expiresMs, atMs }: AddTokenKey): () => undefined {
    return () => {
      this.keys = [...this.keys.filter((each) => each.expiresMs > atMs), { id: this.nextKeyId, key, expiresMs }];
      this.nextKeyId += 1;
      for (const token of this.issued.values()) if (token.expiresMs <= atMs || token.maxMs <= atMs) this.issued.delete(token.sequence);
      return undefined;
    };
  }

  planIssue({ by, renewer, lifeMs, renewMs, atMs }: IssueToken): () => { readonly sequence: number } {
    const key = this.keys.at(-1);
    if (key === undefined) throw new HdfsError('RetriableException', 'There is no key to sign tokens with yet.');
    return () => {
      const sequence = this.nextSequence;
      this.nextSequence += 1;
      this.issued.set(sequence, { owner: by.user, renewer, issuedMs: atMs, maxMs: atMs + lifeMs, sequence, keyId: key.id, expiresMs: Math.min(atMs + renewMs, atMs + lifeMs) });
      return { sequence };
    };
  }

  planRenew({ by, sequence, renewMs, atMs }: RenewToken): () => number {
    const token = this.valid(sequence, atMs);
    if (token.renewer === '' || token.renewer !== by.user) throw new HdfsError('AccessControlException', `${by.user} tries to renew a token with renewer ${token.renewer === '' ? 'nobody' : token.renewer}`);
    return () => {
      const expiresMs = Math.min(token.maxMs, atMs + renewMs);
      this.issued.set(sequence, { ...token, expiresMs });
      return expiresMs;
    };
  }

  planCancel({ by, sequence }: CancelToken): () => undefined {
    const token = this.issued.get(sequence);
    if (token === undefined) throw new HdfsError('InvalidToken', `Token not found: sequence number ${sequence}`);
    if (by.user !== token.owner && by.user !== token.renewer && !by.bypass) throw new HdfsError('AccessControlException', `${by.user} is not authorized to cancel the token of ${token.owner}`);
    return () => {
      this.issued.delete(sequence);
      return undefined;
    };
  }

  /** Throws `HdfsError` InvalidToken. */
  valid(sequence: number, nowMs: number): IssuedToken {
    const token = this.issued.get(sequence);
    if (token === undefined) throw new HdfsError('InvalidToken', `token (sequence number ${sequence}) can't be found in cache`);
    if (token.expiresMs < nowMs) throw new HdfsError('InvalidToken', `token (sequence number ${sequence}) is expired`);
    return token;
  }

  /** What signs a token of this key. */
  sign(keyId: number, identifier: Uint8Array): Uint8Array {
    const key = this.keys.find((each) => each.id === keyId);
    if (key === undefined) throw new HdfsError('InvalidToken', `the key ${keyId} of the token is unknown`);
    return createHmac('sha1', Buffer.from(key.key, 'base64')).update(identifier).digest();
  }
}
