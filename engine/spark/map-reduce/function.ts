/** Mappers, combiners and reducers that are functions of a TypeScript module. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ProgramError } from './command.ts';
import { KeyTable } from './key-table.ts';
import type { MapOutput } from './map-output.ts';
import type { MergedGroup } from './merge.ts';

/** What can be emitted: text, or what has a plain text. Undefined and null: nothing behind the key. */
export type Emitted = string | number | bigint | boolean | null | undefined;
export type Emit = (key: Emitted, value?: Emitted) => void;

export interface FunctionContext {
  readonly task: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  counter(group: string, name: string, amount?: number): void;
  status(text: string): void;
}

export type MapFunction = (key: number, value: string, emit: Emit, context: FunctionContext) => unknown;
export type ReduceFunction = (key: string, values: Iterable<string>, emit: Emit, context: FunctionContext) => unknown;

export interface LoadedFunction {
  readonly call: unknown;
  /** URL, for places in stacks. */
  readonly module: string;
}

/** Imports the text of a module; the first of `names` that it exports counts. Throws `ProgramError`. */
export async function loadFunction(source: string, fileName: string, role: string, names: readonly string[], directory: string): Promise<LoadedFunction> {
  mkdirSync(directory, { recursive: true });
  // The ending says that it is a module whatever package.json is near.
  const file = join(directory, `${role}${/\.m?js$/.test(fileName) ? '.mjs' : '.mts'}`);
  writeFileSync(file, source);
  const module = pathToFileURL(file).href;
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await import(module) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new ProgramError(`the module of the ${role} cannot be loaded: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`, { cause });
  }
  const name = names.find((each) => typeof loaded[each] === 'function');
  if (name === undefined) throw new ProgramError(`the module of the ${role} exports no function ${names.join(' or ')}`);
  return { call: loaded[name], module };
}

export function textOf(value: Emitted): string {
  switch (typeof value) {
    case 'string': return value;
    case 'number': case 'bigint': case 'boolean': return String(value);
    case 'undefined': return '';
    default:
      if (value === null) return '';
      throw new ProgramError(`emit takes text, numbers and booleans, not ${typeof value}: JSON.stringify makes text of it`);
  }
}

/** Throws `ProgramError` for text that would not be read back as what was emitted. */
export function checkEmitted(key: string, value: string, separator: string, keyFields: number): void {
  if (key.includes('\n') || value.includes('\n')) throw new ProgramError('a key or value that was emitted holds a line break: records are lines');
  if (key.includes(separator) && key.split(separator).length > keyFields) throw new ProgramError(`a key that was emitted has more fields than keyFields says (${keyFields}): it holds the field separator`);
}

/** Values of a key as they were emitted one after the other. */
interface Held {
  /** All but the last, and how often each came. */
  readonly values: string[];
  readonly repetitions: number[];
  /** The last value as it was emitted, if it is short: most follow their like. */
  last: Emitted | typeof long;
  lastText: string;
  lastRepetitions: number;
}

const long: unique symbol = Symbol('a long text');

export interface FunctionOutputOptions {
  readonly output: MapOutput;
  readonly separator: string;
  readonly keyFields: number;
  readonly combine: ((key: string, values: Iterable<string>, emit: Emit) => void) | undefined;
  readonly bytesMax: number;
}

/** A string in a table of strings takes about so much beside its characters. */
const stringOverheadBytes = 120;
const valueOverheadBytes = 40;
/** Longer strings may be views of a longer text, which they would keep alive. */
const copiedCharactersMin = 13;

/**
 * What a map function emits, grouped by key in a table of strings before it becomes bytes: the same words come again and again, and a combiner
 * sees them before anything is written.
 */
export class FunctionOutput {
  readonly #options: FunctionOutputOptions;
  readonly #held = new KeyTable<Held>();
  #bytes = 0;
  #scratch = Buffer.allocUnsafe(64 * 1024);
  records = 0;
  combinedRecords = 0;

  constructor(options: FunctionOutputOptions) {
    this.#options = options;
  }

  readonly emit: Emit = (key, value) => {
    const name = typeof key === 'string' ? key : textOf(key);
    const held = this.#held.get(name);
    this.records += 1;
    if (held === undefined) this.#addKey(name, value);
    else if (held.last === value) held.lastRepetitions += 1;
    else this.#addValue(held, value, name);
    if (this.#bytes > this.#options.bytesMax) this.flush();
  };

  flush(): void {
    const { combine } = this.#options;
    for (const [key, held] of this.#held) {
      if (combine === undefined) {
        for (const [i, value] of held.values.entries()) this.#write(key, value, held.repetitions[i] ?? 1);
        this.#write(key, held.lastText, held.lastRepetitions);
        continue;
      }
      combine(key, repeated(held), (emitted, value) => {
        const name = textOf(emitted);
        if (name !== key) throw new ProgramError(`the combiner emitted the key ${JSON.stringify(name)} for ${JSON.stringify(key)}: it must keep keys as they are`);
        this.combinedRecords += 1;
        const text = textOf(value);
        checkEmitted(name, text, this.#options.separator, this.#options.keyFields);
        this.#write(name, text, 1);
      });
    }
    this.#held.clear();
    this.#bytes = 0;
  }

  #addKey(name: string, value: Emitted): void {
    const text = textOf(value);
    const { separator, keyFields } = this.#options;
    checkEmitted(name, text, separator, keyFields);
    this.#held.add(copied(name), { values: [], repetitions: [], last: text.length < copiedCharactersMin ? value : long, lastText: copied(text), lastRepetitions: 1 });
    this.#bytes += name.length + text.length + stringOverheadBytes;
  }

  #addValue(held: Held, value: Emitted, name: string): void {
    const text = textOf(value);
    const { separator, keyFields } = this.#options;
    checkEmitted(name, text, separator, keyFields);
    held.values.push(held.lastText);
    held.repetitions.push(held.lastRepetitions);
    held.lastText = copied(text);
    held.lastRepetitions = 1;
    held.last = text.length < copiedCharactersMin ? value : long;
    this.#bytes += text.length + valueOverheadBytes;
  }

  #write(key: string, value: string, repetitions: number): void {
    const room = (key.length + value.length) * 3;
    if (room > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(room);
    const keyBytes = this.#scratch.write(key, 0, 'utf8');
    const valueBytes = this.#scratch.write(value, keyBytes, 'utf8');
    this.#options.output.add(this.#scratch, 0, keyBytes, keyBytes, keyBytes + valueBytes, repetitions);
  }
}

function copied(text: string): string {
  return text.length < copiedCharactersMin ? text : Buffer.from(text, 'utf8').toString('utf8');
}

function* repeated({ values, repetitions, lastText, lastRepetitions }: Held): Generator<string> {
  for (const [i, value] of values.entries()) for (let left = repetitions[i] ?? 1; left > 0; left -= 1) yield value;
  for (let left = lastRepetitions; left > 0; left -= 1) yield lastText;
}

/** The values of a group as text. */
export function* groupValues(group: MergedGroup, onRecord: () => void): Generator<string> {
  for (const { value, repetitions } of group.entries()) {
    const text = value.toString('utf8');
    for (let i = 0; i < repetitions; i += 1) {
      onRecord();
      yield text;
    }
  }
}
