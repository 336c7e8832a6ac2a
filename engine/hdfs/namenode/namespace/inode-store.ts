/**
 * All files in columns: about 60 bytes of typed arrays a file, and its name. A million objects would take twice that, and every collection of garbage
 * would walk them. A row that is free is used again.
 */
import { File, type Attributes, type Construction, type Directory, type FileBlock, type Layout } from './inode.ts';

const pageShift = 12;
const pageRows = 1 << pageShift;
const noBlock = 0;
const manyBlocks = -1;

class Page {
  /** 0: a free row. */
  readonly ids = new Float64Array(pageRows);
  readonly names: string[] = [];
  readonly parents: (Directory | undefined)[] = [];
  readonly attributes = new Uint32Array(pageRows);
  readonly layouts = new Uint32Array(pageRows);
  readonly modifiedMs = new Float64Array(pageRows);
  readonly accessedMs = new Float64Array(pageRows);
  /** The only block of a file that has one. */
  readonly blockIds = new Float64Array(pageRows);
  readonly stamps = new Float64Array(pageRows);
  readonly bytes = new Float64Array(pageRows);
  readonly committed = new Uint8Array(pageRows);
}

export class InodeStore {
  /** Told of a directory before it, or a file in it, changes: for an image that is being written. */
  onChanging: ((directory: Directory) => void) | undefined;
  readonly #pages: Page[] = [];
  readonly #free: number[] = [];
  #rows = 0;
  /** Files of several blocks, by row. */
  readonly #blocks = new Map<number, readonly FileBlock[]>();
  readonly #constructions = new Map<number, Construction>();
  readonly #attributes = new Map<string, Attributes>();
  readonly #attributesAt: Attributes[] = [];
  readonly #layouts = new Map<string, Layout>();
  readonly #layoutsAt: Layout[] = [];

  attributes(owner: string, group: string, permission: number): Attributes {
    return interned(this.#attributes, this.#attributesAt, `${permission} ${owner.length} ${owner} ${group}`, (index) => ({ index, owner, group, permission }));
  }

  layout(replication: number, blockBytes: number): Layout {
    return interned(this.#layouts, this.#layoutsAt, `${replication} ${blockBytes}`, (index) => ({ index, replication, blockBytes }));
  }

  /** Without a name or a place yet. */
  newFile(id: number, attributes: Attributes, atMs: number, layout: Layout): File {
    const row = this.#free.pop() ?? this.#rows++;
    if (row >>> pageShift === this.#pages.length) this.#pages.push(new Page());
    const page = this.#page(row);
    const at = row & (pageRows - 1);
    page.ids[at] = id;
    page.names[at] = '';
    page.parents[at] = undefined;
    page.attributes[at] = attributes.index;
    page.layouts[at] = layout.index;
    page.modifiedMs[at] = atMs;
    page.accessedMs[at] = atMs;
    return new File(this, row, id);
  }

  /** The file is gone: its handles mean nothing any more. */
  free(row: number): void {
    const page = this.#page(row);
    const at = row & (pageRows - 1);
    page.ids[at] = 0;
    page.names[at] = '';
    page.parents[at] = undefined;
    page.blockIds[at] = noBlock;
    this.#blocks.delete(row);
    this.#constructions.delete(row);
    this.#free.push(row);
  }

  file(row: number): File {
    return new File(this, row, this.id(row));
  }

  changing(directory: Directory | undefined): void {
    if (directory !== undefined) this.onChanging?.(directory);
  }

  /** Whoever calls has told of the directory's change. */
  place(row: number, name: string, parent: Directory | undefined): void {
    const page = this.#page(row);
    const at = row & (pageRows - 1);
    page.names[at] = name;
    page.parents[at] = parent;
  }

  id(row: number): number {
    return this.#page(row).ids[row & (pageRows - 1)] ?? 0;
  }

  name(row: number): string {
    return this.#page(row).names[row & (pageRows - 1)] ?? '';
  }

  parent(row: number): Directory | undefined {
    return this.#page(row).parents[row & (pageRows - 1)];
  }

  attributesOf(row: number): Attributes {
    return this.#attributesAt[this.#page(row).attributes[row & (pageRows - 1)] ?? 0] as Attributes;
  }

  setAttributes(row: number, attributes: Attributes): void {
    this.changing(this.parent(row));
    this.#page(row).attributes[row & (pageRows - 1)] = attributes.index;
  }

  layoutOf(row: number): Layout {
    return this.#layoutsAt[this.#page(row).layouts[row & (pageRows - 1)] ?? 0] as Layout;
  }

  setLayout(row: number, layout: Layout): void {
    this.changing(this.parent(row));
    this.#page(row).layouts[row & (pageRows - 1)] = layout.index;
  }

  modifiedMs(row: number): number {
    return this.#page(row).modifiedMs[row & (pageRows - 1)] ?? 0;
  }

  accessedMs(row: number): number {
    return this.#page(row).accessedMs[row & (pageRows - 1)] ?? 0;
  }

  setTimes(row: number, modifiedMs: number, accessedMs: number): void {
    this.changing(this.parent(row));
    const page = this.#page(row);
    page.modifiedMs[row & (pageRows - 1)] = modifiedMs;
    page.accessedMs[row & (pageRows - 1)] = accessedMs;
  }

  blocks(row: number): readonly FileBlock[] {
    const page = this.#page(row);
    const at = row & (pageRows - 1);
    const id = page.blockIds[at] ?? noBlock;
    if (id === noBlock) return [];
    if (id === manyBlocks) return this.#blocks.get(row) ?? [];
    return [{ id, generationStamp: page.stamps[at] ?? 0, bytes: page.bytes[at] ?? 0, committed: page.committed[at] === 1 }];
  }

  setBlocks(row: number, blocks: readonly FileBlock[]): void {
    this.changing(this.parent(row));
    const page = this.#page(row);
    const at = row & (pageRows - 1);
    const [only] = blocks;
    if (blocks.length > 1) {
      page.blockIds[at] = manyBlocks;
      this.#blocks.set(row, blocks);
      return;
    }
    if (page.blockIds[at] === manyBlocks) this.#blocks.delete(row);
    page.blockIds[at] = only?.id ?? noBlock;
    page.stamps[at] = only?.generationStamp ?? 0;
    page.bytes[at] = only?.bytes ?? 0;
    page.committed[at] = only?.committed === true ? 1 : 0;
  }

  construction(row: number): Construction | undefined {
    return this.#constructions.get(row);
  }

  setConstruction(row: number, construction: Construction | undefined): void {
    this.changing(this.parent(row));
    if (construction === undefined) this.#constructions.delete(row);
    else this.#constructions.set(row, construction);
  }

  #page(row: number): Page {
    return this.#pages[row >>> pageShift] as Page;
  }
}

function interned<T>(pool: Map<string, T>, at: T[], key: string, make: (index: number) => T): T {
  const known = pool.get(key);
  if (known !== undefined) return known;
  const made = make(at.length);
  pool.set(key, made);
  at.push(made);
  return made;
}
