/**
 * The whole name space as bytes: a header in JSON (counters, tokens, answers kept for retries), then the tree, depth first. Written in one go, so that
 * operations can go on while the pieces are stored: the pause is about a microsecond a file.
 */
import { firstBlockId } from '../../model.ts';
import { Directory, File, type Attributes, type FileBlock, type Inode, type Layout, type Quota } from './inode.ts';
import { ImageError, ImageReader, ImageWriter } from './image-bytes.ts';
import type { Namespace } from './namespace.ts';
import type { Outcome } from './retry-cache.ts';
import type { IssuedToken, TokenKey } from './tokens.ts';
import type { Tree } from './tree.ts';

const version = 1;
const tag = { end: 0, directory: 1, file: 2 } as const;

interface Header {
  readonly version: number;
  readonly nextInodeId: number;
  readonly nextBlockId: number;
  readonly nextStamp: number;
  readonly leaving: readonly string[];
  readonly tokenKeys: readonly TokenKey[];
  readonly nextKeyId: number;
  readonly nextSequence: number;
  readonly tokens: readonly IssuedToken[];
  readonly retries: readonly (readonly [string, number, Outcome])[];
}

/** The pieces hold the state as of this call, whatever is applied afterwards. */
export function imageOf(namespace: Namespace): readonly Uint8Array[] {
  const { tree, tokens, retries } = namespace;
  const writer = new ImageWriter();
  const header: Header = {
    version, nextInodeId: tree.nextInodeId, nextBlockId: tree.nextBlockId, nextStamp: tree.nextStamp, leaving: [...tree.leaving],
    tokenKeys: tokens.keys, nextKeyId: tokens.nextKeyId, nextSequence: tokens.nextSequence, tokens: [...tokens.issued.values()], retries: retries.entries(),
  };
  writer.text(JSON.stringify(header));
  new InodeWriter(writer).inode(tree.root);
  return writer.end();
}

/** Replaces the state, and tells the listener of all blocks. Throws `ImageError` and leaves the state as it was when the image is not whole. */
export function restoreImage(namespace: Namespace, image: Buffer): void {
  const reader = new ImageReader(image);
  const header = JSON.parse(reader.text()) as Header;
  if (header.version !== version) throw new ImageError(`an image of version ${header.version}; this namenode reads version ${version}: run the version that wrote it`);
  const tree = namespace.emptyTree();
  const root = new InodeReader(reader, tree).inode();
  if (!(root instanceof Directory) || !reader.done) throw new ImageError('the image does not end where it should');
  tree.root = root;
  tree.directories -= 1; // the empty tree's root
  tree.nextInodeId = header.nextInodeId;
  tree.nextBlockId = header.nextBlockId;
  tree.nextStamp = header.nextStamp;
  tree.leaving = new Set(header.leaving);
  namespace.tree = tree;
  namespace.tokens.keys = header.tokenKeys;
  namespace.tokens.nextKeyId = header.nextKeyId;
  namespace.tokens.nextSequence = header.nextSequence;
  namespace.tokens.issued.clear();
  for (const token of header.tokens) namespace.tokens.issued.set(token.sequence, token);
  namespace.retries.load(header.retries);
  namespace.announceBlocks();
}

class InodeWriter {
  readonly #out: ImageWriter;
  readonly #attributes = new Map<Attributes, number>();
  readonly #layouts = new Map<Layout, number>();

  constructor(out: ImageWriter) {
    this.#out = out;
  }

  inode(inode: Inode): void {
    const out = this.#out;
    out.number(inode instanceof Directory ? tag.directory : tag.file);
    out.number(inode.id);
    out.text(inode.name);
    this.#attributesOf(inode.attributes);
    out.number(inode.modifiedMs);
    if (inode instanceof File) return this.#file(inode);
    this.#quota(inode.quota);
    if (inode.children !== undefined) for (const child of inode.children.values()) this.inode(child);
    return out.number(tag.end);
  }

