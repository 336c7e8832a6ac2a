/** Delegation tokens: issued, renewed, cancelled and verified by the active namenode; their keys are rolled daily and come in the journal. */
import type { ClientProtocol } from '../client-protocol.ts';
import { HdfsError } from '../hdfs-error.ts';
import { change, ownChange, readBarrier, requireActive, type NameNodeContext } from './name-node-context.ts';
import { tokenText, verifiedSequence } from './namespace/token-text.ts';

type TokenCalls = Pick<ClientProtocol, 'getDelegationToken' | 'renewDelegationToken' | 'cancelDelegationToken' | 'verifyDelegationToken'>;

const dayMs = 24 * 60 * 60_000;
/** HDFS's own: a token lives for seven days at most, and must be renewed every day. */
const tokenLifeMs = 7 * dayMs;
const tokenRenewMs = dayMs;
/** A key outlives the tokens that it signed. */
const keyLifeMs = tokenLifeMs + dayMs;
const keyBytes = 32;

export function tokenCalls(context: NameNodeContext): TokenCalls {
  const { clock, namespace } = context;
  return {
    async getDelegationToken(caller, renewer) {
      requireActive(context);
      await rollTokenKey(context);
      const { sequence } = await change<'issueToken'>(context, caller, 'Cannot issue delegation token', { kind: 'issueToken', renewer, lifeMs: tokenLifeMs, renewMs: tokenRenewMs });
      return { text: tokenText(namespace.tokens.valid(sequence, clock.wallMs()), namespace.tokens, '') };
    },
    async renewDelegationToken(caller, token) {
      requireActive(context);
      const sequence = verifiedSequence(token, namespace.tokens);
      return change<'renewToken'>(context, caller, 'Cannot renew delegation token', { kind: 'renewToken', sequence, renewMs: tokenRenewMs });
    },
    async cancelDelegationToken(caller, token) {
      requireActive(context);
      const sequence = verifiedSequence(token, namespace.tokens);
      await change<'cancelToken'>(context, caller, 'Cannot cancel delegation token', { kind: 'cancelToken', sequence });
    },
    async verifyDelegationToken(token) {
      await readBarrier(context);
      const { owner } = namespace.tokens.valid(verifiedSequence(token, namespace.tokens), clock.wallMs());
      if (owner === '') throw new HdfsError('InvalidToken', 'the token has no owner');
      return { user: owner, groups: [] };
    },
  };
}

/** Makes a new key when the last one is a day old. */
export async function rollTokenKey(context: NameNodeContext): Promise<void> {
  const { clock, namespace, random } = context;
  const last = namespace.tokens.keys.at(-1);
  const nowMs = clock.wallMs();
  if (last !== undefined && last.expiresMs - keyLifeMs > nowMs - dayMs) return;
  const key = Buffer.from(random.bytes(keyBytes)).toString('base64');
  await ownChange<'addTokenKey'>(context, { kind: 'addTokenKey', key, expiresMs: nowMs + keyLifeMs });
}
