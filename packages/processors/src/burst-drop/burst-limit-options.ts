import { checkFields, checkInteger, checkNumber, checkTimerMillis, optionMessage } from '@spillway/core';

import type { BurstLimiter } from './burst-limiter.ts';
import { FirstThenEveryLimiter } from './first-then-every-limiter.ts';
import { GcraLimiter } from './gcra-limiter.ts';
import { MinIntervalLimiter } from './min-interval-limiter.ts';

/** So many records of a key pass at one instant, and then one in every `1000 / perSecond` milliseconds. */
export interface RateLimit {
  /** Records of a key per second, 0.000001 (one in 12 days) to 1,000,000. */
  readonly perSecond: number;
  /**
   * Records of a key that pass at one instant, 1 and up. Raise it where records of a key come together.
   * @defaultValue `perSecond`, rounded up: what passes in a second may come at once
   */
  readonly burst?: number;
}

/** zap's equation: of `n` records of a key in a window `min(n, first) + floor(max(0, n - first) / thereafter)` pass. */
export interface FirstThenEvery {
  /** Records at the beginning of a window that pass, 0 and up. */
  readonly first: number;
  /** Of those after them every so many-th passes, 0 and up. 0: none. */
  readonly thereafter: number;
  /** Length of a window, in milliseconds, 1 to 2^31-1. It starts with the first record of its key after the last window. */
  readonly intervalMillis: number;
}

/** Options that say how much passes: one of them, or none. */
export interface BurstLimitOptions {
  /**
   * Limits each key to a rate with a burst. For a bound on what a key may cost, whatever comes.
   * @defaultValue none; `firstThenEvery` decides
   */
  readonly rate?: RateLimit;
  /**
   * Passes the first records of each key in a window, and then every so many-th. For a flood whose size shall stay
   * visible in what passes.
   * @defaultValue `{ first: 100, thereafter: 100, intervalMillis: 1000 }`, which zap has in production
   */
  readonly firstThenEvery?: FirstThenEvery;
  /**
   * Shortest time between two records of a key that pass, in milliseconds, 0.001 to 2^31-1. For records that are written
   * twice, by two loggers or by a retry: 2 drops what follows within 2 ms.
   * @defaultValue none; `firstThenEvery` decides
   */
  readonly minIntervalMillis?: number;
  /**
   * How long suppressed records wait for their summary, in milliseconds, 1 to 2^31-1. Only with `rate` or
   * `minIntervalMillis`: with `firstThenEvery` a summary belongs to its window.
   * @defaultValue 1000: a line a second tells of a flood while it lasts. Raise it for fewer summaries.
   */
  readonly summaryIntervalMillis?: number;
}

/** How much passes, with every default filled in. */
export interface ResolvedBurstLimit {
  readonly createLimiter: (cells: number) => BurstLimiter;
  /** How long after the beginning of its window a summary leaves. */
  readonly summaryIntervalMillis: number;
}

const MAX_PER_SECOND = 1_000_000;
const MIN_PER_SECOND = 0.000_001;
const MIN_INTERVAL_MILLIS = 0.001;
export const ZAP_PRODUCTION: FirstThenEvery = { first: 100, thereafter: 100, intervalMillis: 1000 };

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveBurstLimit(options: BurstLimitOptions): ResolvedBurstLimit {
  const { rate, firstThenEvery, minIntervalMillis } = options;
  checkAlone(options);
  if (rate !== undefined) {
    return { createLimiter: rateLimiter(rate), summaryIntervalMillis: resolveSummaryInterval(options) };
  }
  if (minIntervalMillis !== undefined) {
    const interval = checkTimerMillis('minIntervalMillis', minIntervalMillis, MIN_INTERVAL_MILLIS);
    return {
      createLimiter: (cells) => new MinIntervalLimiter(cells, interval),
      summaryIntervalMillis: resolveSummaryInterval(options),
    };
  }
  return resolveFirstThenEvery(firstThenEvery ?? ZAP_PRODUCTION);
}

/** Of options that exclude each other the second is the one too many. */
function checkAlone(options: BurstLimitOptions): void {
  const limits = (['rate', 'firstThenEvery', 'minIntervalMillis'] as const).filter(
    (name) => options[name] !== undefined,
  );
  const [first, second] = limits;
  if (second !== undefined) {
    throw new TypeError(optionMessage(second, `left out where \`${first}\` is given`, options[second]));
  }
  const { summaryIntervalMillis } = options;
  if (summaryIntervalMillis === undefined || first === 'rate' || first === 'minIntervalMillis') return;
  const rule = 'left out unless `rate` or `minIntervalMillis` is given';
  throw new TypeError(optionMessage('summaryIntervalMillis', rule, summaryIntervalMillis));
}

function resolveSummaryInterval({ summaryIntervalMillis = 1000 }: BurstLimitOptions): number {
  return checkTimerMillis('summaryIntervalMillis', summaryIntervalMillis, 1);
}

function rateLimiter(rate: RateLimit): ResolvedBurstLimit['createLimiter'] {
  checkLimit('rate', rate, ['perSecond', 'burst']);
  const perSecond = checkNumber('rate.perSecond', rate.perSecond, { min: MIN_PER_SECOND, max: MAX_PER_SECOND });
  const burst = checkInteger('rate.burst', rate.burst ?? Math.ceil(perSecond), { min: 1 });
  return (cells) => new GcraLimiter(cells, perSecond, burst);
}

function resolveFirstThenEvery(limit: FirstThenEvery): ResolvedBurstLimit {
  checkLimit('firstThenEvery', limit, ['first', 'thereafter', 'intervalMillis']);
  const first = checkInteger('firstThenEvery.first', limit.first);
  const thereafter = checkInteger('firstThenEvery.thereafter', limit.thereafter);
  const intervalMillis = checkTimerMillis('firstThenEvery.intervalMillis', limit.intervalMillis, 1);
  return {
    createLimiter: (cells) => new FirstThenEveryLimiter(cells, first, thereafter, intervalMillis),
    summaryIntervalMillis: intervalMillis,
  };
}

function checkLimit(field: string, value: object, names: readonly string[]): void {
  if (typeof value !== 'object' || value === null) throw new TypeError(optionMessage(field, 'an object', value));
  checkFields(`${field}.`, value, names);
}
