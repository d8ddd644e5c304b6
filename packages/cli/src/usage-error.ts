/** A mistake on the command line, to be shown as it is. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
