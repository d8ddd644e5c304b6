export { abortableDelay } from './abortable-delay.ts';
export { type BackoffSchedule, exponentialBackoff, type ExponentialBackoffOptions, quickBackoff } from './backoff.ts';
export { CircuitBreaker, type CircuitBreakerOptions, type CircuitBreakerState } from './circuit-breaker.ts';
export { type NextDelayArguments, nextDelayMillis } from './next-delay.ts';
export { type AttemptContext, retry, type RetryOptions } from './retry.ts';
export { MAX_RETRY_AFTER_MILLIS, parseRetryAfter } from './retry-after.ts';
export { isRetryableError, RetryableError, type RetryableErrorOptions } from './retryable-error.ts';
export { TimeoutError } from './timeout-error.ts';
export { startTimer } from './timer.ts';
