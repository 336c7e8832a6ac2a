/** The compressions of batches. gzip and zstd are the runtime's; snappy and lz4 are in `snappy.ts` and `lz4.ts`. */
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { Compression } from './batch-header.ts';
import { tooLarge, wronglyCompressed } from './bounded-output.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';
import { compressSnappy, decompressSnappy } from './snappy.ts';

export function compress(compression: Compression, bytes: Uint8Array): Uint8Array {
  switch (compression) {
    case 'none': return bytes;
    case 'gzip': return gzipSync(bytes);
    case 'snappy': return compressSnappy(bytes);
    case 'lz4': return compressLz4(bytes);
    case 'zstd': return zstdCompressSync(bytes);
  }
}

/** Throws MESSAGE_TOO_LARGE when more than `bytesMax` come out, without having made more than that; CORRUPT_MESSAGE when it is not what it should be. */
export function decompress(compression: Compression, bytes: Uint8Array, bytesMax: number): Uint8Array {
  switch (compression) {
    case 'none':
      if (bytes.length > bytesMax) throw tooLarge(bytesMax);
      return bytes;
    case 'gzip': return byRuntime('gzip', bytesMax, (maxOutputLength) => gunzipSync(bytes, { maxOutputLength }));
    case 'snappy': return decompressSnappy(bytes, bytesMax);
    case 'lz4': return decompressLz4(bytes, bytesMax);
    case 'zstd': return byRuntime('zstd', bytesMax, (maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }));
  }
}

function byRuntime(compression: Compression, bytesMax: number, run: (maxOutputLength: number) => Uint8Array): Uint8Array {
  let bytes: Uint8Array;
  try {
    // The runtime takes no limit below 1.
    bytes = run(Math.max(bytesMax, 1));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bytesMax, cause);
    throw wronglyCompressed(compression, 'the runtime cannot read it', cause);
  }
  if (bytes.length > bytesMax) throw tooLarge(bytesMax);
  return bytes;
}
