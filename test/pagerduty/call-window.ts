/** Calls are limited over a minute that looks back from each call. */
const WINDOW_MILLIS = 60_000;

/** The calls of the last 60 seconds; those of exactly 60 seconds ago are among them. */
export class CallWindow {
  readonly #times: number[] = [];

  /** Notes a call, not earlier than the last one. @returns how many there are now, this one included */
  record(timeMillis: number): number {
    const kept = this.#times.findIndex((time) => time >= timeMillis - WINDOW_MILLIS);
    this.#times.splice(0, kept === -1 ? this.#times.length : kept);
    return this.#times.push(timeMillis);
  }
}

/** The most calls that any 60 seconds have had. */
export function maxCallsInWindow(timesMillis: readonly number[]): number {
  const window = new CallWindow();
  const sorted = timesMillis.toSorted((a, b) => a - b);
  return sorted.reduce((max, time) => Math.max(max, window.record(time)), 0);
}
