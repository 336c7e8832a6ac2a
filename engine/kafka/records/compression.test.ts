import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { KafkaError } from '../kafka-error.ts';
import { compressions } from './batch-header.ts';
import { compress, decompress } from './compression.ts';
import { xxHash32 } from './xx-hash-32.ts';

/** Bytes with repetitions near and far, longer than the blocks of the formats. */
const anyContent = fc.array(fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.record({ byte: fc.nat(255), times: fc.nat(70_000) }).map(({ byte, times }) => new Uint8Array(times).fill(byte)),
  fc.record({ word: fc.uint8Array({ minLength: 1, maxLength: 40 }), times: fc.nat(300) }).map(({ word, times }) => Buffer.concat(Array.from({ length: times }, () => word))),
), { maxLength: 8 }).map((parts) => new Uint8Array(Buffer.concat(parts)));

for (const compression of compressions) {
  test(`content comes back: ${compression}`, () => {
    fc.assert(fc.property(anyContent, (content) => {
      const compressed = compress(compression, content);
      assert.ok(Buffer.from(content).equals(decompress(compression, compressed, content.length)));
    }), { numRuns: 80 });
  });

  test(`garbage is refused: ${compression}`, () => {
    if (compression === 'none') return;
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(16), (garbage, kept) => {
      const begun = Buffer.concat([compress(compression, Buffer.from('headrace '.repeat(20))).subarray(0, kept), garbage]);
      try {
        assert.ok(decompress(compression, begun, 10_000).length <= 10_000);
      } catch (error) {
        assert.ok(error instanceof KafkaError, String(error));
      }
    }), { numRuns: 300 });
  });
}

test('bare blocks of Snappy are read, with copies of all three distances', () => {
  const read = (hex: string): string => Buffer.from(decompress('snappy', Buffer.from(hex, 'hex'), 1000)).toString();
  // Length 12, the literal 'ab', then copies of 4, 3 and 3 bytes, 2 back.
  assert.equal(read('0c04616201020a02000b02000000'), 'abababababab');
  assert.equal(read('0a0061220100'), 'a'.repeat(10));
});

test('an LZ4 frame whose blocks depend on each other is read, and its checksum is looked at', () => {
  const frame = readFileSync(new URL('testdata/lines.lz4', import.meta.url));
  const lines = Array.from({ length: 200 }, (_, i) => `line ${i % 50} of headrace\n`).join('');
  assert.equal(Buffer.from(decompress('lz4', frame, 10_000)).toString(), lines);
  const damaged = Buffer.from(frame);
  damaged[30] = 0x58;
  assert.throws(() => decompress('lz4', damaged, 10_000), { code: 'CORRUPT_MESSAGE' });
});

test('xxHash has the values of its specification', () => {
  assert.equal(xxHash32(new Uint8Array()), 0x02cc5d05);
  assert.equal(xxHash32(Buffer.from('a')), 0x550d7456);
  assert.equal(xxHash32(Buffer.from('abc')), 0x32d153ff);
  assert.equal(xxHash32(Buffer.from('Nobody inspects the spammish repetition')), 0xe2293b2f);
});
