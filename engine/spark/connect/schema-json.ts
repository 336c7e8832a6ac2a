/** Spark's JSON form of types (`DataType.json`), read. */
import type { DataType, Schema, StructField } from '../plan/types.ts';
import { invalidPlan, unsupported } from './invalid-plan.ts';

const simple = new Map<string, DataType>([
  ['void', { kind: 'null' }], ['null', { kind: 'null' }], ['boolean', { kind: 'boolean' }], ['byte', { kind: 'byte' }], ['short', { kind: 'short' }],
  ['integer', { kind: 'int' }], ['long', { kind: 'long' }], ['float', { kind: 'float' }], ['double', { kind: 'double' }], ['string', { kind: 'string' }],
  ['binary', { kind: 'binary' }], ['date', { kind: 'date' }], ['timestamp', { kind: 'timestamp' }], ['timestamp_ntz', { kind: 'timestamp_ntz' }],
  ['decimal', { kind: 'decimal', precision: 10, scale: 0 }],
]);

/** The schema in the text; the outermost type must be a struct. Throws `SparkError`. */
export function schemaFromJson(text: string): Schema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalidPlan(`a schema is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  const type = typeFromJson(json);
  if (type.kind !== 'struct') throw invalidPlan('a schema is not a struct');
  return type.fields;
}

function typeFromJson(json: unknown): DataType {
  if (typeof json === 'string') return namedType(json);
  const object = asObject(json);
  switch (object['type']) {
    case 'struct':
      if (!Array.isArray(object['fields'])) throw invalidPlan('a struct type has no fields');
      return { kind: 'struct', fields: object['fields'].map(fieldFromJson) };
    case 'array':
      return { kind: 'array', element: typeFromJson(object['elementType']), containsNull: object['containsNull'] !== false };
    case 'map':
      return { kind: 'map', key: typeFromJson(object['keyType']), value: typeFromJson(object['valueType']), valueContainsNull: object['valueContainsNull'] !== false };
    default:
      throw unsupported(`the data type ${String(object['type'])}`);
  }
}

function fieldFromJson(json: unknown): StructField {
  const object = asObject(json);
  if (typeof object['name'] !== 'string') throw invalidPlan('a field of a struct type has no name');
  return { name: object['name'], type: typeFromJson(object['type']), nullable: object['nullable'] !== false };
}

function namedType(name: string): DataType {
  const known = simple.get(name);
  if (known !== undefined) return known;
  const decimal = /^decimal\(\s*(\d+)\s*,\s*(-?\d+)\s*\)$/.exec(name);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  throw unsupported(`the data type ${name}`);
}

function asObject(json: unknown): Readonly<Record<string, unknown>> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalidPlan('a type of a schema is neither a name nor an object');
  return json as Readonly<Record<string, unknown>>;
}
