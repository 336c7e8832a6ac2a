/** Makes TypeScript out of tables/: types, readers and writers of each message, straight-line code for each field. Written to generated/ by `make generate`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTable, type Field, type Message, type Struct, type Table, type Versions } from './table.ts';

const here = import.meta.dirname;

const scalars: Readonly<Record<string, string>> = {
  bool: 'boolean', int8: 'number', int16: 'number', uint16: 'number', int32: 'number', uint32: 'number', int64: 'number', float64: 'number', string: 'string', uuid: 'Uuid',
  bytes: 'Uint8Array', records: 'Uint8Array',
};

/** Text of the generated files by name below generated/. */
export function kafkaMessages(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const apis: { readonly file: string; readonly table: Table }[] = [];
  for (const name of readdirSync(join(here, 'tables')).toSorted()) {
    const table = parseTable(readFileSync(join(here, 'tables', name), 'utf8'));
    const file = name.replace('.table', '.ts');
    files.set(file, messageFile(table));
    if (table.key !== undefined) apis.push({ file, table });
  }
  files.set('apis.ts', registryFile(apis.toSorted((a, b) => (a.table.key ?? 0) - (b.table.key ?? 0))));
  return files;
}

function registryFile(apis: readonly { readonly file: string; readonly table: Table }[]): string {
  const imports = apis.map(({ file, table: { name } }) =>
    `import { read${name}Request, read${name}Response, write${name}Request, write${name}Response, type ${name}Request, type ${name}RequestInput, type ${name}Response, type ${name}ResponseInput } from './${file}';`);
  const rows = apis.map(({ table: { name, key, versions, flexible } }) =>
    `  ${name}: { key: ${key}, name: '${name}', from: ${versions.from}, to: ${versions.to}, flexibleFrom: ${flexible.from}, readRequest: read${name}Request, writeRequest: write${name}Request, readResponse: read${name}Response, writeResponse: write${name}Response },`);
  const types = apis.map(({ table: { name } }) =>
    `  readonly ${name}: { readonly request: ${name}Request; readonly requestInput: ${name}RequestInput; readonly response: ${name}Response; readonly responseInput: ${name}ResponseInput };`);
  return [
    '// Generated from ../tables by `make generate`.', ...imports, '', 'export const apis = {', ...rows, '} as const;', '', 'export interface ApiTypes {', ...types, '}', '',
  ].join('\n');
}

function messageFile(table: Table): string {
  const body = table.messages.map((message) => new MessageText(message, table).text()).join('\n');
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(body);
  const types = ['Uuid'].filter(uses);
  const values = ['zeroUuid'].filter(uses);
  const model = [...types.map((name) => `type ${name}`), ...values];
  const lacking = ['lacks', 'lacksNull'].filter(uses);
  const reader = [uses('int64Max') ? 'int64Max' : '', 'type Reader'].filter((name) => name !== '');
  return [
    '// Generated from ../tables by `make generate`.',
    ...(model.length === 0 ? [] : [`import { ${model.join(', ')} } from '../../model.ts';`]),
    `import { ${reader.join(', ')} } from '../reader.ts';`.replace('import { type Reader }', 'import type { Reader }'),
    ...(lacking.length === 0 ? [] : [`import { ${lacking.join(', ')} } from '../lacking-field.ts';`]),
    "import type { Writer } from '../writer.ts';",
    '', body,
  ].join('\n');
}

class MessageText {
  readonly #message: Message;
  readonly #table: Table;
  readonly #structs: ReadonlyMap<string, Struct>;
  readonly #prefix: string;

  constructor(message: Message, table: Table) {
    this.#message = message;
    this.#table = table;
    this.#structs = new Map(message.structs.map((struct) => [struct.name, struct]));
    this.#prefix = table.key === undefined ? '' : message.name.slice(table.name.length);
  }

  text(): string {
    return this.#message.structs.map((struct) => [this.#types(struct), this.#reader(struct), this.#writer(struct)].join('\n')).join('\n');
  }

