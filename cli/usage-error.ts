/** The command line or a file named on it is wrong: the message says how, the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
