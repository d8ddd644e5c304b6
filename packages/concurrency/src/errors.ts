/** The waiting room is full: the function was not called. */
export class QueueFullError extends Error {
  override readonly name: string = 'QueueFullError';
}

/** The limiter was closed before the function was called. `cause` is the reason given to `close`, if there was one. */
export class LimiterClosedError extends Error {
  override readonly name: string = 'LimiterClosedError';
}
