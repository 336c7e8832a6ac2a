import { terminationMessageBytesMax, type TerminationMessage } from '../../contract.ts';

const ellipsis = '…';

/**
 * The message as JSON in at most `terminationMessageBytesMax` bytes: rows go first, from the end, then columns, then
 * counters, then the end of the error's text.
 */
export function encodeTermination(message: TerminationMessage): string {
  const fits = (each: TerminationMessage): boolean => Buffer.byteLength(JSON.stringify(each)) <= terminationMessageBytesMax;
  const fewerRows = largest(message.result?.firstRows?.length ?? 0, (rows) => withRows(message, rows), fits);
  if (fewerRows !== undefined) return JSON.stringify(fewerRows);
  const counted = withoutTable(message);
  const names = Object.entries(counted.result?.counters ?? {}).flatMap(([group, each]) => Object.keys(each).map((name) => [group, name] as const));
  // The job's own counters come first.
  const fewerCounters = largest(names.length, (count) => withCounters(counted, names.slice(0, count)), fits);
  if (fewerCounters !== undefined) return JSON.stringify(fewerCounters);
  const bare = withCounters(counted, []);
  const shorter = largest(message.error?.message.length ?? 0, (characters) => withErrorText(bare, characters), fits);
  if (shorter !== undefined) return JSON.stringify(shorter);
  return JSON.stringify({ outcome: message.outcome });
}

/** What `make` makes of the largest size that fits; undefined when none does. Sizes are tried by halving. */
function largest(sizeMax: number, make: (size: number) => TerminationMessage, fits: (message: TerminationMessage) => boolean): TerminationMessage | undefined {
  if (fits(make(sizeMax))) return make(sizeMax);
  if (!fits(make(0))) return undefined;
  let [good, bad] = [0, sizeMax];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(make(middle))) good = middle;
    else bad = middle;
  }
  return make(good);
}

function withRows(message: TerminationMessage, rows: number): TerminationMessage {
  if (message.result?.firstRows === undefined) return message;
  return { ...message, result: { ...message.result, firstRows: message.result.firstRows.slice(0, rows) } };
}

function withoutTable(message: TerminationMessage): TerminationMessage {
  if (message.result === undefined) return message;
  const { output, rows, counters } = message.result;
  return { ...message, result: { ...(output === undefined ? {} : { output }), ...(rows === undefined ? {} : { rows }), ...(counters === undefined ? {} : { counters }) } };
}

function withCounters(message: TerminationMessage, kept: readonly (readonly [group: string, name: string])[]): TerminationMessage {
  if (message.result?.counters === undefined) return message;
  const { counters, ...result } = message.result;
  const groups: Record<string, Record<string, number>> = {};
  for (const [group, name] of kept) (groups[group] ??= {})[name] = counters[group]?.[name] ?? 0;
  return { ...message, result: kept.length === 0 ? result : { ...result, counters: groups } };
}

function withErrorText(message: TerminationMessage, characters: number): TerminationMessage {
  if (message.error === undefined || message.error.message.length <= characters) return message;
  return { ...message, error: { ...message.error, message: message.error.message.slice(0, characters) + ellipsis } };
}
