import type { FamilySnapshot, Label } from '../store/family-snapshot.ts';
import { PushClock } from './push-clock.ts';
import type { TimeSeries } from './time-series.ts';
import { type Push, TrackedSeries } from './tracked-series.ts';

/**
 * Makes time series of the store's snapshots, push by push. Every series is sent in every push, changed or not: Prometheus
 * takes one for ended that has no sample for 5 minutes.
 *
 * - The samples of a series have strictly increasing times, whatever the wall clock does.
 * - A counter or histogram that is new begins with a sample of 0, a millisecond before its first value.
 * - A series that is gone is ended with a stale marker, and one that comes back later is new.
 * - An exemplar is sent once.
 * - Of a series that is left out nothing is sent for a while; it goes on afterwards where it is then.
 *
 * It holds as many series as the last snapshot had.
 */
export class SampleSequence {
  readonly #extraLabels: readonly Label[];
  readonly #clock = new PushClock();
  readonly #tracked = new Map<string, TrackedSeries>();
  #pushes = 0;

  /** @param extraLabels labels of every series, that no metric has */
  constructor(extraLabels: readonly Label[]) {
    this.#extraLabels = extraLabels;
  }

  /** What to send now, of no families at shutdown; undefined while the wall clock is too far behind the last push. */
  next(families: readonly FamilySnapshot[], nowMillis: number): readonly TimeSeries[] | undefined {
    const timestampMillis = this.#clock.next(nowMillis);
    if (timestampMillis === undefined) return undefined;
    this.#pushes += 1;
    const push: Push = { timestampMillis, starts: [], samples: [] };
    for (const family of families) {
      for (const series of family.series) {
        const key = `${family.name} ${JSON.stringify(series.labels)}`;
        let tracked = this.#tracked.get(key);
        if (tracked === undefined) {
          tracked = new TrackedSeries(family, series, this.#extraLabels);
          this.#tracked.set(key, tracked);
        }
        tracked.lastPush = this.#pushes;
        if (nowMillis >= tracked.leftOutUntilMillis) tracked.push(series, push);
      }
    }
    this.#endOthers(push, nowMillis);
    return [...push.starts, ...push.samples];
  }

  /**
   * Leaves out, until a time in milliseconds since the epoch, the series that an encoded one of a request belongs to.
   * @returns the name of its metric; undefined where the series has ended
   */
  leaveOut(encoded: Uint8Array, untilMillis: number): string | undefined {
    for (const tracked of this.#tracked.values()) {
      if (!tracked.owns(encoded)) continue;
      tracked.leftOutUntilMillis = untilMillis;
      return tracked.name;
    }
    return undefined;
  }

  /** Ends what was in the last push and is not in this one. */
  #endOthers(push: Push, nowMillis: number): void {
    for (const [key, tracked] of this.#tracked) {
      if (tracked.lastPush === this.#pushes) continue;
      if (nowMillis >= tracked.leftOutUntilMillis) tracked.end(push);
      this.#tracked.delete(key);
    }
  }
}
