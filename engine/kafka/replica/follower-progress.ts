/** What a leader knows of one follower: Kafka's rule of who has caught up. */
export class FollowerProgress {
  /** Undefined until the follower has fetched in this epoch. */
  logEnd: number | undefined;
  brokerEpoch = -1;
  /** It had, at that time, all that the leader had. */
  #caughtUpMs: number;
  #lastFetchMs: number | undefined;
  #leaderEndAtLastFetch = 0;

  constructor(nowMs: number) {
    // As long as it takes to be called slow is what a follower has to come.
    this.#caughtUpMs = nowMs;
  }

  fetched(offset: number, leaderEnd: number, nowMs: number): void {
    if (offset >= leaderEnd) this.#caughtUpMs = Math.max(this.#caughtUpMs, nowMs);
    // It now has what the leader had when it fetched last.
    else if (offset >= this.#leaderEndAtLastFetch && this.#lastFetchMs !== undefined) this.#caughtUpMs = Math.max(this.#caughtUpMs, this.#lastFetchMs);
    this.logEnd = offset;
    this.#lastFetchMs = nowMs;
    this.#leaderEndAtLastFetch = leaderEnd;
  }

  isCaughtUp(leaderEnd: number, nowMs: number, lagMaxMs: number): boolean {
    return this.logEnd === leaderEnd || nowMs - this.#caughtUpMs <= lagMaxMs;
  }
}