  #file(file: File): void {
    const out = this.#out;
    out.number(file.accessedMs === file.modifiedMs ? 0 : file.accessedMs + 1);
    this.#layoutOf(file.layout);
    const { blocks, construction } = file;
    out.number(blocks.length);
    for (const block of blocks) {
      out.number(block.id - firstBlockId);
      out.number(block.generationStamp);
      out.number(block.bytes);
      out.number(block.committed ? 1 : 0);
    }
    out.text(construction === undefined ? '' : JSON.stringify(construction));
  }

  #quota(quota: Quota | undefined): void {
    this.#out.number((quota?.names ?? -1) + 1);
    this.#out.number((quota?.spaceBytes ?? -1) + 1);
  }

  #attributesOf(attributes: Attributes): void {
    if (!this.#shared(this.#attributes, attributes)) return;
    this.#out.text(attributes.owner);
    this.#out.text(attributes.group);
    this.#out.number(attributes.permission);
  }

  #layoutOf(layout: Layout): void {
    if (!this.#shared(this.#layouts, layout)) return;
    this.#out.number(layout.replication);
    this.#out.number(layout.blockBytes);
  }

  /** Writes the number of a shared object; true when it is new, and its fields must follow. */
  #shared<T>(known: Map<T, number>, value: T): boolean {
    const index = known.get(value);
    this.#out.number(index ?? known.size);
    if (index === undefined) known.set(value, known.size);
    return index === undefined;
  }
}

class InodeReader {
  readonly #in: ImageReader;
  readonly #tree: Tree;
  readonly #attributes: Attributes[] = [];
  readonly #layouts: Layout[] = [];

  constructor(source: ImageReader, tree: Tree) {
    this.#in = source;
    this.#tree = tree;
  }

  inode(): Inode | undefined {
    const source = this.#in;
    const kind = source.number();
    if (kind === tag.end) return undefined;
    if (kind !== tag.directory && kind !== tag.file) throw new ImageError(`the image has an inode of an unknown kind ${kind}`);
    const id = source.number();
    const name = source.text();
    const attributes = this.#attributesOf();
    const modifiedMs = source.number();
    return kind === tag.file ? this.#file(id, name, attributes, modifiedMs) : this.#directory(id, name, attributes, modifiedMs);
  }

  #directory(id: number, name: string, attributes: Attributes, modifiedMs: number): Directory {
    const directory = new Directory(id, name, attributes, modifiedMs);
    this.#tree.directories += 1;
    const names = this.#in.number() - 1;
    const spaceBytes = this.#in.number() - 1;
    for (let child = this.inode(); child !== undefined; child = this.inode()) {
      child.parent = directory;
      directory.children ??= new Map();
      directory.children.set(child.name, child);
    }
    if (names < 0 && spaceBytes < 0) return directory;
    const usage = this.#tree.usageOf(directory);
    directory.quota = { names, spaceBytes, usedNames: usage.names, usedSpaceBytes: usage.spaceBytes };
    return directory;
  }

  #file(id: number, name: string, attributes: Attributes, modifiedMs: number): File {
    const source = this.#in;
    const accessed = source.number();
    const file = new File(id, name, attributes, modifiedMs, this.#layoutOf());
    if (accessed > 0) file.accessedMs = accessed - 1;
    const count = source.number();
    const blocks: FileBlock[] = [];
    for (let i = 0; i < count; i += 1) {
      blocks.push({ id: source.number() + firstBlockId, generationStamp: source.number(), bytes: source.number(), committed: source.number() === 1 });
    }
    this.#tree.files += 1;
    this.#tree.setBlocks(file, blocks);
    const construction = source.text();
    if (construction !== '') {
      file.construction = JSON.parse(construction) as NonNullable<File['construction']>;
      this.#tree.openFiles.set(id, file);
    }
    return file;
  }

  #attributesOf(): Attributes {
    const index = this.#in.number();
    return this.#attributes[index] ??= this.#tree.attributes(this.#in.text(), this.#in.text(), this.#in.number());
  }

  #layoutOf(): Layout {
    const index = this.#in.number();
    return this.#layouts[index] ??= this.#tree.layout(this.#in.number(), this.#in.number());
  }
}

