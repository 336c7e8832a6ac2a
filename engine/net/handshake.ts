/**
 * Mutual proof that both ends know the application's secret, which itself never travels:
 *
 *   caller   hello      version u8, nonceC (32 bytes)
 *   listener challenge  nonceL (32 bytes)
 *   caller   proof      HMAC-SHA256(secret, "headrace caller"   ‖ nonceC ‖ nonceL)
 *   listener accepted   HMAC-SHA256(secret, "headrace listener" ‖ nonceC ‖ nonceL)
 *   listener refused    (instead of accepted) empty; then it closes
 *
 * The caller proves itself first, so that a stranger learns nothing from a listener. The labels differ, so that one
 * end's proof is no answer to the other's challenge. What follows is not encrypted: networks are kept apart by policy.
 * Both sides are pure state machines: a frame in, frames out.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { frameKind, type Frame, type FrameKind } from './frame.ts';
import { RpcError } from './rpc-error.ts';

const version = 1;
const nonceBytes = 32;
/** No handshake frame is longer. */
export const handshakePayloadBytesMax = 64;

export interface HandshakeStep {
  readonly send: readonly { readonly kind: FrameKind; readonly payload: Uint8Array }[];
  readonly outcome: 'pending' | 'done' | RpcError;
}

export interface Handshake {
  start(): HandshakeStep;
  receive(frame: Frame): HandshakeStep;
}

export function callerHandshake(secret: Uint8Array, nonce: Uint8Array): Handshake {
  let listenerNonce: Uint8Array | undefined;
  return {
    start: () => pending({ kind: frameKind.hello, payload: Buffer.concat([Uint8Array.of(version), nonce]) }),
    receive: (frame) => {
      if (frame.kind === frameKind.refused) return failed('the other side refused the proof: the application secrets differ');
      if (listenerNonce === undefined) {
        if (frame.kind !== frameKind.challenge || frame.payload.length !== nonceBytes) return failed('the other side sent no challenge');
        listenerNonce = Uint8Array.from(frame.payload);
        return pending({ kind: frameKind.proof, payload: proof(secret, 'caller', nonce, listenerNonce) });
      }
      const expected = proof(secret, 'listener', nonce, listenerNonce);
      return frame.kind === frameKind.accepted && equal(frame.payload, expected)
        ? { send: [], outcome: 'done' }
        : failed('the other side does not know the application secret');
    },
  };
}

export function listenerHandshake(secret: Uint8Array, nonce: Uint8Array): Handshake {
  let callerNonce: Uint8Array | undefined;
  return {
    start: () => ({ send: [], outcome: 'pending' }),
    receive: (frame) => {
      if (callerNonce === undefined) {
        if (frame.kind !== frameKind.hello || frame.payload.length !== nonceBytes + 1) return failed('the peer sent no hello');
        if (frame.payload[0] !== version) return failed(`the peer speaks version ${String(frame.payload[0])} of the protocol, not ${version}`);
        callerNonce = Uint8Array.from(frame.payload.subarray(1));
        return pending({ kind: frameKind.challenge, payload: nonce });
      }
      if (frame.kind !== frameKind.proof || !equal(frame.payload, proof(secret, 'caller', callerNonce, nonce))) {
        return { ...failed('the peer does not know the application secret'), send: [{ kind: frameKind.refused, payload: new Uint8Array() }] };
      }
      return { send: [{ kind: frameKind.accepted, payload: proof(secret, 'listener', callerNonce, nonce) }], outcome: 'done' };
    },
  };
}

function proof(secret: Uint8Array, side: 'caller' | 'listener', callerNonce: Uint8Array, listenerNonce: Uint8Array): Uint8Array {
  return createHmac('sha256', secret).update(`headrace ${side}`).update(callerNonce).update(listenerNonce).digest();
}

function equal(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function pending(...send: HandshakeStep['send']): HandshakeStep {
  return { send, outcome: 'pending' };
}

function failed(message: string): HandshakeStep {
  return { send: [], outcome: new RpcError('Unauthenticated', message) };
}

export const handshakeNonceBytes = nonceBytes;
