/** Nested maps that know mkdirs, write, rename, delete, list and quotas: short and slow, everything counted anew each time. Replication is 2. */

interface Folder {
  readonly children: Map<string, Node>;
  names: number;
  spaceBytes: number;
}
/** Bytes. */
type Node = Folder | number;

class Refusal extends Error {}

const folder = (): Folder => ({ children: new Map(), names: -1, spaceBytes: -1 });
const isFolder = (node: Node | undefined): node is Folder => typeof node === 'object';
const split = (path: string): readonly string[] => path.split('/').filter((each) => each !== '');
const namesOf = (node: Node): number => isFolder(node) ? 1 + sum([...node.children.values()].map(namesOf)) : 1;
const spaceOf = (node: Node): number => isFolder(node) ? sum([...node.children.values()].map(spaceOf)) : node * 2;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

export class NaiveTree {
  readonly #root = folder();

  /** `true`, `false`, `ok`, a listing, or an exception's name. */
  run(command: string): string {
    const [what = '', path = '', a = '', b] = command.split(' ');
    try {
      switch (what) {
        case 'mkdirs': return this.#mkdirs(split(path), true);
        case 'mkdir': return this.#mkdirs(split(path), false);
        case 'write': return this.#write(split(path), Number(a));
        case 'rename': return this.#rename(split(path), split(a));
        case 'move': return this.#move(split(path), split(a), false);
        case 'replace': return this.#move(split(path), split(a), true);
        case 'delete': return this.#delete(split(path), false);
        case 'rm': return this.#delete(split(path), true);
        case 'quota': return this.#quota(split(path), a, b);
        default: return this.#list(split(path));
      }
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }

  tree(): string {
    const lines: string[] = [];
    const walk = (node: Folder, prefix: string): void => {
      for (const [name, child] of node.children) {
        lines.push(isFolder(child) ? `${prefix}/${name}/` : `${prefix}/${name}(${child === 0 ? '' : child})`);
        if (isFolder(child)) walk(child, `${prefix}/${name}`);
      }
    };
    walk(this.#root, '');
    return lines.toSorted().join(' ');
  }

  #get(path: readonly string[]): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path) node = isFolder(node) ? node.children.get(name) : undefined;
    return node;
  }

  #parent(path: readonly string[]): Folder | undefined {
    const parent = path.length === 0 ? undefined : this.#get(path.slice(0, -1));
    return isFolder(parent) ? parent : undefined;
  }

  #fileOnTheWay(path: readonly string[]): boolean {
    return path.some((_, index) => index > 0 && typeof this.#get(path.slice(0, index)) === 'number');
  }

  /** Runs a change, and takes it back when a quota that stands above what `grows` is passed by it. */
  #metered(grows: readonly Folder[], change: () => void): void {
    const undo = copyOf(this.#root);
    const used = grows.map((each) => [namesOf(each), spaceOf(each)] as const);
    change();
    const passed = grows.toReversed().map((each) => {
      const [names, space] = used[grows.indexOf(each)] ?? [0, 0];
      if (each.names >= 0 && namesOf(each) > names && namesOf(each) > each.names) return 'NSQuotaExceededException';
      return each.spaceBytes >= 0 && spaceOf(each) > space && spaceOf(each) > each.spaceBytes ? 'DSQuotaExceededException' : undefined;
    }).find((each) => each !== undefined);
    if (passed === undefined) return;
    this.#root.children.clear();
    for (const [name, child] of undo.children) this.#root.children.set(name, child);
    throw new Refusal(passed);
  }

  #above(path: readonly string[]): readonly Folder[] {
    return path.map((_, index) => this.#get(path.slice(0, index))).filter((each) => isFolder(each));
  }

  #mkdirs(path: readonly string[], parents: boolean): string {
    const node = this.#get(path);
    if (isFolder(node)) return 'true';
    if (node !== undefined) throw new Refusal('FileAlreadyExistsException');
    if (this.#fileOnTheWay(path)) throw new Refusal('ParentNotDirectoryException');
    if (!parents && this.#parent(path) === undefined) throw new Refusal('FileNotFoundException');
    this.#metered(this.#above(path), () => this.#make(path));
    return 'true';
  }

  #make(path: readonly string[]): Folder {
    let at = this.#root;
    for (const name of path) {
      const next = at.children.get(name) ?? folder();
      if (!isFolder(next)) throw new Error('a file is in the way');
      at.children.set(name, next);
      at = next;
    }
    return at;
  }

