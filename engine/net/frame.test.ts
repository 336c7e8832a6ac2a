import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { encodeFrameHeader, FrameDecoder, frameKind, type Frame } from './frame.ts';
import { callerHandshake, listenerHandshake, type Handshake } from './handshake.ts';
import { RpcError } from './rpc-error.ts';

const encode = (frame: Frame): Buffer => Buffer.concat([encodeFrameHeader(frame.kind, frame.id, frame.payload.length), frame.payload]);

test('a frame has the bytes that its grammar says', () => {
  const bytes = encode({ kind: frameKind.request, id: 0x01020304, payload: Buffer.from('ab') });
  // length 7, kind 0x10, id 0x01020304, payload "ab"
  assert.equal(bytes.toString('hex'), '0000000710010203046162');
});

test('frames come out as they went in, however the stream is cut', () => {
  const frame = fc.record<Frame>({
    kind: fc.constantFrom(...Object.values(frameKind)),
    id: fc.integer({ min: 0, max: 0xffff_ffff }),
    payload: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  }, { noNullPrototype: true });
  fc.assert(fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(60), { maxLength: 40 }), (frames, cuts) => {
    const stream = Buffer.concat(frames.map(encode));
    const decoder = new FrameDecoder(1000);
    const decoded: Frame[] = [];
    let from = 0;
    for (const cut of [...cuts, stream.length]) {
      decoded.push(...decoder.push(stream.subarray(from, from + cut)));
      from += cut;
    }
    assert.deepEqual(decoded.map((each) => ({ ...each, payload: Buffer.from(each.payload) })), frames);
  }));
});

test('long frames come out whole, and what was copied out of may be given back', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { minLength: 1, maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 65_536 }), { minLength: 1, maxLength: 20 }), (lengths, cuts) => {
    const frames = lengths.map((length, index): Frame => ({ kind: frameKind.request, id: index, payload: Buffer.alloc(length, index + 1) }));
    const stream = Buffer.concat(frames.map(encode));
    const decoder = new FrameDecoder(200_000, (bytes) => bytes.fill(0xff));
    const decoded: Frame[] = [];
    for (let from = 0, next = 0; from < stream.length; next += 1) {
      const part = Buffer.from(stream.subarray(from, from + (cuts[next % cuts.length] ?? 1)));
      decoded.push(...decoder.push(part));
      from += part.length;
    }
    assert.deepEqual(decoded.map(({ id, payload }) => [id, payload.length]), frames.map(({ id, payload }) => [id, payload.length]));
    assert.ok(decoded.every(({ payload }, index) => payload.equals(frames[index]?.payload ?? Buffer.alloc(0))));
  }), { numRuns: 60 });
});

test('a frame that is too long or unknown is an error at its header', () => {
  const check = (bytes: Buffer, code: string): void => {
    assert.throws(() => [...new FrameDecoder(100).push(bytes)], (error: unknown) => error instanceof RpcError && error.code === code);
  };
  check(encodeFrameHeader(frameKind.request, 1, 101), 'TooLarge');
  check(Buffer.from('GET / HTTP/1.1\r\n'), 'Protocol');
  check(Buffer.alloc(9), 'Protocol');
});

function shake(caller: Handshake, listener: Handshake): readonly unknown[] {
  const outcomes: unknown[] = ['pending', 'pending'];
  const queue = caller.start().send.map((each) => ({ to: 1, ...each }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const side = next.to === 1 ? listener : caller;
    const step = side.receive({ kind: next.kind, id: 0, payload: Buffer.from(next.payload) });
    outcomes[next.to] = step.outcome;
    queue.push(...step.send.map((each) => ({ to: 1 - (next?.to ?? 0), ...each })));
  }
  return outcomes.map((each) => (each instanceof RpcError ? each.message : each));
}
const secret = Buffer.from('the secret of this application');
const nonce = (fill: number): Buffer => Buffer.alloc(32, fill);

test('both sides finish when the secrets are the same', () => {
  assert.deepEqual(shake(callerHandshake(secret, nonce(1)), listenerHandshake(secret, nonce(2))), ['done', 'done']);
});

test('both sides say why when the secrets differ', () => {
  assert.deepEqual(shake(callerHandshake(Buffer.from('another'), nonce(1)), listenerHandshake(secret, nonce(2))),
    ['the other side refused the proof: the application secrets differ', 'the peer does not know the application secret']);
});

test('a listener that only repeats what it was sent is found out', () => {
  const caller = callerHandshake(secret, nonce(1));
  caller.start();
  const answer = caller.receive({ kind: frameKind.challenge, id: 0, payload: nonce(1) });
  const proof = Buffer.from(answer.send[0]?.payload ?? []);
  const step = caller.receive({ kind: frameKind.accepted, id: 0, payload: proof });
  assert.ok(step.outcome instanceof RpcError);
});
