export { ConcurrencyLimiter, type ConcurrencyLimiterOptions, type RunOptions } from './concurrency-limiter.ts';
export { LimiterClosedError, QueueFullError } from './errors.ts';
export { TokenBucket, type TokenBucketOptions } from './token-bucket.ts';
