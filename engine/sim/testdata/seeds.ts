/** Which seeds a test runs: those that once failed, then `SEEDS` many from `FROM` on; what `make simulate` sets. See docs/simulation.md. */

export interface SeedRange {
  readonly from: number;
  readonly count: number;
}

export function seedRange(defaultCount: number, environment: NodeJS.ProcessEnv = process.env): SeedRange {
  return { from: natural(environment['FROM'], 1), count: natural(environment['SEEDS'], defaultCount) };
}

export function seedsOf({ from, count }: SeedRange, known: readonly number[] = []): readonly number[] {
  return [...new Set([...known, ...Array.from({ length: count }, (_, i) => from + i)])];
}

/** A world that lives through one seed. */
export interface SeededRun {
  run(): Promise<unknown>;
  /** What happened last, for who wants to know what went wrong. */
  readonly history: readonly string[];
}

/** `closely`: with the end of the history, and with stack traces, which cost a third of the time. */
export type MakeRun = (seed: number, closely: boolean) => SeededRun;

/** Undefined when all is well. A seed that fails is run once more, closely: the error tells what happened before it. */
export async function failureOf(seed: number, make: MakeRun): Promise<Error | undefined> {
  const traceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    await make(seed, false).run();
    return undefined;
  } catch (error) {
    Error.stackTraceLimit = traceLimit;
    const again = make(seed, true);
    const closer = await again.run().then(() => new Error('it does not fail a second time: something is not decided by the seed', { cause: error }), (reason: unknown) => reason);
    const message = closer instanceof Error ? closer.message : String(closer);
    return new Error(`seed ${seed}: ${message}\n(again: FROM=${seed} SEEDS=1, see docs/simulation.md)\n${again.history.slice(-40).join('\n')}`, { cause: closer });
  } finally {
    Error.stackTraceLimit = traceLimit;
  }
}

/** One seed after the other. Rejects with the first failure. */
export async function runSeeds(seeds: readonly number[], make: MakeRun): Promise<void> {
  for (const seed of seeds) {
    const failure = await failureOf(seed, make);
    if (failure !== undefined) throw failure;
  }
}

function natural(text: string | undefined, otherwise: number): number {
  if (text === undefined || text === '') return otherwise;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`'${text}' is no seed and no number of seeds`);
  return number;
}
