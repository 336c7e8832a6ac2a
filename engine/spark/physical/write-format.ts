/** Options of writers: Spark's names → the kernel's COPY options. What is not right here is refused. */
import { quoteText } from '../plan/functions/kernel-sql.ts';
import { SparkError } from '../plan/spark-error.ts';
import type { DataType, Schema } from '../plan/types.ts';
import { sqlTypeName } from '../plan/types.ts';

export type WriteFormat = 'parquet' | 'csv' | 'json';

export interface FileFormat {
  readonly format: WriteFormat;
  /** For COPY … TO … (<copyOptions>). */
  readonly copyOptions: string;
  /** Without the leading dot. */
  readonly extension: string;
}

const parquetCodecs: Readonly<Record<string, string>> = { none: 'uncompressed', uncompressed: 'uncompressed', snappy: 'snappy', gzip: 'gzip', zstd: 'zstd', lz4: 'lz4', brotli: 'brotli' };
const textCodecs: Readonly<Record<string, readonly [codec: string, extension: string]>> = { none: ['none', ''], uncompressed: ['none', ''], gzip: ['gzip', '.gz'], zstd: ['zstd', '.zst'] };

export function writeFormat(name: string, options: Readonly<Record<string, string>>): FileFormat {
  const lower = new Map(Object.entries(options).map(([key, value]) => [key.toLowerCase(), value]));
  switch (name.toLowerCase()) {
    case 'parquet': return parquet(lower);
    case 'csv': return csv(lower);
    case 'json': return json(lower);
    default: throw new SparkError({ errorClass: 'DATA_SOURCE_NOT_FOUND', sqlState: '42K02', message: `Failed to find the data source: ${name}. Formats that can be written: parquet, csv, json.`, parameters: { provider: name } });
  }
}

function only(format: string, options: ReadonlyMap<string, string>, known: readonly string[]): void {
  const unknown = [...options.keys()].find((key) => key !== 'path' && !known.includes(key));
  if (unknown !== undefined) throw refused(format, `The option ${unknown} of the ${format} writer is not supported. Supported: ${known.join(', ')}.`);
}

function refused(format: string, message: string): SparkError {
  return new SparkError({ errorClass: 'UNSUPPORTED_FEATURE.WRITE_OPTION', sqlState: '0A000', message, parameters: { format } });
}

function parquet(options: ReadonlyMap<string, string>): FileFormat {
  only('parquet', options, ['compression']);
  const name = (options.get('compression') ?? 'snappy').toLowerCase();
  const codec = parquetCodecs[name];
  if (codec === undefined) throw refused('parquet', `The compression ${name} is not supported. Supported: ${Object.keys(parquetCodecs).join(', ')}.`);
  return { format: 'parquet', copyOptions: `FORMAT parquet, COMPRESSION ${codec}`, extension: codec === 'uncompressed' ? 'parquet' : `${name}.parquet` };
}

function textCodec(format: string, options: ReadonlyMap<string, string>): readonly [string, string] {
  const name = (options.get('compression') ?? options.get('codec') ?? 'none').toLowerCase();
  const codec = textCodecs[name];
  if (codec === undefined) throw refused(format, `The compression ${name} is not supported. Supported: ${Object.keys(textCodecs).join(', ')}.`);
  return codec;
}

function csv(options: ReadonlyMap<string, string>): FileFormat {
  only('csv', options, ['header', 'sep', 'delimiter', 'quote', 'escape', 'nullvalue', 'compression', 'codec']);
  const header = flag('header', options.get('header') ?? 'false');
  const separator = oneCharacter('sep', options.get('sep') ?? options.get('delimiter') ?? ',');
  const quote = oneCharacter('quote', options.get('quote') ?? '"');
  const escape = oneCharacter('escape', options.get('escape') ?? '\\');
  const [codec, ending] = textCodec('csv', options);
  const parts = ['FORMAT csv', `HEADER ${header}`, `DELIMITER ${quoteText(separator)}`, `QUOTE ${quoteText(quote)}`, `ESCAPE ${quoteText(escape)}`, `NULLSTR ${quoteText(options.get('nullvalue') ?? '')}`, `COMPRESSION ${codec}`];
  return { format: 'csv', copyOptions: parts.join(', '), extension: `csv${ending}` };
}

function json(options: ReadonlyMap<string, string>): FileFormat {
  only('json', options, ['compression', 'codec', 'ignorenullfields']);
  if (flag('ignoreNullFields', options.get('ignorenullfields') ?? 'false') === 'true') throw refused('json', 'ignoreNullFields=true is not supported: NULLs are written as null.');
  const [codec, ending] = textCodec('json', options);
  return { format: 'json', copyOptions: `FORMAT json, ARRAY false, COMPRESSION ${codec}`, extension: `json${ending}` };
}

function flag(name: string, value: string): 'true' | 'false' {
  const lower = value.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower;
  throw refused('csv', `The option ${name} must be true or false, not ${value}.`);
}

function oneCharacter(name: string, value: string): string {
  const character = value === '\\t' ? '\t' : value;
  if (character.length === 1 && character.codePointAt(0) !== 0) return character;
  throw refused('csv', `The option ${name} must be one character, not ${JSON.stringify(value)}.`);
}

/** Bytes, and times inside other values, would not be written as Spark writes them. */
function differsInJson(type: DataType, depth: number): boolean {
  switch (type.kind) {
    case 'binary': return true;
    case 'timestamp': case 'timestamp_ntz': return depth > 0;
    case 'array': return differsInJson(type.element, depth + 1);
    case 'map': return type.key.kind !== 'string' || differsInJson(type.value, depth + 1);
    case 'struct': return type.fields.some((field) => differsInJson(field.type, depth + 1));
    default: return false;
  }
}

/** Types a format cannot hold are refused before anything runs. */
export function checkWritable(format: WriteFormat, schema: Schema): void {
  const holds = (type: DataType): boolean => {
    if (type.kind === 'null') return false;
    if (format === 'csv') return !['array', 'map', 'struct', 'binary'].includes(type.kind);
    return format !== 'json' || !differsInJson(type, 0);
  };
  const wrong = schema.find((field) => !holds(field.type));
  if (wrong === undefined) return;
  throw new SparkError({
    errorClass: 'UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE', sqlState: '0A000',
    message: `The ${format.toUpperCase()} datasource doesn't support the column \`${wrong.name}\` of the type "${sqlTypeName(wrong.type)}".`, parameters: { columnName: wrong.name, format },
  });
}
