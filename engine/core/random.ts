/** Randomness as an input. */
import { randomBytes } from 'node:crypto';

export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  bytes(count: number): Uint8Array;
}

/** The operating system's source; fit for secrets and nonces. */
export function systemRandom(): Random {
  return {
    fraction: () => randomBytes(4).readUInt32LE() / 2 ** 32,
    bytes: (count) => randomBytes(count),
  };
}

/** Reproducible, for tests and simulation; never for secrets. Algorithm: mulberry32. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    fraction: () => next() / 2 ** 32,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
  };
}

/** Uniform integer in [0, bound). */
export function integerBelow(random: Random, bound: number): number {
  return Math.floor(random.fraction() * bound);
}
