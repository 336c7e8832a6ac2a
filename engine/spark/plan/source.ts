/** What the analyser asks about files. `engine/spark/driver/file-source.ts` answers from real files; tests answer from a table. */
import type { Schema } from './types.ts';

export interface SourceRequest {
  /** parquet, csv or json. */
  readonly format: string;
  /** Files, directories or globs as the user wrote them. */
  readonly paths: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  readonly schema?: Schema;
  /** `spark.sql.session.timeZone`: what timestamps without a zone in text mean. */
  readonly timeZone: string;
}

export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  /** Rows of each row group, for Parquet. */
  readonly rowGroups?: readonly number[];
}

export interface Source {
  readonly format: string;
  readonly schema: Schema;
  readonly files: readonly SourceFile[];
  /** Kernel SQL of the relation over one file, whose path stands as `$path`; its columns are those of `schema`, by name. */
  readonly scan: string;
  /** Kernel SQL of the columns whose type in the file is not that of `schema` (unsigned integers), by column name. */
  readonly columnSql?: Readonly<Record<string, string>>;
}

export interface SourceCatalog {
  /** Throws `SparkError`: PATH_NOT_FOUND, UNABLE_TO_INFER_SCHEMA, FAILED_READ_FILE, UNSUPPORTED_FEATURE. */
  describe(request: SourceRequest, signal: AbortSignal): Promise<Source>;
}
