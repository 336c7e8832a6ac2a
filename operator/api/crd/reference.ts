/** The reference of a kind as Markdown, made from the same schemas as its CRD. */
import type { CelRule } from '../rule.ts';
import { rulesKey } from '../rule.ts';
import type { KindDescription } from './custom-resource-definition.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { structuralSchema } from './structural-schema.ts';

interface Row {
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
}

export function referencePage(kind: KindDescription): string {
  const spec = structuralSchema(kind.spec);
  const status = structuralSchema(kind.status);
  const rules = [...kind.rules, ...rulesIn(spec)].map(({ message }) => `- ${message}`);
  return [
    `# ${kind.resource.kind}`,
    '',
    'Generated from the schemas in `operator/api` by `make generate`.',
    '',
    `${kind.summary} \`apiVersion: ${kind.resource.apiVersion}\`, short name \`${kind.shortNames.join('`, `')}\`.`,
    '',
    '## spec',
    '',
    '| Field | Type | Default | Meaning |',
    '|---|---|---|---|',
    ...rowsOf(spec).map(specLine),
    '',
    '## When an edit takes effect',
    '',
    kind.edits.text,
    '',
    '| Field | Effect |',
    '|---|---|',
    ...kind.edits.effects.map(([field, effect]) => `| \`${field}\` | ${effect} |`),
    '',
    '## Rules',
    '',
    'The API server refuses an object that breaks one of these, with this message:',
    '',
    ...new Set(rules),
    '',
    '## status',
    '',
    '| Field | Type | Meaning |',
    '|---|---|---|',
    ...rowsOf(status).map(({ path, schema }) => `| \`${path}\` | ${typeOf(schema)} | ${schema.description ?? ''} |`),
    '',
  ].join('\n');
}

function specLine({ path, schema, required }: Row): string {
  const fallback = required ? 'required' : schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
  return `| \`${path}\` | ${typeOf(schema)} | ${fallback} | ${schema.description ?? ''} |`;
}

function rowsOf(schema: StructuralSchema, prefix = ''): readonly Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`;
    const inside = property.items === undefined ? rowsOf(property, `${path}.`) : rowsOf(property.items, `${path}[].`);
    return [{ path, schema: property, required: schema.required?.includes(name) === true }, ...inside];
  });
}

function rulesIn(schema: StructuralSchema): readonly CelRule[] {
  const own = (schema[rulesKey] as readonly CelRule[] | undefined) ?? [];
  const below = [...Object.values(schema.properties ?? {}), ...(schema.items === undefined ? [] : [schema.items])];
  return [...own, ...below.flatMap(rulesIn)];
}

function typeOf(schema: StructuralSchema): string {
  if (schema['x-kubernetes-int-or-string'] === true) return 'quantity';
  if (schema['enum'] !== undefined) return (schema['enum'] as readonly unknown[]).map((value) => `\`${String(value)}\``).join(', ');
  if (schema.items !== undefined) return `list of ${typeOf(schema.items)}`;
  if (schema.additionalProperties !== undefined) return `map of ${typeOf(schema.additionalProperties)}`;
  return `${schema.type ?? 'any'}${bounds(schema)}`;
}

function bounds(schema: StructuralSchema): string {
  const least = schema['minimum'] as number | undefined;
  const most = schema['maximum'] as number | undefined;
  if (most !== undefined) return ` ${least ?? ''}…${most}`;
  return least === undefined ? '' : ` ≥ ${least}`;
}
