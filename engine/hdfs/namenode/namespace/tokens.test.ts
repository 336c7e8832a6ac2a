/** Delegation tokens: their bytes are Hadoop's, their life is bounded, and nobody makes one without the key. */
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { HdfsError } from '../../hdfs-error.ts';
import { tokenText, verifiedSequence } from './token-text.ts';
import { Tokens, type IssuedToken } from './tokens.ts';

const key = Buffer.from('a key of the cluster').toString('base64');

function tokensWith(keyId: number): Tokens {
  const tokens = new Tokens();
  tokens.keys = [{ id: keyId, key, expiresMs: 1e15 }];
  return tokens;
}

/** Written by Hadoop 3.4.1: a Token of a DelegationTokenIdentifier, signed with HMAC-SHA1, by encodeToUrlString. */
const hadoops: readonly { readonly token: IssuedToken; readonly service: string; readonly text: string }[] = [
  {
    token: { owner: 'alice', renewer: 'yarn', issuedMs: 1_764_060_000_000, maxMs: 1_764_664_800_000, sequence: 7, keyId: 2, expiresMs: 0 },
    service: '127.0.0.1:9870',
    text: 'HQAFYWxpY2UEeWFybgCKAZq6K28AigGa3jfzAAcCFCVE88wcVcBQ-coL2P_eSWjgdGGhEldFQkhERlMgZGVsZWdhdGlvbg4xMjcuMC4wLjE6OTg3MA',
  },
  {
    token: { owner: 'ünï', renewer: '', issuedMs: 127, maxMs: 128, sequence: 1_000_000, keyId: 200, expiresMs: 0 },
    service: '',
    text: 'EgAFw7xuw68AAH-PgI0PQkCPyBTIWj5I3F3WZNgLNzTuJuvFU1ecjRJXRUJIREZTIGRlbGVnYXRpb24A',
  },
];

for (const { token, service, text } of hadoops) {
  test(`the token of ${token.owner} is, byte for byte, what Hadoop writes`, () => {
    const tokens = tokensWith(token.keyId);
    assert.equal(tokenText(token, tokens, service), text);
    assert.equal(verifiedSequence(text, tokens), token.sequence);
  });
}

const invalid = (text: string, tokens: Tokens): void => assert.throws(() => verifiedSequence(text, tokens), { name: 'HdfsError', code: 'InvalidToken' });

test('a token that was changed, cut short, or signed with another key is refused', () => {
  const [{ text, token } = hadoops[1] as (typeof hadoops)[0]] = hadoops;
  const bytes = Buffer.from(text, 'base64url');
  const signed = 1 + (bytes[0] ?? 0) + 21;
  for (let at = 0; at < signed; at += 1) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 1;
    invalid(changed.toString('base64url'), tokensWith(token.keyId));
    invalid(bytes.subarray(0, at).toString('base64url'), tokensWith(token.keyId));
  }
  invalid(text, tokensWith(token.keyId + 1));
  const other = tokensWith(token.keyId);
  other.keys = [{ id: token.keyId, key: Buffer.from('another').toString('base64'), expiresMs: 1e15 }];
  invalid(text, other);
  invalid('', other);
  invalid('A'.repeat(100_000), other);
});

const by = (user: string, bypass = false) => ({ user, groups: [user], bypass });
const hourMs = 3_600_000;

function issued(): Tokens {
  const tokens = new Tokens();
  tokens.planAddKey({ kind: 'addTokenKey', by: by('hdfs', true), atMs: 0, key, expiresMs: 100 * hourMs })();
  assert.deepEqual(tokens.planIssue({ kind: 'issueToken', by: by('alice'), atMs: 0, renewer: 'yarn', lifeMs: 10 * hourMs, renewMs: hourMs })(), { sequence: 1 });
  return tokens;
}

const refusal = (act: () => unknown): string => {
  try {
    act();
    return 'ok';
  } catch (error) {
    if (error instanceof HdfsError) return error.code;
    throw error;
  }
};

test('a token is valid until it expires, and its renewer may put that off, but not for ever', () => {
  const tokens = issued();
  assert.equal(tokens.valid(1, hourMs).owner, 'alice');
  assert.equal(refusal(() => tokens.valid(1, hourMs + 1)), 'InvalidToken');
  const renew = (user: string, atMs: number) => tokens.planRenew({ kind: 'renewToken', by: by(user), atMs, sequence: 1, renewMs: hourMs });
  assert.equal(renew('yarn', hourMs)(), 2 * hourMs);
  assert.equal(refusal(() => renew('alice', hourMs)), 'AccessControlException');
  for (let at = 2; at < 10; at += 1) assert.equal(renew('yarn', at * hourMs)(), Math.min(10, at + 1) * hourMs);
  assert.equal(renew('yarn', 10 * hourMs)(), 10 * hourMs);
  assert.equal(refusal(() => renew('yarn', 10 * hourMs + 1)), 'InvalidToken');
  assert.equal(refusal(() => tokens.planRenew({ kind: 'renewToken', by: by('yarn'), atMs: 0, sequence: 2, renewMs: 1 })), 'InvalidToken');
});

test('a token is cancelled by its owner, its renewer or the superuser, once', () => {
  for (const who of [by('alice'), by('yarn'), by('hdfs', true)]) {
    const tokens = issued();
    assert.equal(refusal(() => tokens.planCancel({ kind: 'cancelToken', by: by('bob'), atMs: 0, sequence: 1 })), 'AccessControlException');
    tokens.planCancel({ kind: 'cancelToken', by: who, atMs: 0, sequence: 1 })();
    assert.equal(refusal(() => tokens.valid(1, 0)), 'InvalidToken');
    assert.equal(refusal(() => tokens.planCancel({ kind: 'cancelToken', by: who, atMs: 0, sequence: 1 })), 'InvalidToken');
  }
});

test('without a key no token is issued, and the caller is told to come again', () => {
  assert.equal(refusal(() => new Tokens().planIssue({ kind: 'issueToken', by: by('alice'), atMs: 0, renewer: '', lifeMs: 1, renewMs: 1 })), 'RetriableException');
});

test('a new key drives out old keys and tokens that have expired, and no others', () => {
  const tokens = issued();
  tokens.planIssue({ kind: 'issueToken', by: by('bob'), atMs: 0, renewer: 'yarn', lifeMs: 10 * hourMs, renewMs: 9 * hourMs })();
  tokens.planAddKey({ kind: 'addTokenKey', by: by('hdfs', true), atMs: 2 * hourMs, key, expiresMs: 200 * hourMs })();
  assert.deepEqual([...tokens.issued.keys()], [2]);
  assert.deepEqual(tokens.keys.map(({ id }) => id), [1, 2]);
  tokens.planAddKey({ kind: 'addTokenKey', by: by('hdfs', true), atMs: 100 * hourMs, key, expiresMs: 300 * hourMs })();
  assert.deepEqual(tokens.keys.map(({ id }) => id), [2, 3]);
});
