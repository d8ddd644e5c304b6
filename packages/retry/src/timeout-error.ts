/** The total deadline passed while a call was running. `cause` is the error of the call before, if there was one. */
export class TimeoutError extends Error {
  /** The name that `AbortSignal.timeout()` uses, so that one check covers both. */
  override readonly name: string = 'TimeoutError';
}
