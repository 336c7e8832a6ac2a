/**
 * Makes `tables/*.table` out of the message tables that a release of Kafka carries, for the step to a new release:
 *
 *     unzip kafka-clients-VERSION.jar 'common/message/*' -d FOLDER
 *     node engine/kafka/protocol/import-tables.ts FOLDER/common/message && make generate
 *
 * Facts only: names, types, versions, defaults. See `table.ts` for the form. A last version that the release calls unstable is left out.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What a broker serves to clients and tools, by key. */
const keys = new Set([0, 1, 2, 3, ...range(8, 51), 55, 57, 60, 61, 64, 65, 66, 68, 69, ...range(74, 81), ...range(90, 92)]);
/** What stands inside other messages. */
const dataNames = new Set(['ConsumerProtocolSubscription', 'ConsumerProtocolAssignment']);

interface SourceField {
  readonly name: string;
  readonly type: string;
  readonly versions: string;
  readonly nullableVersions?: string | undefined;
  readonly tag?: number | undefined;
  readonly taggedVersions?: string | undefined;
  readonly ignorable?: boolean | undefined;
  readonly default?: string | boolean | number | undefined;
  readonly fields?: readonly SourceField[] | undefined;
}

const sourceField: z.ZodType<SourceField> = z.lazy(() => z.object({
  name: z.string(), type: z.string(), versions: z.string(), nullableVersions: z.string().optional(), tag: z.number().optional(), taggedVersions: z.string().optional(),
  ignorable: z.boolean().optional(), default: z.union([z.string(), z.boolean(), z.number()]).optional(), fields: z.array(sourceField).optional(),
}));
const sourceMessage = z.object({
  apiKey: z.number().optional(),
  type: z.enum(['request', 'response', 'data', 'header']),
  name: z.string(),
  validVersions: z.string(),
  flexibleVersions: z.string().default('none'),
  latestVersionUnstable: z.boolean().default(false),
  fields: z.array(sourceField).default([]),
  commonStructs: z.array(z.object({ name: z.string(), versions: z.string(), fields: z.array(sourceField) })).default([]),
});
type SourceMessage = z.infer<typeof sourceMessage>;

function importTables(folder: string): void {
  const messages = readdirSync(folder).filter((file) => file.endsWith('.json')).map((file) => read(join(folder, file)));
  const target = join(import.meta.dirname, 'tables');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  const write = (name: string, lines: readonly string[]): void => writeFileSync(join(target, `${kebab(name)}.table`), `${lines.join('\n')}\n`);
  for (const request of messages.filter(({ type, apiKey }) => type === 'request' && apiKey !== undefined && keys.has(apiKey))) {
    const response = messages.find(({ type, apiKey }) => type === 'response' && apiKey === request.apiKey);
    if (response === undefined) throw new Error(`${request.name} has no response`);
    const name = request.name.replace(/Request$/, '');
    write(name, [`api ${request.apiKey} ${name} ${versionsOf(request)}`, 'request', ...fieldLines(request), 'response', ...fieldLines(response)]);
  }
  for (const data of messages.filter(({ name }) => dataNames.has(name))) write(data.name, [`data ${data.name} ${versionsOf(data)}`, ...fieldLines(data)]);
}

function read(file: string): SourceMessage {
  return sourceMessage.parse(JSON.parse(readFileSync(file, 'utf8').replaceAll(/^\s*\/\/.*$/gm, '')));
}

function versionsOf({ validVersions, flexibleVersions, latestVersionUnstable }: SourceMessage): string {
  const stable = latestVersionUnstable ? validVersions.replace(/\d+$/, (last) => String(Number(last) - 1)) : validVersions;
  return `${stable} flexible ${flexibleVersions}`;
}

function fieldLines({ fields, commonStructs }: SourceMessage): readonly string[] {
  return [
    ...fields.flatMap((field) => linesOf(field, '  ')),
    ...commonStructs.flatMap(({ name, versions, fields }) => [`  struct ${name} ${versions}`, ...fields.flatMap((field) => linesOf(field, '    '))]),
  ];
}

function linesOf(field: SourceField, indent: string): readonly string[] {
  const words = [
    field.name, field.type, field.versions,
    ...(field.nullableVersions === undefined ? [] : ['null', field.nullableVersions]),
    ...(field.tag === undefined ? [] : ['tag', field.tag, field.taggedVersions]),
    ...(field.default === undefined || field.default === '' ? [] : ['default', String(field.default).toLowerCase()]),
    ...(field.ignorable === true ? ['ignorable'] : []),
  ];
  return [indent + words.join(' '), ...(field.fields ?? []).flatMap((child) => linesOf(child, `${indent}  `))];
}

function kebab(name: string): string {
  return name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const [folder] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) importTables(folder);
