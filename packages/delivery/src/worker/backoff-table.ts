import type { BackoffSchedule } from '@spillway/retry';

import type { BackoffTable } from './messages.ts';

/** Waits have long reached their longest by then. */
const ATTEMPTS = 64;
/** The highest that a random number below 1 can be. */
const ALMOST_ONE = 1 - Number.EPSILON;

/** A schedule as numbers, which can be sent to another thread; a function cannot. */
export function toBackoffTable(schedule: BackoffSchedule): BackoffTable {
  return Array.from({ length: ATTEMPTS }, (_, index) => [
    schedule.delayMillis(index + 1, 0),
    schedule.delayMillis(index + 1, ALMOST_ONE),
  ]);
}

/** The schedule again. Between its ends the wait is in proportion to the random number. */
export function fromBackoffTable(table: BackoffTable): BackoffSchedule {
  return {
    delayMillis(attempt, random) {
      const [lowest, highest] = table[Math.min(attempt, table.length) - 1] ?? [0, 0];
      return lowest + (highest - lowest) * random;
    },
  };
}