  /** Request and response may have structures of one name. */
  #typeName(struct: string): string {
    return struct === this.#message.name ? struct : `${this.#prefix}${struct}`;
  }

  #valueType(field: Field, input: boolean): string {
    const scalar = scalars[field.type];
    const single = scalar ?? `${this.#typeName(field.type)}${input ? 'Input' : ''}`;
    return `${field.isArray ? `readonly ${single}[]` : single}${field.nullable === undefined ? '' : ' | null'}`;
  }

  #types({ name, fields }: Struct): string {
    const type = this.#typeName(name);
    return [
      `export interface ${type} {`, ...fields.map((field) => `  readonly ${field.name}: ${this.#valueType(field, false)};`), '}',
      `export interface ${type}Input {`, ...fields.map((field) => `  readonly ${field.name}?: ${this.#valueType(field, true)} | undefined;`), '}', '',
    ].join('\n');
  }

  #default(field: Field): string {
    if (field.default === 'null') return 'null';
    if (field.isArray) return '[]';
    switch (field.type) {
      case 'bool': return field.default ?? 'false';
      case 'string': return `'${field.default ?? ''}'`;
      case 'uuid': return 'zeroUuid';
      case 'bytes': case 'records': return 'new Uint8Array()';
      default: break;
    }
    if (scalars[field.type] !== undefined) return field.default === '9223372036854775807' ? 'int64Max' : field.default ?? '0';
    const struct = this.#structs.get(field.type);
    if (struct === undefined) throw new Error(`${this.#message.name}: there is no structure ${field.type}`);
    return `{ ${struct.fields.map((each) => `${each.name}: ${this.#default(each)}`).join(', ')} }`;
  }

  #has(versions: Versions): string | undefined {
    const all = this.#table.versions;
    const tests = [versions.from > all.from ? `version >= ${versions.from}` : '', versions.to < all.to ? `version <= ${versions.to}` : ''].filter((test) => test !== '');
    return tests.length === 0 ? undefined : tests.join(' && ');
  }

  get #flexible(): string {
    const { flexible, versions } = this.#table;
    return flexible.from === Infinity ? 'false' : flexible.from <= versions.from ? 'true' : `version >= ${flexible.from}`;
  }

  #reader({ name, fields }: Struct): string {
    const type = this.#typeName(name);
    const lines = [`export function read${type}(reader: Reader, version: number): ${type} {`, `  const flexible = ${this.#flexible};`];
    for (const field of fields) {
      lines.push(`  let ${field.name}: ${this.#valueType(field, false)} = ${this.#default(field)};`);
      if (field.tag !== undefined) continue;
      const when = this.#has(field.versions);
      const read = this.#readValue(field);
      lines.push(...(when === undefined ? read.map((line) => `  ${line}`) : [`  if (${when}) {`, ...read.map((line) => `    ${line}`), '  }']));
    }
    lines.push(...this.#readTags(fields), `  return { ${fields.map((field) => field.name).join(', ')} };`, '}', '');
    return unusedFlexible(lines).join('\n');
  }

  #readTags(fields: readonly Field[]): readonly string[] {
    if (this.#flexible === 'false') return [];
    const tagged = fields.filter((field) => field.tag !== undefined);
    const guard = this.#flexible === 'true' ? '' : 'if (flexible) ';
    if (tagged.length === 0) return [`  ${guard}reader.skipTagged();`];
    const cases = tagged.flatMap((field) => {
      const when = this.#has(field.tag?.versions ?? field.versions);
      return [`      case ${field.tag?.number}:`, ...(when === undefined ? [] : [`        if (!(${when})) return false;`]), ...this.#readValue(field).map((line) => `        ${line}`), '        return true;'];
    });
    return [`  ${guard}reader.tagged((tag) => {`, '    switch (tag) {', ...cases, '      default: return false;', '    }', '  });'];
  }

  /** When the field may be null, of the versions that have it: never, a condition, or always (`true`). */
  #nullWhen({ nullable, versions }: Field): string | undefined {
    const all = this.#table.versions;
    const from = Math.max(versions.from, all.from);
    const to = Math.min(versions.to, all.to);
    if (nullable === undefined || nullable.from > to || nullable.to < from) return undefined;
    const tests = [nullable.from > from ? `version >= ${nullable.from}` : '', nullable.to < to ? `version <= ${nullable.to}` : ''].filter((test) => test !== '');
    return tests.length === 0 ? 'true' : tests.join(' && ');
  }

  #readValue(field: Field): readonly string[] {
    const { name, type } = field;
    const nullWhen = this.#nullWhen(field);
    if (field.isArray) {
      const element = this.#readSingle(type, false);
      const list = `list${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      const read = [`const ${list}: ${(scalars[type] ?? this.#typeName(type))}[] = [];`, `for (; count > 0; count -= 1) ${list}.push(${element});`, `${name} = ${list};`];
      if (nullWhen === undefined) return ['{', '  let count = reader.notNull(reader.arrayLength(flexible));', ...read.map((line) => `  ${line}`), '}'];
      const guard = nullWhen === 'true' ? [] : [`  if (!(${nullWhen})) reader.notNull(count);`];
      return ['{', '  let count = reader.arrayLength(flexible);', ...guard, `  if (count < 0) ${name} = null;`, '  else {', ...read.map((line) => `    ${line}`), '  }', '}'];
    }
    if (scalars[type] === undefined && nullWhen !== undefined) return [`${name} = reader.int8() < 0 ? null : ${this.#readSingle(type, false)};`];
    if (nullWhen === undefined || nullWhen === 'true') return [`${name} = ${this.#readSingle(type, nullWhen === 'true')};`];
    return [`${name} = ${nullWhen} ? ${this.#readSingle(type, true)} : ${this.#readSingle(type, false)};`];
  }

  #readSingle(type: string, nullable: boolean): string {
    switch (type) {
      case 'string': return nullable ? 'reader.nullableString(flexible)' : 'reader.string(flexible)';
      case 'bytes': case 'records': return nullable ? 'reader.nullableBytes(flexible)' : 'reader.bytes(flexible)';
      default: return scalars[type] === undefined ? `read${this.#typeName(type)}(reader, version)` : `reader.${type}()`;
    }
  }

  #writer({ name, fields }: Struct): string {
    const type = this.#typeName(name);
    const lines = [`export function write${type}(writer: Writer, message: ${type}Input, version: number): void {`, `  const flexible = ${this.#flexible};`];
    for (const field of fields) {
      if (field.tag !== undefined) continue;
      const when = this.#has(field.versions);
      const write = this.#writeField(field, 'writer');
      if (when === undefined) lines.push(...write.map((line) => `  ${line}`));
      else {
        const otherwise = field.ignorable ? '  }' : `  } else if (message.${field.name} !== undefined && ${this.#differs(field)}) lacks('${this.#message.name}', '${field.name}', version);`;
        lines.push(`  if (${when}) {`, ...write.map((line) => `    ${line}`), otherwise);
      }
    }
    lines.push(...this.#writeTags(fields), '}', '');
    return unusedFlexible(lines).join('\n');
  }

  /** A condition: `value`, which is there, is not the default of the field. */
  #differs(field: Field, value = `message.${field.name}`): string {
    if (field.default === 'null') return `${value} !== null`;
    if (field.isArray || field.type === 'bytes' || field.type === 'records') return field.nullable === undefined ? `${value}.length > 0` : `(${value}?.length ?? 1) > 0`;
    const struct = this.#structs.get(field.type);
    if (scalars[field.type] !== undefined || struct === undefined) return `${value} !== ${this.#default(field)}`;
    return `(${struct.fields.map((each) => this.#differs(each, `(${value}.${each.name} ?? ${this.#default(each)})`)).join(' || ')})`;
  }

  #writeTags(fields: readonly Field[]): readonly string[] {
    if (this.#flexible === 'false') return [];
    const tagged = fields.filter((field) => field.tag !== undefined).toSorted((a, b) => (a.tag?.number ?? 0) - (b.tag?.number ?? 0));
    const guard = this.#flexible === 'true' ? '' : 'if (flexible) ';
    if (tagged.length === 0) return [`  ${guard}writer.varint(0);`];
    const lines: string[] = [];
    for (const field of tagged) {
      const when = this.#has(field.tag?.versions ?? field.versions);
      lines.push(`  const has${field.name} = message.${field.name} !== undefined && ${this.#differs(field)};`);
      if (when !== undefined && !field.ignorable) lines.push(`  if (has${field.name} && !(${when})) lacks('${this.#message.name}', '${field.name}', version);`);
    }
    lines.push(`  ${guard === '' ? '' : 'if (flexible) '}{`, `    writer.varint(${tagged.map((field) => `(${this.#hasTag(field)} ? 1 : 0)`).join(' + ')});`);
    for (const field of tagged) lines.push(`    if (${this.#hasTag(field)}) writer.tagged(${field.tag?.number}, (inner) => {`, ...this.#writeField(field, 'inner').map((line) => `      ${line}`), '    });');
    lines.push('  }');
    return lines;
  }

  /** Set, and the version has it: where the writer of a version without it goes on, it may be dropped. */
  #hasTag(field: Field): string {
    const when = this.#has(field.tag?.versions ?? field.versions);
    return when === undefined || when === this.#flexible || !field.ignorable ? `has${field.name}` : `has${field.name} && ${when}`;
  }

  #writeField(field: Field, writer: string): readonly string[] {
    const { name } = field;
    const given = `message.${name}`;
    const nullWhen = this.#nullWhen(field);
    const guard = field.nullable === undefined || nullWhen === 'true' ? []
      : [`if (${given} === null${nullWhen === undefined ? '' : ` && !(${nullWhen})`}) lacksNull('${this.#message.name}', '${name}', version);`];
    return [...guard, ...this.#writeGiven(field, writer, given)];
  }

  #writeGiven(field: Field, writer: string, given: string): readonly string[] {
    const { type } = field;
    if (field.isArray) {
      const write = (list: string): readonly string[] => [`${writer}.arrayLength(${list}.length, flexible);`, `for (const each of ${list}) ${this.#writeSingle(type, 'each', writer, false)};`];
      if (field.nullable === undefined) return ['{', `  const list = ${given} ?? [];`, ...write('list').map((line) => `  ${line}`), '}'];
      return ['{', `  const list = ${given} === undefined ? ${this.#default(field)} : ${given};`, `  if (list === null) ${writer}.arrayLength(-1, flexible);`, '  else {', ...write('list').map((line) => `    ${line}`), '  }', '}'];
    }
    if (scalars[type] === undefined) {
      if (field.nullable === undefined) return [`${this.#writeSingle(type, `${given} ?? {}`, writer, false)};`];
      return ['{', `  const value = ${given} === undefined ? ${this.#default(field)} : ${given};`, `  ${writer}.int8(value === null ? -1 : 1);`, `  if (value !== null) ${this.#writeSingle(type, 'value', writer, false)};`, '}'];
    }
    const value = field.nullable === undefined ? `${given} ?? ${this.#default(field)}` : `${given} === undefined ? ${this.#default(field)} : ${given}`;
    return [`${this.#writeSingle(type, value, writer, field.nullable !== undefined)};`];
  }

  #writeSingle(type: string, value: string, writer: string, nullable: boolean): string {
    switch (type) {
      case 'string': return `${writer}.${nullable ? 'nullableString' : 'string'}(${value}, flexible)`;
      case 'bytes': case 'records': return `${writer}.${nullable ? 'nullableBytes' : 'bytes'}(${value}, flexible)`;
      default: return scalars[type] === undefined ? `write${this.#typeName(type)}(${writer}, ${value}, version)` : `${writer}.${type}(${value})`;
    }
  }
}

function unusedFlexible(lines: readonly string[]): readonly string[] {
  return lines.filter((line, i) => i !== 1 || lines.some((other, j) => j > 1 && /\bflexible\b/.test(other)));
}