  #write(path: readonly string[], bytes: number): string {
    if (this.#get(path) !== undefined) throw new Refusal('FileAlreadyExistsException');
    if (this.#fileOnTheWay(path)) throw new Refusal('ParentNotDirectoryException');
    const put = (value: number): void => void this.#make(path.slice(0, -1)).children.set(path.at(-1) ?? '', value);
    this.#metered(this.#above(path), () => put(0));
    if (bytes === 0) return 'ok';
    try {
      // While it is written, a block counts as a whole one.
      this.#metered(this.#above(path), () => put(10));
    } catch (error) {
      this.#parent(path)?.children.delete(path.at(-1) ?? '');
      throw error;
    }
    put(bytes);
    return 'ok';
  }

  #rename(from: readonly string[], named: readonly string[]): string {
    const node = this.#get(from);
    if (node === undefined || from.length === 0) return 'false';
    const to = isFolder(this.#get(named)) ? [...named, from.at(-1) ?? ''] : named;
    if (this.#fileOnTheWay(to)) throw new Refusal('ParentNotDirectoryException');
    if (to.join('/') === from.join('/')) return 'true';
    if (isBelow(to, from) || this.#get(to) !== undefined || this.#parent(to) === undefined) return 'false';
    this.#put(from, to);
    return 'true';
  }

  #move(from: readonly string[], to: readonly string[], overwrite: boolean): string {
    if (from.length === 0) throw new Refusal('IOException');
    const node = this.#get(from);
    if (node === undefined) throw new Refusal('FileNotFoundException');
    if (to.join('/') === from.join('/')) throw new Refusal('FileAlreadyExistsException');
    if (to.length === 0 || isBelow(to, from)) throw new Refusal('IOException');
    const there = this.#get(to);
    if (there !== undefined) {
      if (isFolder(there) !== isFolder(node)) throw new Refusal('IOException');
      if (!overwrite) throw new Refusal('FileAlreadyExistsException');
      if (isFolder(there) && there.children.size > 0) throw new Refusal('IOException');
    }
    if (this.#fileOnTheWay(to)) throw new Refusal('ParentNotDirectoryException');
    if (this.#parent(to) === undefined) throw new Refusal('FileNotFoundException');
    this.#put(from, to);
    return 'ok';
  }

  #put(from: readonly string[], to: readonly string[]): void {
    // A quota counts only below the directory that both have in common.
    const left = new Set(this.#above(from));
    this.#metered(this.#above(to).filter((each) => !left.has(each)), () => {
      const node = this.#get(from);
      const target = this.#parent(to);
      this.#parent(from)?.children.delete(from.at(-1) ?? '');
      if (node !== undefined) target?.children.set(to.at(-1) ?? '', node);
    });
  }

  #delete(path: readonly string[], recursive: boolean): string {
    const node = this.#get(path);
    if (node === undefined) return 'false';
    if (!recursive && isFolder(node) && node.children.size > 0) throw new Refusal('PathIsNotEmptyDirectoryException');
    if (path.length === 0) return 'false';
    this.#parent(path)?.children.delete(path.at(-1) ?? '');
    return 'true';
  }

  #quota(path: readonly string[], names: string, spaceBytes: string | undefined): string {
    const node = this.#get(path);
    if (!isFolder(node)) throw new Refusal('FileNotFoundException');
    if (names !== '-') node.names = Number(names);
    if (spaceBytes !== undefined) node.spaceBytes = Number(spaceBytes);
    return 'ok';
  }

  #list(path: readonly string[]): string {
    const node = this.#get(path);
    if (node === undefined) throw new Refusal('FileNotFoundException');
    return isFolder(node) ? [...node.children.keys()].toSorted().join(' ') : '';
  }
}

function isBelow(path: readonly string[], above: readonly string[]): boolean {
  return path.length > above.length && above.every((name, index) => name === path[index]);
}

function copyOf(node: Folder): Folder {
  return { ...node, children: new Map([...node.children].map(([name, child]) => [name, isFolder(child) ? copyOf(child) : child])) };
}
