/** A command failed for one of its paths; the others go on. The message follows the command's name. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
