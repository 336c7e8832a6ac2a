import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from '../../core/random.ts';
import { checksumsOf, chunkStart, crc32c, firstWrongChunk } from './chunk-checksums.ts';

const content = Buffer.from(seededRandom(11).bytes(1_100_000));

/** Chunk by chunk, with the native function. */
function plain(data: Uint8Array): Buffer {
  const sums: number[] = [];
  for (let from = 0; from < data.length; from += 512) sums.push(crc32c(data.subarray(from, from + 512)));
  const bytes = Buffer.alloc(sums.length * 4);
  for (const [index, sum] of sums.entries()) bytes.writeUInt32BE(sum, index * 4);
  return bytes;
}

test('the checksum of "123456789" is that of the literature', () => {
  assert.equal(checksumsOf(Buffer.from('123456789')).toString('hex'), 'e3069283');
});

test('checksums of whole buffers are those of their chunks, one by one', () => {
  for (const length of [0, 1, 511, 512, 513, 2048, 2560, 524_288, 524_800, 1_100_000]) assert.deepEqual(checksumsOf(content.subarray(0, length)), plain(content.subarray(0, length)), `${length} bytes`);
  fc.assert(fc.property(fc.nat(8000), fc.nat(9000), (from, length) => {
    const data = content.subarray(from, from + length);
    assert.deepEqual(checksumsOf(data), plain(data));
  }));
});

test('one turned bit is found in its chunk', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 9000 }), fc.nat(), fc.nat(7), (length, place, bit) => {
    const data = Buffer.from(content.subarray(0, length));
    const checksums = checksumsOf(data);
    assert.equal(firstWrongChunk(data, checksums), -1);
    const at = place % length;
    data.writeUInt8(data.readUInt8(at) ^ (1 << bit), at);
    assert.equal(firstWrongChunk(data, checksums), chunkStart(at) / 512);
  }));
});
