/** Reads what `image.ts` wrote, piece by piece, into a state of its own that takes the place of the old one when it is whole. */
import { firstBlockId } from '../../model.ts';
import { Directory, type Attributes, type Construction, type FileBlock, type Layout } from './inode.ts';
import { framesOf, ImageError, ImageReader } from './image-bytes.ts';
import { imageVersion, tag, type ImageHeader } from './image-record.ts';
import type { Namespace } from './namespace.ts';
import type { Outcome } from './retry-cache.ts';
import type { Tree } from './tree.ts';

type KeptAnswer = readonly [callId: string, atMs: number, outcome: Outcome];

/** Replaces the state, and tells the listener of all blocks. Rejects with `ImageError`, and leaves the state as it was, when the image is not whole. */
export async function readImage(namespace: Namespace, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const loading = new ImageLoading(namespace.emptyTree());
  for await (const payload of framesOf(pieces)) loading.frame(payload);
  const { header, retries, tree } = loading.end();
  const { tokens } = namespace;
  tree.nextInodeId = header.nextInodeId;
  tree.nextBlockId = header.nextBlockId;
  tree.nextStamp = header.nextStamp;
  tree.leaving = new Set(header.leaving);
  tokens.keys = header.tokenKeys;
  tokens.nextKeyId = header.nextKeyId;
  tokens.nextSequence = header.nextSequence;
  tokens.issued.clear();
  for (const token of header.tokens) tokens.issued.set(token.sequence, token);
  namespace.retries.load(retries);
  namespace.tree = tree;
  namespace.announceBlocks();
}

class ImageLoading {
  readonly #tree: Tree;
  #header: ImageHeader | undefined;
  readonly #retries: KeptAnswer[] = [];
  /** Directories whose record, or whose place in their parent, is still to come. */
  readonly #awaited = new Map<number, { readonly directory: Directory; placed: boolean; described: boolean }>();
  readonly #withQuota: Directory[] = [];
  #current: Directory | undefined;
  readonly #attributes: Attributes[] = [];
  readonly #layouts: Layout[] = [];
  #totals: readonly number[] | undefined;
  readonly #found = { directories: 0, files: 0 };

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  frame(payload: Buffer): void {
    const source = new ImageReader(payload);
    while (!source.done) this.#record(source);
  }

