/** An operation as bytes of a journal entry: a version, then JSON. */
import type { NamespaceOperation } from './operation.ts';

const version = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export class JournalFormatError extends Error {
  override readonly name = 'JournalFormatError';
}

export function encodeOperation(operation: NamespaceOperation): Uint8Array {
  const text = encoder.encode(JSON.stringify(operation));
  const bytes = new Uint8Array(text.length + 1);
  bytes[0] = version;
  bytes.set(text, 1);
  return bytes;
}

/** Throws `JournalFormatError` for an entry that another version wrote. The log's checksum vouches for the bytes, so their shape is not checked again. */
export function decodeOperation(bytes: Uint8Array): NamespaceOperation {
  if (bytes[0] !== version) throw new JournalFormatError(`a journal entry of version ${bytes[0] ?? 'none'}; this namenode reads version ${version}: run the version that wrote it`);
  return JSON.parse(decoder.decode(bytes.subarray(1))) as NamespaceOperation;
}
