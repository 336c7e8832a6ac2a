/**
 * Reads tables/*.table: one file per API (or per message that travels inside of others), a line per field.
 *
 *     api KEY NAME VERSIONS flexible VERSIONS          then `request` and `response` with their fields
 *     data NAME VERSIONS flexible VERSIONS             then its fields
 *     FIELD TYPE VERSIONS [null VERSIONS] [tag N VERSIONS] [default VALUE] [ignorable]
 *     struct NAME VERSIONS                             fields of a structure that several fields use
 *
 * VERSIONS: `3`, `3+`, `3-13` or `none`. TYPE: bool, int8 … float64, string, uuid, bytes, records, a structure's name, or `[]` of one. Fields of a structure
 * stand below it, further in. A version that lacks a field may drop its value silently only when it is `ignorable`.
 */
export interface Versions {
  readonly from: number;
  readonly to: number;
}

export interface Field {
  readonly name: string;
  /** Without `[]`. */
  readonly type: string;
  readonly isArray: boolean;
  readonly versions: Versions;
  readonly nullable: Versions | undefined;
  readonly tag: { readonly number: number; readonly versions: Versions } | undefined;
  readonly default: string | undefined;
  readonly ignorable: boolean;
}

export interface Struct {
  readonly name: string;
  readonly fields: readonly Field[];
}

export interface Message {
  readonly name: string;
  /** The first one is the message itself. */
  readonly structs: readonly Struct[];
}

export interface Table {
  readonly name: string;
  readonly key: number | undefined;
  readonly versions: Versions;
  readonly flexible: Versions;
  readonly messages: readonly Message[];
}

const none: Versions = { from: Infinity, to: -1 };

interface Line {
  readonly indent: number;
  readonly words: readonly string[];
}

export function parseTable(text: string): Table {
  const lines = text.split('\n').filter((line) => line.trim() !== '').map((line): Line => ({ indent: line.length - line.trimStart().length, words: line.trim().split(' ') }));
  const [head, ...rest] = lines;
  const words = head?.words ?? [];
  const isApi = words[0] === 'api';
  const [name = '', versions = '', , flexible = ''] = words.slice(isApi ? 2 : 1);
  const base = { name, versions: parseVersions(versions), flexible: parseVersions(flexible) };
  if (!isApi) return { ...base, key: undefined, messages: [parseMessage(name, rest)] };
  const split = rest.findIndex((line) => line.words[0] === 'response' && line.indent === 0);
  return { ...base, key: Number(words[1]), messages: [parseMessage(`${name}Request`, rest.slice(1, split)), parseMessage(`${name}Response`, rest.slice(split + 1))] };
}

function parseMessage(name: string, lines: readonly Line[]): Message {
  const structs: Struct[] = [];
  const read = (owner: string, from: number, indent: number): number => {
    const fields: Field[] = [];
    const place = structs.push({ name: owner, fields }) - 1;
    let at = from;
    while (at < lines.length) {
      const line = lines[at];
      if (line === undefined || line.indent < indent) break;
      at += 1;
      if (line.words[0] === 'struct') at = read(line.words[1] ?? '', at, line.indent + 2);
      else {
        const field = parseField(line.words);
        fields.push(field);
        if ((lines[at]?.indent ?? 0) > line.indent) at = read(field.type, at, line.indent + 2);
      }
    }
    structs[place] = { name: owner, fields };
    return at;
  };
  read(name, 0, 2);
  return { name, structs };
}

function parseField(words: readonly string[]): Field {
  const [name = '', type = '', versions = ''] = words;
  const after = (word: string): number => words.indexOf(word, 3) + 1;
  const at = { null: after('null'), tag: after('tag'), default: after('default') };
  return {
    name: name.charAt(0).toLowerCase() + name.slice(1),
    type: type.replace('[]', ''),
    isArray: type.startsWith('[]'),
    versions: parseVersions(versions),
    nullable: at.null === 0 || words[at.null - 2] === 'default' ? undefined : parseVersions(words[at.null] ?? ''),
    tag: at.tag === 0 ? undefined : { number: Number(words[at.tag]), versions: parseVersions(words[at.tag + 1] ?? '') },
    default: at.default === 0 ? undefined : words[at.default],
    ignorable: words.at(-1) === 'ignorable',
  };
}

function parseVersions(text: string): Versions {
  if (text === 'none') return none;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new Error(`'${text}' are no versions`);
  const from = Number(match[1]);
  return { from, to: match[2] === undefined ? Number(match[3] ?? from) : Infinity };
}