  end(): { readonly header: ImageHeader; readonly retries: readonly KeptAnswer[]; readonly tree: Tree } {
    const tree = this.#tree;
    if (this.#header === undefined || this.#totals === undefined) throw new ImageError('the image is cut short');
    tree.directories = this.#found.directories;
    tree.files = this.#found.files;
    const found = [tree.directories, tree.files, tree.blocks];
    if (this.#awaited.size > 0 || found.some((count, index) => count !== this.#totals?.[index])) {
      throw new ImageError(`the image has ${found.join(', ')} directories, files and blocks; it should have ${this.#totals.join(', ')}`);
    }
    this.#meter();
    return { header: this.#header, retries: this.#retries, tree };
  }

  #record(source: ImageReader): void {
    const kind = source.number();
    if (this.#header === undefined && kind !== tag.header) throw new ImageError('the image does not begin with a header');
    if (this.#totals !== undefined) throw new ImageError('the image goes on after its end');
    switch (kind) {
      case tag.header: return this.#readHeader(source);
      case tag.retries: return void this.#retries.push(...jsonOf<readonly KeptAnswer[]>(source));
      case tag.directory: return this.#directory(source);
      case tag.child: return this.#child(source);
      case tag.file: return this.#file(source, false);
      case tag.openFile: return this.#file(source, true);
      case tag.end: return void (this.#totals = [source.number(), source.number(), source.number()]);
      default: throw new ImageError(`the image has a record of an unknown kind ${kind}`);
    }
  }

  #readHeader(source: ImageReader): void {
    const version = source.number();
    if (version !== imageVersion) throw new ImageError(`an image of version ${version}; this namenode reads version ${imageVersion}: run the version that wrote it`);
    const header = jsonOf<ImageHeader>(source);
    const { root } = this.#tree;
    if (header.rootId !== root.id) throw new ImageError(`the image's root is ${header.rootId}, not ${root.id}`);
    this.#header = header;
    this.#awaited.set(root.id, { directory: root, placed: true, described: false });
  }

  #directory(source: ImageReader): void {
    const id = source.number();
    const awaited = this.#await(id);
    if (awaited.described) throw new ImageError(`the image describes the directory ${id} twice`);
    awaited.described = true;
    const { directory } = awaited;
    this.#settle(id);
    directory.attributes = this.#attributesOf(source);
    directory.modifiedMs = source.number();
    const names = source.number() - 1;
    const spaceBytes = source.number() - 1;
    if (names >= 0 || spaceBytes >= 0) {
      directory.quota = { names, spaceBytes, usedNames: 0, usedSpaceBytes: 0 };
      this.#withQuota.push(directory);
    }
    this.#found.directories += 1;
    this.#current = directory;
  }

  #child(source: ImageReader): void {
    const id = source.number();
    const awaited = this.#await(id);
    if (awaited.placed) throw new ImageError(`the image has the directory ${id} in two places`);
    awaited.placed = true;
    this.#parent().add(source.text(), awaited.directory);
    this.#settle(id);
  }

  #file(source: ImageReader, open: boolean): void {
    const tree = this.#tree;
    const id = source.number();
    const name = source.text();
    const attributes = this.#attributesOf(source);
    const modifiedMs = source.number();
    const accessed = source.number();
    const file = tree.store.newFile(id, attributes, modifiedMs, this.#layoutOf(source));
    if (accessed > 0) file.setTimes(modifiedMs, accessed - 1);
    this.#parent().add(name, file);
    this.#found.files += 1;
    const count = source.number();
    const blocks: FileBlock[] = [];
    for (let i = 0; i < count; i += 1) {
      const blockId = source.number() + firstBlockId;
      const generationStamp = source.number();
      const bytesAndState = source.number();
      blocks.push({ id: blockId, generationStamp, bytes: Math.floor(bytesAndState / 2), committed: bytesAndState % 2 === 1 });
    }
    tree.loadBlocks(file, blocks);
    if (!open) return;
    tree.openFiles.set(id, file);
    file.construction = jsonOf<Construction>(source);
  }

  /** What quotas count is known when all is there. */
  #meter(): void {
    for (const directory of this.#withQuota) {
      const usage = this.#tree.usageOf(directory);
      directory.quota = { names: -1, spaceBytes: -1, ...directory.quota, usedNames: usage.names, usedSpaceBytes: usage.spaceBytes };
    }
  }

  #await(id: number): { readonly directory: Directory; placed: boolean; described: boolean } {
    const known = this.#awaited.get(id);
    if (known !== undefined) return known;
    const made = { directory: new Directory(this.#tree.store, id, this.#tree.root.attributes, 0), placed: false, described: false };
    this.#awaited.set(id, made);
    return made;
  }

  #settle(id: number): void {
    const awaited = this.#awaited.get(id);
    if (awaited?.placed === true && awaited.described) this.#awaited.delete(id);
  }

  #parent(): Directory {
    if (this.#current === undefined) throw new ImageError('the image has a file in no directory');
    return this.#current;
  }

  #attributesOf(source: ImageReader): Attributes {
    const index = source.number();
    return this.#attributes[index] ??= this.#tree.attributes(source.text(), source.text(), source.number());
  }

  #layoutOf(source: ImageReader): Layout {
    const index = source.number();
    return this.#layouts[index] ??= this.#tree.layout(source.number(), source.number());
  }
}

function jsonOf<T>(source: ImageReader): T {
  const text = source.text();
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new ImageError('the image has a record that is not JSON', { cause });
  }
}
