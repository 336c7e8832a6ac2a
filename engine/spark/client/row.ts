/**
 * Rows of a result. Values: BOOLEAN boolean; TINYINT to INT, FLOAT, DOUBLE number; BIGINT bigint; DECIMAL string with all its
 * digits; STRING string; BINARY Uint8Array; DATE a Date at midnight UTC; TIMESTAMP a Date (milliseconds, the rest cut off);
 * TIMESTAMP_NTZ a Date whose UTC fields are the wall clock's; ARRAY array; MAP Map; STRUCT Row; NULL null.
 */
export type RowValue = null | boolean | number | bigint | string | Date | Uint8Array | readonly RowValue[] | ReadonlyMap<RowValue, RowValue> | Row;

/** Fields by name, `row.origin` or `row['mean delay']`, and by place, `row.get(0)`. */
export type Row = RowFields & { readonly [name: string]: RowValue };

/** What every row has besides its fields; a field of the same name is reached by `get('name')`. */
interface RowFields {
  get(key: string | number): RowValue;
  toArray(): readonly RowValue[];
  toObject(): Readonly<Record<string, RowValue>>;
  readonly columns: readonly string[];
}

/** One class of rows per result: names are stored once. */
export function rowMaker(columns: readonly string[]): (values: readonly RowValue[]) => Row {
  const places = new Map<string, number>();
  // Where two columns have one name, the first is the one that the name reaches.
  for (const [index, name] of columns.entries()) if (!places.has(name)) places.set(name, index);
  class ResultRow {
    readonly #values: readonly RowValue[];

    constructor(values: readonly RowValue[]) {
      this.#values = values;
    }

    get columns(): readonly string[] {
      return columns;
    }

    get(key: string | number): RowValue {
      const at = typeof key === 'number' ? key : places.get(key);
      const value = at === undefined ? undefined : this.#values[at];
      if (value === undefined) throw new RangeError(`the row has no field ${JSON.stringify(key)}; it has ${columns.join(', ')}`);
      return value;
    }

    toArray(): readonly RowValue[] {
      return [...this.#values];
    }

    toObject(): Readonly<Record<string, RowValue>> {
      return Object.fromEntries(Array.from(places, ([name, at]) => [name, this.#values[at] as RowValue]));
    }

    /** bigint becomes a number where it is exact, else a string. */
    toJSON(): unknown {
      const plain = ([name, value]: readonly [string, RowValue]): readonly [string, unknown] =>
        [name, typeof value === 'bigint' ? (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)) : value];
      return Object.fromEntries(Object.entries(this.toObject()).map(plain));
    }

    [Symbol.for('nodejs.util.inspect.custom')](): unknown {
      return this.toObject();
    }
  }
  for (const [name, at] of places) {
    if (name in ResultRow.prototype || name === '__proto__') continue;
    Object.defineProperty(ResultRow.prototype, name, { enumerable: true, get(this: ResultRow) { return this.get(at); } });
  }
  return (values) => new ResultRow(values) as unknown as Row;
}
