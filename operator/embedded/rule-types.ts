/**
 * CEL's view of a structural schema: one CEL type per object with known fields, and values converted
 * to it (integers are int, not double, whatever JSON calls them). Source: the Kubernetes documentation on
 * validation rules ("type integration with CEL").
 */
import { Environment } from '@marcbachmann/cel-js';
import { parseQuantity } from '../api/quantity.ts';
import { equalJson, isObject } from './immutable-json.ts';
import type { Json, JsonObject } from './immutable-json.ts';
import { isSchema } from './structural-schema.ts';
import type { Schema } from './structural-schema.ts';

/** A schema node as CEL sees it. */
export interface RuleType {
  /** Name of the type in CEL. */
  readonly name: string;
  convert(value: Json): unknown;
}

/** An object with known fields; `json` is what it was made of, for comparisons. */
class TypedObject {
  readonly json: JsonObject;
  constructor(json: JsonObject) {
    this.json = json;
  }
}

const celKeywords = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import',
  'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);

/** Property names that are no CEL identifiers are escaped (`x-y` is `x__dash__y`). */
export function celName(property: string): string {
  if (celKeywords.has(property)) return `__${property}__`;
  return property.replaceAll('__', '__underscores__').replaceAll('.', '__dot__').replaceAll('-', '__dash__').replaceAll('/', '__slash__');
}

class CelQuantity {
  readonly amount: number;
  constructor(amount: number) {
    this.amount = amount;
  }
}

/** Kubernetes' library for quantities, as far as the rules here use it. */
export function declareQuantity(environment: Environment): void {
  environment.registerType('Quantity', { ctor: CelQuantity, fields: {} });
  environment.registerFunction('quantity(string): Quantity', (text: string) => new CelQuantity(parseQuantity(text)));
  environment.registerFunction('Quantity.compareTo(Quantity): int', (a: CelQuantity, b: CelQuantity) => BigInt(Math.sign(a.amount - b.amount)));
}

/** Values whose fields no schema describes: whole numbers count as int. */
function dynamic(value: Json): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(dynamic);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, dynamic(field ?? null)]));
  return value;
}

const scalar = (name: string): RuleType => ({ name, convert: (value) => value });
const dynamicType: RuleType = { name: 'dyn', convert: dynamic };
const integerType: RuleType = { name: 'int', convert: (value) => (typeof value === 'number' ? BigInt(value) : value) };
const timestampType: RuleType = { name: 'google.protobuf.Timestamp', convert: (value) => (typeof value === 'string' ? new Date(value) : value) };

/** Declares the types of `schema` in `environment`, bottom-up; `name` is the type's name if it is an object with known fields. */
export function declareType(environment: Environment, schema: Schema, name: string): RuleType {
  if (schema['x-kubernetes-int-or-string'] === true) return dynamicType;
  const type = declareNonNull(environment, schema, name);
  return schema.nullable === true ? { name: 'dyn', convert: (value) => (value === null ? null : type.convert(value)) } : type;
}

function declareNonNull(environment: Environment, schema: Schema, name: string): RuleType {
  switch (schema.type) {
    case 'integer': return integerType;
    case 'number': return scalar('double');
    case 'boolean': return scalar('bool');
    case 'string': return schema.format === 'date-time' ? timestampType : scalar('string');
    case 'array': return listType(schema.items === undefined ? dynamicType : declareType(environment, schema.items, `${name}.item`));
    case 'object':
      if (schema.properties !== undefined) return declareObject(environment, schema.properties, name);
      return isSchema(schema.additionalProperties) ? mapType(declareType(environment, schema.additionalProperties, `${name}.value`)) : dynamicType;
    default:
      return dynamicType;
  }
}

function listType(item: RuleType): RuleType {
  return { name: `list<${item.name}>`, convert: (value) => (Array.isArray(value) ? value.map((each) => item.convert(each)) : value) };
}

function mapType(item: RuleType): RuleType {
  return {
    name: `map<string, ${item.name}>`,
    convert: (value) => (isObject(value) ? new Map(Object.entries(value).map(([key, field]) => [key, item.convert(field ?? null)])) : value),
  };
}

function declareObject(environment: Environment, properties: Readonly<Record<string, Schema>>, name: string): RuleType {
  const types = Object.entries(properties).map(([property, schema]) => {
    const field = celName(property);
    return { property, field, type: declareType(environment, schema, `${name}.${field}`) };
  });
  // One class per type: the library finds a value's type by its constructor.
  const ctor = class extends TypedObject {};
  const fields = Object.fromEntries(types.map(({ field, type }) => [field, type.name]));
  environment.registerType(name, { ctor, fields });
  // Messages have no equality of their own in the library; `self == oldSelf` is how fields are made immutable.
  environment.registerOperator(`${name} == ${name}`, (a: TypedObject, b: TypedObject) => equalJson(a.json, b.json));
  return {
    name,
    convert(value) {
      if (!isObject(value)) return value;
      const typed = new ctor(value) as TypedObject & Record<string, unknown>;
      for (const { property, field, type } of types) {
        const part = value[property];
        if (part !== undefined) typed[field] = type.convert(part);
      }
      return typed;
    },
  };
}
