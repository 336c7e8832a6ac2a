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
  /** For a file of a store (HDFS), of which tasks copy what they need. */
  readonly stored?: StoredSource;
}

/** Bytes of a file, half-open. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

export interface StoredSource {
  /** What the file was when it was described. */
  readonly version: string;
  /** Where its parts lie. */
  readonly blocks: readonly (ByteRange & { readonly replicas: readonly Replica[] })[];
  readonly parts:
    /** One piece. */
    | { readonly kind: 'whole' }
    /** A record is a line; `headerLines` of each copy are skipped by the scan. */
    | { readonly kind: 'lines'; readonly headerLines: number }
    /** By row group: the column's path in the schema (`f, list, element`) and its bytes; `always` is what every reader wants (footer, indexes). */
    | { readonly kind: 'columns'; readonly groups: readonly (readonly (ByteRange & { readonly column: string })[])[]; readonly always: readonly ByteRange[] };
}

export interface Replica {
  readonly machine: string;
  readonly rack?: string;
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
