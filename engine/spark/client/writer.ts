/** `frame.write`: commits rows as files. Immutable; every setting gives a new writer. */
import { badArgument } from './client-error.ts';
import type { Connection } from './connection.ts';
import { saveModes, type RelationInit } from './message.ts';
import { withOption, type OptionValue } from './option.ts';

export type SaveMode = keyof typeof saveModes;

interface Settings {
  readonly format: string | undefined;
  readonly mode: SaveMode;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
}

/** @example await frame.write.mode('overwrite').partitionBy('year').parquet('/output/flights') */
export class DataFrameWriter {
  readonly #relation: RelationInit;
  readonly #connection: Connection;
  readonly #settings: Settings;

  constructor(relation: RelationInit, connection: Connection, settings: Settings = { format: undefined, mode: 'error', options: {}, partitionBy: [] }) {
    this.#relation = relation;
    this.#connection = connection;
    this.#settings = settings;
  }

  format(format: string): DataFrameWriter {
    return this.#with({ format });
  }

  /** What happens when the target exists: `error` (default), `overwrite`, `append` or `ignore`. */
  mode(mode: SaveMode): DataFrameWriter {
    if (!(mode in saveModes)) throw badArgument(`there is no save mode ${String(mode)}; there are ${Object.keys(saveModes).join(', ')}.`);
    return this.#with({ mode });
  }

  option(name: string, value: OptionValue): DataFrameWriter {
    return this.#with({ options: withOption(this.#settings.options, name, value) });
  }

  options(options: Readonly<Record<string, OptionValue>>): DataFrameWriter {
    return Object.entries(options).reduce<DataFrameWriter>((writer, [name, value]) => writer.option(name, value), this);
  }

  /** A directory for each value: `year=2001/`. */
  partitionBy(...columns: readonly string[]): DataFrameWriter {
    return this.#with({ partitionBy: columns });
  }

  /** Resolves when the files are committed. */
  async save(path: string, signal?: AbortSignal): Promise<void> {
    const { format, mode, options, partitionBy } = this.#settings;
    const value = {
      input: this.#relation, saveType: { case: 'path' as const, value: path }, mode: saveModes[mode], options: { ...options }, partitioningColumns: [...partitionBy],
      ...(format === undefined ? {} : { source: format }),
    };
    await this.#connection.command({ commandType: { case: 'writeOperation', value } }, signal);
  }

  parquet(path: string, signal?: AbortSignal): Promise<void> {
    return this.format('parquet').save(path, signal);
  }

  csv(path: string, signal?: AbortSignal): Promise<void> {
    return this.format('csv').save(path, signal);
  }

  json(path: string, signal?: AbortSignal): Promise<void> {
    return this.format('json').save(path, signal);
  }

  #with(change: Partial<Settings>): DataFrameWriter {
    return new DataFrameWriter(this.#relation, this.#connection, { ...this.#settings, ...change });
  }
}
