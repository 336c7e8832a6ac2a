import { terminationMessageBytesMax, type TerminationMessage } from '../../contract.ts';

const ellipsis = '…';

/**
 * The message as JSON in at most `terminationMessageBytesMax` bytes: rows go first, from the end, then columns, then the end
 * of the error's text.
 */
export function encodeTermination(message: TerminationMessage): string {
  const fits = (each: TerminationMessage): boolean => Buffer.byteLength(JSON.stringify(each)) <= terminationMessageBytesMax;
  const fewerRows = largest(message.result?.firstRows?.length ?? 0, (rows) => withRows(message, rows), fits);
  if (fewerRows !== undefined) return JSON.stringify(fewerRows);
  const bare = withoutTable(message);
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
  const { output, rows } = message.result;
  return { ...message, result: { ...(output === undefined ? {} : { output }), ...(rows === undefined ? {} : { rows }) } };
}

function withErrorText(message: TerminationMessage, characters: number): TerminationMessage {
  if (message.error === undefined || message.error.message.length <= characters) return message;
  return { ...message, error: { ...message.error, message: message.error.message.slice(0, characters) + ellipsis } };
}
