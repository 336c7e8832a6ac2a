/** Names of a log's files: Kafka's, the first offset in twenty digits. */
export type SegmentFileKind = 'log' | 'index' | 'timeindex' | 'txnindex';

export const segmentFileKinds = ['log', 'index', 'timeindex', 'txnindex'] as const;

/** A file of a segment relative to the log's directory. */
export function segmentFileName(baseOffset: number, kind: SegmentFileKind): string {
  return `${digits(baseOffset)}.${kind}`;
}

export function snapshotName(offset: number): string {
  return `${digits(offset)}.snapshot`;
}

/** What compaction made out of the segments from one offset up to another one, before it takes their place. */
export function cleanedName(baseOffset: number, untilOffset: number, kind: SegmentFileKind, state: 'cleaned' | 'swap'): string {
  return `${digits(baseOffset)}-${digits(untilOffset)}.${kind}.${state}`;
}

export type LogFileName =
  | { readonly kind: 'segment'; readonly part: SegmentFileKind; readonly baseOffset: number }
  | { readonly kind: 'snapshot'; readonly offset: number }
  | { readonly kind: 'swap'; readonly part: SegmentFileKind; readonly baseOffset: number; readonly untilOffset: number }
  /** Unfinished: to be removed. */
  | { readonly kind: 'leftOver' };

/** Undefined for files of another sort. */
export function parseLogFileName(name: string): LogFileName | undefined {
  const segment = /^(\d{20})\.(log|index|timeindex|txnindex|snapshot)$/.exec(name);
  if (segment !== null) {
    const offset = Number(segment[1]);
    return segment[2] === 'snapshot' ? { kind: 'snapshot', offset } : { kind: 'segment', part: segment[2] as SegmentFileKind, baseOffset: offset };
  }
  const swap = /^(\d{20})-(\d{20})\.(log|index|timeindex|txnindex)\.swap$/.exec(name);
  if (swap !== null) return { kind: 'swap', part: swap[3] as SegmentFileKind, baseOffset: Number(swap[1]), untilOffset: Number(swap[2]) };
  return /\.(cleaned|new)$/.test(name) ? { kind: 'leftOver' } : undefined;
}

function digits(offset: number): string {
  return String(offset).padStart(20, '0');
}
