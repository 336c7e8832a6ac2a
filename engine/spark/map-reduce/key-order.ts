/** The order of keys: by bytes, or as `sort -n` takes the numbers they begin with. Keys that are equal as numbers follow by bytes. */

export interface KeyOrder {
  /** A number whose order decides, unless it is equal. */
  rank(data: Buffer, from: number, to: number): number;
  /** Negative, 0 for equal bytes only, positive; for keys of equal rank. */
  compare(a: Buffer, aFrom: number, aTo: number, b: Buffer, bFrom: number, bTo: number): number;
}

/** Bytes that a rank by bytes holds: as many as a double holds exactly. */
const rankBytes = 6;

function byteRank(data: Buffer, from: number, to: number): number {
  const end = Math.min(to, from + rankBytes);
  let rank = 0;
  for (let i = from; i < end; i += 1) rank = rank * 256 + (data[i] as number);
  for (let i = end; i < from + rankBytes; i += 1) rank *= 256;
  return rank;
}

function numberRank(data: Buffer, from: number, to: number): number {
  const text = /^\s*-?(\d+(\.\d*)?|\.\d+)/.exec(data.toString('latin1', from, Math.min(to, from + 64)))?.[0];
  return text === undefined ? 0 : Number(text) + 0;
}

export function keyOrder({ by, order }: { readonly by: 'bytes' | 'number'; readonly order: 'ascending' | 'descending' }): KeyOrder {
  const sign = order === 'ascending' ? 1 : -1;
  const rank = by === 'bytes' ? byteRank : numberRank;
  return {
    rank: (data, from, to) => sign * rank(data, from, to),
    compare: (a, aFrom, aTo, b, bFrom, bTo) => sign * a.compare(b, bFrom, bTo, aFrom, aTo),
  };
}
