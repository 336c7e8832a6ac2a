/** What members of a group say to each other. `term` is the sender's, or the one it asks for (pre-vote). Numbers in brackets are sections of the Raft paper. */
import { z } from 'zod';

const count = z.number().int().nonnegative();
const base = { from: z.string().max(256), term: count };
const entry = z.object({ index: count, term: count, kind: z.enum(['data', 'own']), data: z.instanceof(Uint8Array) });

export const raftMessageSchema = z.discriminatedUnion('kind', [
  /** §5.2, and §9.6 of Ongaro's thesis (pre-vote). `transfer`: the leader itself wants it, so nobody insists on the leader. */
  z.object({ kind: z.literal('vote'), ...base, pre: z.boolean(), lastIndex: count, lastTerm: count, transfer: z.boolean() }),
  z.object({ kind: z.literal('voted'), ...base, pre: z.boolean(), granted: z.boolean() }),
  /** §5.3. Without entries a heartbeat. `round` comes back in the answer: it proves that the leader led after the round began (§8). */
  z.object({ kind: z.literal('append'), ...base, prevIndex: count, prevTerm: count, commit: count, round: count, entries: z.array(entry) }),
  /**
   * `match`: stored up to here; when refused, where the follower may agree at the latest, and the term there. `disk` tells answers of a disk that is lost by
   * now; `recovering`: the answer moves the log on, but counts for no majority.
   */
  z.object({ kind: z.literal('appended'), ...base, round: count, ok: z.boolean(), match: count, hintTerm: count, disk: z.string().max(64), recovering: z.boolean() }),
  /** Thesis, §3.10. */
  z.object({ kind: z.literal('timeoutNow'), ...base }),
  /** A member that has lost its disk asks all others; see `raft-core.ts`. */
  z.object({ kind: z.literal('recover'), ...base, nonce: z.string().max(64), disk: z.string().max(64) }),
  /** `commit`: of a leader at least its own first entry, behind which lies whatever was committed before its term. */
  z.object({ kind: z.literal('recovery'), ...base, nonce: z.string().max(64), commit: count, leads: z.boolean() }),
]);

export type RaftMessage = z.infer<typeof raftMessageSchema>;
export type RaftMessageOf<K extends RaftMessage['kind']> = Extract<RaftMessage, { readonly kind: K }>;
