export interface RetryableErrorOptions {
  /** What went wrong underneath. */
  readonly cause?: unknown;
  /** How long the backend asked to be left alone, in milliseconds. */
  readonly retryAfterMillis?: number | undefined;
}

/** A registered symbol, so that an error of one copy of this package is known to another copy. */
const BRAND = Symbol.for('@spillway/retry/RetryableError');

/**
 * Thrown by an operation that may be called again: who throws classifies, who retries only asks.
 * Subclasses stay retryable, whatever their name.
 */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  readonly retryAfterMillis: number | undefined;

  static {
    Object.defineProperty(this.prototype, BRAND, { value: true });
  }

  constructor(message: string, options: RetryableErrorOptions = {}) {
    super(message, options);
    this.retryAfterMillis = options.retryAfterMillis;
  }
}

/** Whether the error is a `RetryableError` of this or another copy of the package. */
export function isRetryableError(error: unknown): error is RetryableError {
  return typeof error === 'object' && error !== null && Reflect.get(error, BRAND) === true;
}
