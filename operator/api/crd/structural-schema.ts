/**
 * zod → the structural schema that a CustomResourceDefinition wants. zod's own JSON Schema is close,
 * but the API server refuses some of it: unions of types, maps with fixed properties besides, closed
 * objects, bounds that only say "this is a safe integer".
 */
import { z } from 'zod';

export type StructuralSchema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly [keyword: string]: unknown;
};

type JsonSchema = { readonly [keyword: string]: unknown };

/** Keywords taken over as they are, in the order in which they are written. */
const kept = [
  'description', 'type', 'format', 'nullable', 'default', 'enum', 'minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum',
  'multipleOf', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'uniqueItems',
  'x-kubernetes-int-or-string', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type', 'x-kubernetes-validations',
] as const;

/** Keywords with a treatment of their own, or without meaning for the API server. */
const treated = new Set<string>(['properties', 'required', 'items', 'additionalProperties', 'anyOf', 'const', '$schema', 'propertyNames', 'id']);

/** Throws where a schema has no structural form, naming the place. */
export function structuralSchema(schema: z.ZodType): StructuralSchema {
  return convert(z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', reused: 'inline' }) as JsonSchema, '');
}

function convert(node: JsonSchema, place: string): StructuralSchema {
  for (const keyword of Object.keys(node)) {
    if (!treated.has(keyword) && !(kept as readonly string[]).includes(keyword)) {
      throw new TypeError(`${place || 'the root'}: the keyword ${keyword} has no structural form`);
    }
  }
  const flat = node['anyOf'] === undefined ? node : intOrString(node, place);
  const result: Record<string, unknown> = {};
  for (const keyword of kept) {
    if (flat[keyword] !== undefined && !isNoise(flat, keyword)) result[keyword] = flat[keyword];
  }
  if (flat['const'] !== undefined) result['enum'] = [flat['const']];
  // A choice of whole numbers is a whole number, also where a column or a scale subresource wants one.
  if (result['type'] === 'number' && (result['enum'] as readonly unknown[] | undefined)?.every(Number.isInteger) === true) result['type'] = 'integer';
  return { ...result, ...children(flat, place) };
}

/** The one union with a structural form. Bounds of its integer and pattern of its string apply to their own types only. */
function intOrString(node: JsonSchema, place: string): JsonSchema {
  const forms = node['anyOf'] as readonly JsonSchema[];
  const text = forms.find((form) => form['type'] === 'string');
  const number = forms.find((form) => form['type'] === 'integer');
  if (node['x-kubernetes-int-or-string'] !== true || text === undefined) throw new TypeError(`${place}: a union has no structural form`);
  return { ...node, anyOf: undefined, minimum: number?.['minimum'], maximum: number?.['maximum'], pattern: text['pattern'], maxLength: text['maxLength'] };
}

function isNoise(node: JsonSchema, keyword: string): boolean {
  const value = node[keyword];
  switch (keyword) {
    case 'minimum':
    case 'maximum':
      return Math.abs(value as number) === Number.MAX_SAFE_INTEGER;
    case 'pattern':
      // The API server checks date-time itself.
      return node['format'] === 'date-time';
    default:
      return false;
  }
}

function children(node: JsonSchema, place: string): StructuralSchema {
  const result: Record<string, unknown> = {};
  const properties = node['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
  const additional = node['additionalProperties'] as JsonSchema | boolean | undefined;
  if (properties !== undefined) {
    const entries = Object.entries(properties).map(([name, property]) => [name, convert(property, `${place}.${name}`)] as const);
    if (entries.length > 0) result['properties'] = Object.fromEntries(entries);
    if (additional !== undefined && additional !== false) result['x-kubernetes-preserve-unknown-fields'] = true;
    const required = node['required'] as readonly string[] | undefined;
    if (required !== undefined && required.length > 0) result['required'] = required;
  } else if (typeof additional === 'object') {
    result['additionalProperties'] = convert(additional, `${place}.*`);
  }
  if (node['items'] !== undefined) result['items'] = convert(node['items'] as JsonSchema, `${place}[]`);
  return result;
}
