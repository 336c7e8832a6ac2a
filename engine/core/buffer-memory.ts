/**
 * Memory of large buffers, given back at once. The collector sees a buffer as a few bytes of heap; a process through which data flows would have it run
 * for every few of them, for nothing but their memory.
 */

/** Below this it is left to the collector: small buffers may share their memory with others. */
export const freedBytesMin = 64 * 1024;

/** The caller owns all of the buffer's memory, and nobody reads it any more: it has no bytes from now on. */
export function freeMemory(view: Uint8Array): void {
  if (view.length >= freedBytesMin && view.buffer instanceof ArrayBuffer && !view.buffer.detached) view.buffer.transfer(0);
}
