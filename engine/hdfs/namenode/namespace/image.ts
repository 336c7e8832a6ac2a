/**
 * Writes the name space as bytes while operations go on being applied. What the image says is the state as of its beginning: directories are written one
 * after the other, and one that is about to change before its turn is written first. So the name space pauses for one directory at a time.
 */
import { firstBlockId } from '../../model.ts';
import { Directory, type Attributes, type FileBlock, type Layout, type Quota } from './inode.ts';
import { ImageError, ImageWriter } from './image-bytes.ts';
import { imageVersion, tag, type ImageHeader } from './image-record.ts';
import type { InodeStore } from './inode-store.ts';
import type { Namespace } from './namespace.ts';
import type { Tree } from './tree.ts';

const retriesPerRecord = 500;

/**
 * The state as of this call, in pieces. One image at a time: the next one ends this one, whose reader gets an `ImageError`. A piece is encoded when it is
 * asked for, so that whoever stores it sets the pace.
 */
export function writeImage(namespace: Namespace): AsyncIterable<Uint8Array> {
  const { tree, retries } = namespace;
  const image = new ImageInProgress(tree, headerOf(namespace));
  const kept = retries.entries();
  return (async function* pieces() {
    try {
      const { out } = image;
      for (let at = 0; at < kept.length; at += retriesPerRecord) {
        out.number(tag.retries);
        out.text(JSON.stringify(kept.slice(at, at + retriesPerRecord)));
        out.endRecord();
        yield* image.take();
      }
      while (image.writeNext()) yield* image.take();
      image.end();
      yield* image.take(true);
    } finally {
      image.close();
    }
  })();
}

function headerOf({ tree, tokens }: Namespace): ImageHeader {
  return {
    rootId: tree.root.id, nextInodeId: tree.nextInodeId, nextBlockId: tree.nextBlockId, nextStamp: tree.nextStamp, leaving: [...tree.leaving],
    tokenKeys: tokens.keys, nextKeyId: tokens.nextKeyId, nextSequence: tokens.nextSequence, tokens: [...tokens.issued.values()],
  };
}

class ImageInProgress {
  readonly out = new ImageWriter();
  readonly #store: InodeStore;
  readonly #onChanging: (directory: Directory) => void;
  readonly #directories: readonly Directory[];
  /** Not written yet. */
  readonly #pending: Set<Directory>;
  #next = 0;
  readonly #totals: readonly number[];
  readonly #attributes = new Map<number, number>();
  readonly #layouts = new Map<number, number>();

  constructor(tree: Tree, header: ImageHeader) {
    this.#store = tree.store;
    this.#directories = directoriesOf(tree.root);
    this.#pending = new Set(this.#directories);
    this.#totals = [tree.directories, tree.files, tree.blocks];
    this.#onChanging = (directory) => {
      if (this.#pending.delete(directory)) this.#directory(directory);
    };
    this.#store.onChanging = this.#onChanging;
    // Before anything that changes soon.
    this.out.number(tag.header);
    this.out.number(imageVersion);
    this.out.text(JSON.stringify(header));
    this.out.endRecord();
  }

  /** False when all are written. */
  writeNext(): boolean {
    if (this.#store.onChanging !== this.#onChanging) throw new ImageError('another image of the name space was begun before this one was whole');
    while (this.#next < this.#directories.length) {
      const directory = this.#directories[this.#next] as Directory;
      this.#next += 1;
      if (!this.#pending.delete(directory)) continue;
      this.#directory(directory);
      return true;
    }
    return false;
  }

  take(all = false): readonly Uint8Array[] {
    return this.out.take(all);
  }

  end(): void {
    this.out.number(tag.end);
    for (const total of this.#totals) this.out.number(total);
    this.out.endRecord();
  }

  close(): void {
    if (this.#store.onChanging === this.#onChanging) this.#store.onChanging = undefined;
  }

  #directory(directory: Directory): void {
    const { out } = this;
    out.number(tag.directory);
    out.number(directory.id);
    this.#attributesOf(directory.attributes);
    out.number(directory.modifiedMs);
    this.#quota(directory.quota);
    out.endRecord();
    for (const child of directory.rows()) {
      if (typeof child === 'number') {
        this.#file(child);
      } else {
        out.number(tag.child);
        out.number(child.id);
        out.text(child.name);
      }
      out.endRecord();
    }
  }

  #file(row: number): void {
    const { out } = this;
    const store = this.#store;
    const construction = store.construction(row);
    const modifiedMs = store.modifiedMs(row);
    const accessedMs = store.accessedMs(row);
    out.number(construction === undefined ? tag.file : tag.openFile);
    out.number(store.id(row));
    out.text(store.name(row));
    this.#attributesOf(store.attributesOf(row));
    out.number(modifiedMs);
    out.number(accessedMs === modifiedMs ? 0 : accessedMs + 1);
    this.#layoutOf(store.layoutOf(row));
    this.#blocks(store.blocks(row));
    if (construction !== undefined) out.text(JSON.stringify(construction));
  }

  #blocks(blocks: readonly FileBlock[]): void {
    const { out } = this;
    out.number(blocks.length);
    for (const { id, generationStamp, bytes, committed } of blocks) {
      out.number(id - firstBlockId);
      out.number(generationStamp);
      out.number(bytes * 2 + (committed ? 1 : 0));
    }
  }

  #quota(quota: Quota | undefined): void {
    this.out.number((quota?.names ?? -1) + 1);
    this.out.number((quota?.spaceBytes ?? -1) + 1);
  }

  #attributesOf({ index, owner, group, permission }: Attributes): void {
    if (!this.#isNew(this.#attributes, index)) return;
    this.out.text(owner);
    this.out.text(group);
    this.out.number(permission);
  }

  #layoutOf({ index, replication, blockBytes }: Layout): void {
    if (!this.#isNew(this.#layouts, index)) return;
    this.out.number(replication);
    this.out.number(blockBytes);
  }

  /** Writes the image's number of something that many share; when it is new, its fields must follow. */
  #isNew(known: Map<number, number>, index: number): boolean {
    const number = known.get(index);
    this.out.number(number ?? known.size);
    if (number === undefined) known.set(index, known.size);
    return number === undefined;
  }
}

/** All of them, without a look at the files. */
function directoriesOf(root: Directory): readonly Directory[] {
  const found = [root];
  for (const directory of found) {
    for (const child of directory.rows()) if (child instanceof Directory) found.push(child);
  }
  return found;
}
