/** `spark.read`: files as DataFrames. Immutable; every setting gives a new reader. */
import type { Connection } from './connection.ts';
import { DataFrame } from './data-frame.ts';
import { withOption, type OptionValue } from './option.ts';

interface Settings {
  readonly format: string | undefined;
  readonly schema: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}

/** @example spark.read.option('header', true).schema('iata STRING, name STRING').csv('/data/airports.csv') */
export class DataFrameReader {
  readonly #connection: Connection;
  readonly #settings: Settings;

  constructor(connection: Connection, settings: Settings = { format: undefined, schema: undefined, options: {} }) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /** `parquet`, `csv` or `json`. */
  format(format: string): DataFrameReader {
    return this.#with({ format });
  }

  /** Columns as in CREATE TABLE: `'id BIGINT, name STRING'`. */
  schema(columns: string): DataFrameReader {
    return this.#with({ schema: columns });
  }

  option(name: string, value: OptionValue): DataFrameReader {
    return this.#with({ options: withOption(this.#settings.options, name, value) });
  }

  options(options: Readonly<Record<string, OptionValue>>): DataFrameReader {
    return Object.entries(options).reduce<DataFrameReader>((reader, [name, value]) => reader.option(name, value), this);
  }

  load(...paths: readonly string[]): DataFrame {
    const { format, schema, options } = this.#settings;
    const dataSource = { paths: [...paths], options: { ...options }, ...(format === undefined ? {} : { format }), ...(schema === undefined ? {} : { schema }) };
    return new DataFrame(this.#connection, { case: 'read', value: { readType: { case: 'dataSource', value: dataSource } } });
  }

  parquet(...paths: readonly string[]): DataFrame {
    return this.format('parquet').load(...paths);
  }

  csv(...paths: readonly string[]): DataFrame {
    return this.format('csv').load(...paths);
  }

  json(...paths: readonly string[]): DataFrame {
    return this.format('json').load(...paths);
  }

  /** A temporary view. */
  table(name: string): DataFrame {
    return new DataFrame(this.#connection, { case: 'read', value: { readType: { case: 'namedTable', value: { unparsedIdentifier: name } } } });
  }

  #with(change: Partial<Settings>): DataFrameReader {
    return new DataFrameReader(this.#connection, { ...this.#settings, ...change });
  }
}
