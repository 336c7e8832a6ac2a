/** Spark SQL's data types. Immutable values; compare with `sameType`. */
export type DataType =
  | { readonly kind: 'null' | 'boolean' | 'byte' | 'short' | 'int' | 'long' | 'float' | 'double'
      | 'string' | 'binary' | 'date' | 'timestamp' | 'timestamp_ntz' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'array'; readonly element: DataType; readonly containsNull: boolean }
  | { readonly kind: 'map'; readonly key: DataType; readonly value: DataType; readonly valueContainsNull: boolean }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] };

export interface StructField {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

export type Schema = readonly StructField[];
