/** Which segments a log may let go of, and when it begins a new one though nothing is appended. Pure. */
import type { LogConfig } from './partition-log.ts';

export interface RetentionView {
  readonly config: LogConfig;
  readonly logStartOffset: number;
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

export interface SegmentView {
  readonly baseOffset: number;
  readonly bytes: number;
}

/** How many of the oldest segments go. All of them may: then an empty one follows. */
export function retainedFrom(log: RetentionView, segments: readonly SegmentView[], maxTimestampsMs: readonly number[], nowMs: number): number {
  const { config, logStartOffset, logEndOffset, highWatermark } = log;
  const deletes = config.cleanupPolicy.includes('delete');
  let bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  for (const [i, segment] of segments.entries()) {
    const end = segments[i + 1]?.baseOffset ?? logEndOffset;
    // What is not replicated stays, and so does an empty segment at the end.
    if (end > highWatermark || (i === segments.length - 1 && segment.bytes === 0)) return i;
    const timestampMs = maxTimestampsMs[i] ?? -1;
    const old = deletes && config.retentionMs >= 0 && timestampMs >= 0 && nowMs - timestampMs > config.retentionMs;
    const surplus = deletes && config.retentionBytes >= 0 && bytes - segment.bytes >= config.retentionBytes;
    const deleted = i < segments.length - 1 && end <= logStartOffset;
    if (!old && !surplus && !deleted) return i;
    bytes -= segment.bytes;
  }
  return segments.length;
}

export function rollIsDue(log: { readonly config: LogConfig; readonly active: { readonly bytes: number; readonly firstAppendMs: number | undefined } }, nowMs: number): boolean {
  const { active, config } = log;
  if (active.bytes === 0 || active.firstAppendMs === undefined) return false;
  const ageMs = nowMs - active.firstAppendMs;
  return ageMs > config.segmentMs || (config.cleanupPolicy.includes('compact') && ageMs > config.maxCompactionLagMs);
}
