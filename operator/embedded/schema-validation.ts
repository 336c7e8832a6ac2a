/** Validation of objects against structural schemas, with the API server's wording. */
import { equalJson, isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { fieldSchema } from './structural-schema.ts';
import type { Schema } from './structural-schema.ts';

/** `spec.executor.instances: Invalid value: 0: …`. */
export type FieldFault = string;

/** How the API server prints a value within a message. */
export function shown(value: Json | undefined): string {
  return JSON.stringify(value ?? null);
}

function typeOf(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function hasType(schema: Schema, value: Json): boolean {
  const type = typeOf(value);
  if (schema['x-kubernetes-int-or-string'] === true) return type === 'integer' || type === 'string';
  return schema.type === undefined || schema.type === type || (schema.type === 'number' && type === 'integer');
}

/** Everything that is wrong with `value`, without the CEL rules. `path` is empty for the whole object. */
export function validate(schema: Schema, value: Json, path: string): readonly FieldFault[] {
  if (value === null && schema.nullable === true) return [];
  if (!hasType(schema, value)) {
    const wanted = schema['x-kubernetes-int-or-string'] === true ? 'integer,string' : schema.type ?? '';
    const type = typeOf(value);
    return [`${path}: Invalid value: ${shown(type)}: ${path} in body must be of type ${wanted}: ${shown(type)}`];
  }
  const faults: FieldFault[] = [];
  if (schema.enum !== undefined && !schema.enum.some((each) => equalJson(each, value))) {
    faults.push(`${path}: Unsupported value: ${shown(value)}: supported values: ${schema.enum.map(shown).join(', ')}`);
  }
  if (typeof value === 'number') faults.push(...numberFaults(schema, value, path));
  else if (typeof value === 'string') faults.push(...stringFaults(schema, value, path));
  else if (Array.isArray(value)) faults.push(...listFaults(schema, value, path));
  else if (isObject(value)) faults.push(...objectFaults(schema, value, path));
  return [...faults, ...compositionFaults(schema, value, path)];
}

function numberFaults(schema: Schema, value: number, path: string): readonly FieldFault[] {
  const { minimum, maximum, multipleOf } = schema;
  const refusal = (text: string): FieldFault => `${path}: Invalid value: ${value}: ${path} in body should be ${text}`;
  const faults: FieldFault[] = [];
  if (minimum !== undefined && (schema.exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    faults.push(refusal(`greater than ${schema.exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`));
  }
  if (maximum !== undefined && (schema.exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    faults.push(refusal(`less than ${schema.exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`));
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) faults.push(refusal(`a multiple of ${multipleOf}`));
  if (schema.format === 'int32' && Math.abs(value) > 2_147_483_647 && value !== -2_147_483_648) faults.push(refusal('of type int32'));
  return faults;
}

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i.test(text) && !Number.isNaN(Date.parse(text)),
  duration: (text) => /^-?(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text) || text === '0',
  uuid: (text) => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
  uri: (text) => URL.canParse(text),
  byte: (text) => /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0,
};

function stringFaults(schema: Schema, value: string, path: string): readonly FieldFault[] {
  const refusal = (text: string): FieldFault => `${path}: Invalid value: ${shown(value)}: ${path} in body ${text}`;
  const faults: FieldFault[] = [];
  const length = schema.minLength === undefined && schema.maxLength === undefined ? 0 : [...value].length;
  if (schema.minLength !== undefined && length < schema.minLength) faults.push(refusal(`should be at least ${schema.minLength} chars long`));
  if (schema.maxLength !== undefined && length > schema.maxLength) faults.push(`${path}: Too long: may not be more than ${schema.maxLength} bytes`);
  if (schema.pattern !== undefined && !new RegExp(schema.pattern).test(value)) faults.push(refusal(`should match '${schema.pattern}'`));
  if (schema.format !== undefined && formats[schema.format]?.(value) === false) faults.push(refusal(`must be of type ${schema.format}: ${shown(value)}`));
  return faults;
}

function listFaults(schema: Schema, list: readonly Json[], path: string): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  if (schema.minItems !== undefined && list.length < schema.minItems) {
    faults.push(`${path}: Invalid value: ${list.length}: ${path} in body should have at least ${schema.minItems} items`);
  }
  if (schema.maxItems !== undefined && list.length > schema.maxItems) {
    faults.push(`${path}: Too many: ${list.length}: must have at most ${schema.maxItems} items`);
  }
  const { items } = schema;
  if (items !== undefined) for (const [index, item] of list.entries()) faults.push(...validate(items, item, `${path}[${index}]`));
  return [...faults, ...duplicateFaults(schema, list, path)];
}

function duplicateFaults(schema: Schema, list: readonly Json[], path: string): readonly FieldFault[] {
  const listType = schema['x-kubernetes-list-type'];
  if (listType !== 'set' && listType !== 'map') return [];
  const seen = new Set<string>();
  const faults: FieldFault[] = [];
  for (const [index, item] of list.entries()) {
    const fields = (schema['x-kubernetes-list-map-keys'] ?? []).map((name) => [name, isObject(item) ? item[name] : undefined] as const);
    const id = JSON.stringify(listType === 'set' ? item : fields);
    if (seen.has(id)) faults.push(`${path}[${index}]: Duplicate value: ${listType === 'set' ? shown(item) : JSON.stringify(Object.fromEntries(fields))}`);
    seen.add(id);
  }
  return faults;
}

function objectFaults(schema: Schema, object: JsonObject, path: string): readonly FieldFault[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const faults: FieldFault[] = [];
  for (const name of schema.required ?? []) if (object[name] === undefined) faults.push(`${at(name)}: Required value`);
  const count = Object.keys(object).length;
  if (schema.minProperties !== undefined && count < schema.minProperties) {
    faults.push(`${path}: Invalid value: ${count}: ${path} in body should have at least ${schema.minProperties} properties`);
  }
  if (schema.maxProperties !== undefined && count > schema.maxProperties) {
    faults.push(`${path}: Too many: ${count}: must have at most ${schema.maxProperties} items`);
  }
  for (const [name, field] of Object.entries(object)) {
    const known = fieldSchema(schema, name);
    if (known === undefined || field === undefined) continue;
    const inMap = schema.properties?.[name] === undefined && path !== '';
    faults.push(...validate(known, field, inMap && /[^\w-]/.test(name) ? `${path}[${name}]` : at(name)));
  }
  return faults;
}

function compositionFaults(schema: Schema, value: Json, path: string): readonly FieldFault[] {
  const faults = (schema.allOf ?? []).flatMap((part) => validate(part, value, path));
  const valid = (parts: readonly Schema[]): number => parts.filter((part) => validate(part, value, path).length === 0).length;
  if (schema.anyOf !== undefined && valid(schema.anyOf) === 0) {
    faults.push(`${path}: Invalid value: ${path} in body must validate at least one schema (anyOf)`);
  }
  if (schema.oneOf !== undefined) {
    const matches = valid(schema.oneOf);
    if (matches !== 1) {
      faults.push(`${path}: Invalid value: ${path} in body must validate one and only one schema (oneOf). Found ${matches === 0 ? 'none valid' : `${matches} valid alternatives`}`);
    }
  }
  if (schema.not !== undefined && validate(schema.not, value, path).length === 0) {
    faults.push(`${path}: Invalid value: ${path} in body must not validate the schema (not)`);
  }
  return faults;
}
