import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { seededRandom } from '../../core/random.ts';
import { HdfsError } from '../hdfs-error.ts';
import { checksumsOf } from './chunk-checksums.ts';
import { fileChecksum } from './file-checksum.ts';
import { superuser, TestHdfs } from './testdata/test-hdfs.ts';

const content = Buffer.from(seededRandom(21).bytes(150_000));
const blockBytes = 65_536;

/** As Hadoop's client computes it, step by step. */
function expected(data: Buffer): string {
  const digests: Buffer[] = [];
  for (let from = 0; from < data.length; from += blockBytes) digests.push(createHash('md5').update(checksumsOf(data.subarray(from, from + blockBytes))).digest());
  const buffer = Buffer.alloc(digests.length <= 2 ? 32 : 64);
  Buffer.concat(digests).copy(buffer);
  return createHash('md5').update(buffer).digest('hex');
}

test('a checksum has the layout and the name that Hadoop gives it', async () => {
  await using hdfs = await TestHdfs.start(2);
  const check = async (bytes: number, algorithm: string, head: string, md5: string): Promise<void> => {
    const path = `/file-${bytes}`;
    await hdfs.write(path, content.subarray(0, bytes), 1);
    const checksum = await fileChecksum(hdfs.node().access, superuser, path);
    assert.deepEqual([checksum.algorithm, Buffer.from(checksum.bytes).toString('hex')], [algorithm, head + md5]);
  };
  // Of no bytes: the well-known one of HDFS, MD5 of 32 zero bytes.
  await check(0, 'MD5-of-0MD5-of-0CRC32', '000000000000000000000000', '70bc8f4b72a86921468bf8e8441dce51');
  await check(1000, 'MD5-of-0MD5-of-512CRC32C', '000002000000000000000000', expected(content.subarray(0, 1000)));
  await check(100_000, 'MD5-of-128MD5-of-512CRC32C', '000002000000000000000080', expected(content.subarray(0, 100_000)));
  await check(150_000, 'MD5-of-128MD5-of-512CRC32C', '000002000000000000000080', expected(content));
});

test('a file that is being written has no checksum', async () => {
  await using hdfs = await TestHdfs.start(1);
  const writer = await hdfs.create('/open', {}, 1);
  await writer.write(content.subarray(0, 1000));
  await writer.flush();
  await assert.rejects(fileChecksum(hdfs.node().access, superuser, '/open'), (error) => error instanceof HdfsError && /under construction/.test(error.message));
  await writer.close();
});
