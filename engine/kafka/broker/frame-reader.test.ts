import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { FrameReader, FrameTooLong } from './frame-reader.ts';

const framed = (payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(4);
  head.writeInt32BE(payload.length);
  return Buffer.concat([head, payload]);
};

test('frames come out as they went in, however the stream is cut', () => {
  fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), fc.array(fc.nat(250), { maxLength: 20 }), (payloads, cuts) => {
    const stream = Buffer.concat(payloads.map(framed));
    const reader = new FrameReader(100);
    const edges = [0, ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b), stream.length];
    const frames = edges.slice(1).flatMap((edge, i) => reader.push(stream.subarray(edges[i], edge)));
    assert.deepEqual(frames.map((frame) => [...frame]), payloads.map((payload) => [...payload]));
  }));
});

test('a frame that is too long, or of negative length, is refused at its head', () => {
  assert.throws(() => new FrameReader(10).push(framed(new Uint8Array(11))), FrameTooLong);
  assert.throws(() => new FrameReader(10).push(Buffer.from([0xff, 0xff, 0xff, 0xff])), FrameTooLong);
});
