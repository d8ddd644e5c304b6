/** The samples of a push take its own millisecond, and those of 0 that series begin with the one before. */
const STEP_MILLIS = 2;

/**
 * How far ahead of the wall clock a push may be. Prometheus, Mimir and Cortex refuse what is more than 10 minutes ahead of
 * their own clocks, which differ from ours.
 * @see https://github.com/prometheus/prometheus/blob/main/storage/remote/write_handler.go (maxAheadTime; read 2026-11-21)
 */
export const MAX_AHEAD_MILLIS: number = 5 * 60 * 1000;

/**
 * Gives each push a time of its own. Receivers refuse a sample that is not newer than the last one of its series, and
 * with it the whole request: so each push is newer than the one before by {@link STEP_MILLIS} at least, also when the wall
 * clock steps back or two pushes fall into one millisecond.
 */
export class PushClock {
  #lastMillis = -Infinity;

  /**
   * The time of the next push, by the wall clock or up to {@link MAX_AHEAD_MILLIS} ahead of it. Undefined while the wall
   * clock is further behind than that: nothing may be sent then, and nothing is lost, because values are totals.
   */
  next(nowMillis: number): number | undefined {
    const wallMillis = Math.floor(nowMillis);
    const millis = Math.max(wallMillis, this.#lastMillis + STEP_MILLIS);
    if (!Number.isSafeInteger(millis) || millis - wallMillis > MAX_AHEAD_MILLIS) return undefined;
    this.#lastMillis = millis;
    return millis;
  }
}
