/**
 * Measures the namenode's state in memory: files of one block each, in directories of 1,000.
 *   node --expose-gc bench/namespace.ts fill FILES IMAGE     journal entries applied, then an image written: rates, and the longest pause
 *   node --expose-gc bench/namespace.ts load IMAGE           the image read, with the block manager told of all blocks: time and resident memory
 * Each prints one line of JSON. `fill` first; both in processes of their own, so that neither's garbage counts for the other.
 */
import { strict as assert } from 'node:assert';
import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { systemRandom } from '../engine/core/random.ts';
import { BlockManager } from '../engine/hdfs/namenode/block-manager/block-manager.ts';
import { defaultBlockManagerOptions } from '../engine/hdfs/namenode/block-manager/block-state.ts';
import { silentBlockListener } from '../engine/hdfs/namenode/namespace/block-listener.ts';
import { namespaceMachine } from '../engine/hdfs/namenode/namespace/namespace-machine.ts';
import { Namespace } from '../engine/hdfs/namenode/namespace/namespace.ts';
import { encodeOperation } from '../engine/hdfs/namenode/namespace/operation-codec.ts';
import type { Create, NamespaceOperation } from '../engine/hdfs/namenode/namespace/operation.ts';
import type { Block } from '../engine/hdfs/model.ts';

const [what, ...more] = process.argv.slice(2);
const owners = { superuser: 'hdfs', supergroup: 'supergroup' };
const by = { user: 'alice', groups: ['staff'], bypass: false };
const startMs = 1_764_060_000_000;
const megabytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
const perSecond = (count: number, sinceMs: number): number => Math.round(count / (performance.now() - sinceMs) * 1000);

function memory(): Readonly<Record<string, number>> {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { residentMb: megabytes(rss), heapMb: megabytes(heapUsed), columnsMb: megabytes(arrayBuffers) };
}

const creation = (index: number, atMs: number): Create => ({
  kind: 'create', by, atMs, path: `/data/directory-${Math.floor(index / 1000)}/part-m-${String(index).padStart(7, '0')}`, client: 'writer', permission: 0o644, overwrite: false,
  createParent: true, replication: 3, blockBytes: 128 * 1024 * 1024,
});

async function fill(files: number, imageFile: string): Promise<Readonly<Record<string, number>>> {
  const namespace = new Namespace(owners, silentBlockListener);
  const machine = namespaceMachine(namespace);
  const apply = (operation: NamespaceOperation): unknown => {
    const value = machine.apply(encodeOperation(operation), 0);
    if (value instanceof Error) throw value;
    return value;
  };
  apply({ kind: 'mkdirs', by: { user: 'hdfs', groups: ['supergroup'], bypass: true }, atMs: startMs, path: '/data', permission: 0o777, createParent: true });
  const fillingAt = performance.now();
  for (let index = 0; index < files; index += 1) {
    const atMs = startMs + index;
    const create = creation(index, atMs);
    namespace.check(create);
    const { fileId } = apply(create) as { readonly fileId: number };
    const block = apply({ kind: 'addBlock', by, atMs, fileId, client: 'writer' }) as Block;
    apply({ kind: 'complete', by, atMs: atMs + 5, fileId, client: 'writer', last: { ...block, bytes: 1000 + index } });
  }
  const filesPerSecond = perSecond(files, fillingAt);
  const full = memory();
  const image = await store(machine.snapshot(), imageFile);
  const creatingAt = performance.now();
  const creates = Math.min(files, 200_000);
  for (let index = 0; index < creates; index += 1) {
    const create = creation(files + index, startMs);
    namespace.check(create);
    namespace.apply(create);
  }
  return { files, filesPerSecond, createsPerSecond: perSecond(creates, creatingAt), ...full, ...image };
}

/** The longest time for which nothing else could have run. */
async function store(pieces: AsyncIterable<Uint8Array>, imageFile: string): Promise<Readonly<Record<string, number>>> {
  const file = openSync(imageFile, 'w');
  const startedAt = performance.now();
  let pauseMs = 0;
  let bytes = 0;
  for (const iterator = pieces[Symbol.asyncIterator](); ;) {
    const at = performance.now();
    const { done, value } = await iterator.next();
    pauseMs = Math.max(pauseMs, performance.now() - at);
    if (done === true) break;
    writeSync(file, value);
    bytes += value.length;
  }
  closeSync(file);
  return { imageMb: megabytes(bytes), imageMs: Math.round(performance.now() - startedAt), imagePauseMs: Math.round(pauseMs) };
}

async function load(imageFile: string): Promise<Readonly<Record<string, number>>> {
  const before = memory();
  const options = { ...defaultBlockManagerOptions, deadAfterMs: 600_000, staleAfterMs: 30_000, safeMode: { threshold: 1, datanodes: 1, extensionMs: 0 }, transferBandwidth: 1 << 20 };
  const blocks: BlockManager = new BlockManager(options, systemRandom(), () => ({ nextBlockId: namespace.tree.nextBlockId, nextGenerationStamp: namespace.tree.nextStamp }));
  const namespace: Namespace = new Namespace(owners, {
    ...silentBlockListener, addBlock: (block) => blocks.addBlock(block), clearBlocks: () => blocks.clearBlocks(),
  });
  const startedAt = performance.now();
  await namespaceMachine(namespace).restore(createReadStream(imageFile, { highWaterMark: 1 << 20 }));
  const loadMs = Math.round(performance.now() - startedAt);
  // As the namenode does once it is up.
  setFlagsFromString('--optimize-for-size');
  return { files: namespace.files, loadMs, emptyMb: before['residentMb'] ?? 0, ...memory() };
}

const [first = '', second = ''] = more;
assert.ok(what === 'fill' && Number(first) > 0 && second !== '' || what === 'load' && first !== '', 'usage: namespace.ts fill FILES IMAGE | load IMAGE');
console.log(JSON.stringify(what === 'fill' ? await fill(Number(first), second) : await load(first)));
