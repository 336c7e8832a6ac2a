/** Leaves of the plan: files, rows held by the plan, VALUES. */
import { RecordBatchReader } from 'apache-arrow';
import type { Schema as ArrowSchema } from 'apache-arrow';
import { castTo, commonTypeOf, typeOf } from '../coercion.ts';
import { withOrigin } from '../functions/signature.ts';
import type { LogicalPlan } from '../logical.ts';
import type { Attribute } from '../resolved.ts';
import { nullable, references } from '../resolved.ts';
import type { SourceRequest } from '../source.ts';
import { SparkError } from '../spark-error.ts';
import type { DataType, Schema } from '../types.ts';
import { sqlTypeName } from '../types.ts';
import type { Analysed, Analysis } from './analysis.ts';
import { arrowDataType } from './arrow-type.ts';
import { resolve } from './expression-analysis.ts';
import type { Scope } from './scope.ts';

export function scopeOf(attributes: readonly Attribute[], qualifier?: string): Scope {
  return attributes.map((attribute) => ({ name: attribute.name, attribute, qualifier, hidden: false }));
}

type Read = Extract<LogicalPlan, { kind: 'read' }>;

/** Reads with the same key are described once. */
export function sourceKey(read: Read): string {
  return JSON.stringify([read.format.toLowerCase(), read.paths, Object.entries(read.options).toSorted(([a], [b]) => (a < b ? -1 : 1)), read.schema ?? null]);
}

export function sourceRequest(read: Read, timeZone: string): SourceRequest {
  return { format: read.format.toLowerCase(), paths: read.paths, options: read.options, timeZone, ...(read.schema === undefined ? {} : { schema: read.schema }) };
}

/** Whatever a schema says, files may lack values: columns of files are nullable, as in Spark. */
export function analyseRead(analysis: Analysis, read: Read): Analysed {
  const source = analysis.sources.get(sourceKey(read));
  if (source === undefined) throw new Error(`source was not described before analysis: ${read.paths.join(', ')}`);
  const attributes = source.schema.map((field) => analysis.ids.next(field.name, field.type, true));
  return { plan: { kind: 'scan', source, columns: source.schema.map((field) => field.name), attributes }, scope: scopeOf(attributes) };
}

export function analyseLocal(analysis: Analysis, node: Extract<LogicalPlan, { kind: 'localArrow' }>): Analysed {
  const held = arrowFields(node.data);
  const schema = node.schema ?? held;
  if (schema.length !== held.length) {
    throw new SparkError({ errorClass: 'ASSIGNMENT_ARITY_MISMATCH', sqlState: '42802', message: `The schema names ${schema.length} columns, the rows have ${held.length}.` });
  }
  const attributes = schema.map((field) => analysis.ids.next(field.name, field.type, field.nullable));
  return { plan: { kind: 'local', data: node.data, attributes, columns: attributes.map((_, i) => i) }, scope: scopeOf(attributes) };
}

/** Undefined for anything that is no stream; the reader answers some of that with an error and some with nothing. */
function arrowSchema(data: Uint8Array): ArrowSchema | undefined {
  try {
    return RecordBatchReader.from(data).open().schema as ArrowSchema | undefined;
  } catch {
    return undefined;
  }
}

function arrowFields(data: Uint8Array): Schema {
  const schema = arrowSchema(data);
  if (schema === undefined) throw new SparkError({ errorClass: 'INVALID_PLAN_INPUT', sqlState: '42000', message: 'The rows of a local relation are not an Arrow IPC stream.' });
  return schema.fields.map((field) => ({ name: field.name, type: arrowDataType(field.type), nullable: field.nullable }));
}

export function analyseValues(analysis: Analysis, node: Extract<LogicalPlan, { kind: 'values' }>): Analysed {
  const [first = []] = node.rows;
  const uneven = node.rows.findIndex((row) => row.length !== first.length);
  const broken = (subclass: string, message: string): SparkError => new SparkError({ errorClass: `INVALID_INLINE_TABLE.${subclass}`, sqlState: '42000', message: `Invalid inline table. ${message}`, ...withOrigin(node.origin) });
  if (uneven >= 0) throw broken('NUM_COLUMNS_MISMATCH', `Inline table expected ${first.length} columns but found ${node.rows[uneven]?.length ?? 0} columns in row ${uneven + 1}.`);
  if (node.names !== undefined && node.names.length !== first.length) throw broken('NUM_COLUMNS_MISMATCH', `It has ${first.length} columns and ${node.names.length} names.`);
  const rows = node.rows.map((row) => row.map((expression) => resolve(expression, { analysis, scope: [], place: 'VALUES' })));
  if (rows.flat().some((value) => references(value).size > 0)) throw broken('CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE', 'Its values must not read columns.');
  const types = first.map((_, i): DataType => {
    const each = rows.flatMap((row) => (row[i] === undefined ? [] : [typeOf(row[i])]));
    const common = commonTypeOf(each);
    if (common === undefined) throw broken('INCOMPATIBLE_TYPES_IN_INLINE_TABLE', `Found incompatible types in column ${i + 1}: ${[...new Set(each.map(sqlTypeName))].join(', ')}.`);
    return common;
  });
  const attributes = types.map((type, i) => analysis.ids.next(node.names?.[i] ?? `col${i + 1}`, type, rows.some((row) => row[i] === undefined || nullable(row[i]))));
  const converted = rows.map((row) => row.map((value, i) => castTo(value, types[i] ?? typeOf(value))));
  return { plan: { kind: 'values', rows: converted, attributes }, scope: scopeOf(attributes) };
}
