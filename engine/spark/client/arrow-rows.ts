/** Arrow batches → rows. Loaded with the first result. */
import { DataType, type Decimal, type Field, RecordBatchReader, type Struct, type Timestamp, TimeUnit, type Vector } from 'apache-arrow';
import { rowMaker, type Row, type RowValue } from './row.ts';

type Reader = (value: unknown) => RowValue;

/** One batch is a whole Arrow stream; columns count by place, because names come with the result's schema. */
export function rowsOf(data: Uint8Array, columns: readonly string[] | undefined): readonly Row[] {
  const reader = RecordBatchReader.from(data).open();
  const { fields } = reader.schema;
  const make = rowMaker(columns ?? fields.map((field) => field.name));
  const readers = fields.map(readerOf);
  const rows: Row[] = [];
  for (const batch of reader) {
    const vectors = fields.map((_, index) => batch.getChildAt(index) as Vector);
    for (let at = 0; at < batch.numRows; at += 1) {
      rows.push(make(vectors.map((vector, index) => {
        const value: unknown = vector.get(at);
        return value === null || value === undefined ? null : (readers[index] as Reader)(value);
      })));
    }
  }
  return rows;
}

const orNull = (read: Reader): Reader => (value) => (value === null || value === undefined ? null : read(value));
const asIs: Reader = (value) => value as RowValue;

function readerOf(field: Field): Reader {
  const type: DataType = field.type;
  if (DataType.isDecimal(type)) return decimalReader(type);
  if (DataType.isDate(type)) return (value) => new Date(Number(value));
  if (DataType.isTimestamp(type)) return timestampReader(type);
  if (DataType.isList(type) || DataType.isFixedSizeList(type)) {
    const element = orNull(readerOf(type.children[0] as Field));
    return (value) => Array.from(value as Vector, element);
  }
  if (DataType.isMap(type)) {
    const [key, item] = (type.children[0] as Field<Struct>).type.children.map((each) => orNull(readerOf(each)));
    return (value) => new Map(Array.from(value as Iterable<readonly [unknown, unknown]>, ([k, v]) => [(key as Reader)(k), (item as Reader)(v)]));
  }
  if (DataType.isStruct(type)) {
    const make = rowMaker(type.children.map((child) => child.name));
    const readers = type.children.map((child) => orNull(readerOf(child)));
    return (value) => make(Array.from(value as Iterable<readonly [string, unknown]>, ([, each], index) => (readers[index] as Reader)(each)));
  }
  return asIs;
}

/** apache-arrow gives milliseconds (with a fraction) for every unit. */
function timestampReader(type: Timestamp): Reader {
  if (type.unit === TimeUnit.NANOSECOND || type.unit === TimeUnit.MICROSECOND || type.unit === TimeUnit.MILLISECOND || type.unit === TimeUnit.SECOND) {
    return (value) => new Date(Math.floor(Number(value)));
  }
  return type.unit satisfies never;
}

/** 128 bits, little endian, two's complement → digits with `scale` of them behind the point. */
function decimalReader(type: Decimal): Reader {
  return (value) => {
    const words = value as Uint32Array;
    let unscaled = 0n;
    for (let word = words.length - 1; word >= 0; word -= 1) unscaled = (unscaled << 32n) | BigInt(words[word] as number);
    return decimalText(BigInt.asIntN(words.length * 32, unscaled), type.scale);
  };
}

export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
