/**
 * Safe mode: nothing is changed and nothing is copied or removed until enough blocks and datanodes have been reported, and for a while after that.
 * An administrator can turn it on and off by hand.
 */

export interface SafeModeRule {
  /** Share of the blocks that must have a good replica. */
  readonly threshold: number;
  readonly datanodes: number;
  /** How long the thresholds must have been reached. */
  readonly extensionMs: number;
}

export interface SafeModeCounts {
  /** Committed blocks, and those of them with a good replica. */
  readonly blocks: number;
  readonly safeBlocks: number;
  readonly liveDatanodes: number;
}

type State =
  | { readonly kind: 'off' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'extension'; readonly untilMs: number }
  | { readonly kind: 'manual' };

export class SafeMode {
  readonly #rule: SafeModeRule;
  #state: State = { kind: 'waiting' };

  constructor(rule: SafeModeRule) {
    this.#rule = rule;
  }

  get on(): boolean {
    return this.#state.kind !== 'off';
  }

  enter(): void {
    this.#state = { kind: 'manual' };
  }

  /** Whatever it waits for. */
  leave(): void {
    this.#state = { kind: 'off' };
  }

  /** True when safe mode ends by this. */
  update(counts: SafeModeCounts, nowMs: number): boolean {
    if (this.#state.kind === 'off' || this.#state.kind === 'manual') return false;
    if (this.#blocksMissing(counts) > 0 || counts.liveDatanodes < this.#rule.datanodes) {
      this.#state = { kind: 'waiting' };
      return false;
    }
    // An empty name space has nothing to wait for.
    const extensionMs = counts.blocks === 0 ? 0 : this.#rule.extensionMs;
    if (this.#state.kind === 'waiting') this.#state = { kind: 'extension', untilMs: nowMs + extensionMs };
    if (nowMs < this.#state.untilMs) return false;
    this.#state = { kind: 'off' };
    return true;
  }

  /** What it waits for, in Hadoop's words: people and programs look for them. */
  tip(counts: SafeModeCounts, nowMs: number): string {
    const { threshold, datanodes } = this.#rule;
    if (this.#state.kind === 'manual') return 'It was turned on manually. Use "headrace dfsadmin safemode leave" to turn safe mode off.';
    const missing = this.#blocksMissing(counts);
    const blocks = missing > 0
      ? `The reported blocks ${counts.safeBlocks} needs additional ${missing} blocks to reach the threshold ${threshold.toFixed(4)} of total blocks ${counts.blocks}.\n`
      : `The reported blocks ${counts.safeBlocks} has reached the threshold ${threshold.toFixed(4)} of total blocks ${counts.blocks}. `;
    const short = datanodes - counts.liveDatanodes;
    const nodes = short > 0
      ? `The number of live datanodes ${counts.liveDatanodes} needs an additional ${short} live datanodes to reach the minimum number ${datanodes}.\n`
      : `The number of live datanodes ${counts.liveDatanodes} has reached the minimum number ${datanodes}. `;
    const end = this.#state.kind === 'extension'
      ? `In safe mode extension. Safe mode will be turned off automatically in ${Math.max(0, Math.ceil((this.#state.untilMs - nowMs) / 1000))} seconds.`
      : 'Safe mode will be turned off automatically once the thresholds have been reached.';
    return blocks + nodes + end;
  }

  #blocksMissing(counts: SafeModeCounts): number {
    return Math.max(0, Math.ceil(counts.blocks * this.#rule.threshold) - counts.safeBlocks);
  }
}
