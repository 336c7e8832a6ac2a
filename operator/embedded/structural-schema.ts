/**
 * The structural OpenAPI schemas of CustomResourceDefinitions: which keywords there are, defaulting and
 * pruning. Source: the Kubernetes documentation on structural schemas (apiextensions.k8s.io/v1).
 */
import { asObject, isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly nullable?: boolean;
  readonly default?: Json;
  readonly enum?: readonly Json[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

const keywords = new Set([
  'type', 'format', 'nullable', 'default', 'enum', 'properties', 'additionalProperties', 'required', 'items', 'minimum', 'maximum',
  'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems', 'minProperties',
  'maxProperties', 'allOf', 'anyOf', 'oneOf', 'not', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-int-or-string',
  'x-kubernetes-embedded-resource', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-map-type',
  'x-kubernetes-validations', 'description', 'title', 'example', 'externalDocs',
]);

/** What a CRD's schema does wrong, as `path: complaint`; empty when the server can honour every keyword of it. */
export function schemaFaults(schema: Schema, path = 'openAPIV3Schema', structural = true): readonly string[] {
  const faults = Object.keys(schema).filter((keyword) => !keywords.has(keyword)).map((keyword) => `${path}: unsupported keyword ${keyword}`);
  if (structural && schema.type === undefined && schema['x-kubernetes-int-or-string'] !== true
    && schema['x-kubernetes-preserve-unknown-fields'] !== true) faults.push(`${path}.type: Required value: must not be empty for specified object fields`);
  if (structural && schema.properties !== undefined && schema.additionalProperties !== undefined) {
    faults.push(`${path}: properties and additionalProperties are mutually exclusive`);
  }
  if (schema['x-kubernetes-list-type'] === 'map' && (schema['x-kubernetes-list-map-keys'] ?? []).length === 0) {
    faults.push(`${path}.x-kubernetes-list-map-keys: Required value`);
  }
  if (schema.pattern !== undefined) {
    try {
      RegExp(schema.pattern);
    } catch {
      faults.push(`${path}.pattern: Invalid value: ${JSON.stringify(schema.pattern)}: must be a valid regular expression`);
    }
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) faults.push(...schemaFaults(property, `${path}.properties[${name}]`, structural));
  if (isSchema(schema.additionalProperties)) faults.push(...schemaFaults(schema.additionalProperties, `${path}.additionalProperties`, structural));
  if (schema.items !== undefined) faults.push(...schemaFaults(schema.items, `${path}.items`, structural));
  for (const word of ['allOf', 'anyOf', 'oneOf'] as const) {
    for (const [index, part] of (schema[word] ?? []).entries()) faults.push(...schemaFaults(part, `${path}.${word}[${index}]`, false));
  }
  if (schema.not !== undefined) faults.push(...schemaFaults(schema.not, `${path}.not`, false));
  return faults;
}

export function isSchema(value: Schema | boolean | undefined): value is Schema {
  return typeof value === 'object';
}

/** The schema of field `name` of an object, or undefined where the field is unknown. */
export function fieldSchema(schema: Schema, name: string): Schema | undefined {
  const { properties } = schema;
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
}

/**
 * `value` without fields that the schema does not know, and with defaults where a field is missing (a null where none is
 * allowed counts as missing if there is a default). Returns `value` itself when nothing changes.
 */
export function pruneAndDefault(schema: Schema, value: Json): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const list = value.map((item) => pruneAndDefault(items, item));
    return list.some((item, index) => item !== value[index]) ? list : value;
  }
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  let same = true;
  for (const [name, field] of Object.entries(value)) {
    if (field === undefined) continue;
    const kept = keptField(schema, name, field);
    if (kept !== field) same = false;
    if (kept !== undefined) result[name] = kept;
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (property.default === undefined || Object.hasOwn(result, name)) continue;
    result[name] = pruneAndDefault(property, property.default);
    same = false;
  }
  return same ? value : result;
}

function keptField(schema: Schema, name: string, field: Json): Json | undefined {
  if (schema['x-kubernetes-embedded-resource'] === true && ['apiVersion', 'kind', 'metadata'].includes(name)) return field;
  const known = fieldSchema(schema, name);
  if (known === undefined) {
    return schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties === true ? field : undefined;
  }
  if (field === null && known.nullable !== true && known.default !== undefined) return undefined;
  return pruneAndDefault(known, field);
}

/** Paths of fields that pruning would drop, in the notation of server-side apply (`.spec.nope`). */
export function unknownFields(schema: Schema, value: Json, path = ''): readonly string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => unknownFields(items, item, `${path}[${index}]`));
  }
  return Object.entries(asObject(value) as JsonObject).flatMap(([name, field]) => {
    if (field === undefined) return [];
    const known = fieldSchema(schema, name);
    if (known !== undefined) return unknownFields(known, field, `${path}.${name}`);
    return keptField(schema, name, field) === undefined ? [`${path}.${name}`] : [];
  });
}
