/** At once, and per second after that, as for the reports of a fan-out: a failure that leads to a failure must come to an end. */
const BURST = 100;
const PER_SECOND = 10;

/** How many failures are reported. Those beyond are counted, for the next report to tell. */
export class ReportLimit {
  #left = BURST;
  #at = 0;
  #unreported = 0;

  /** Answers how many failures nobody was told of before this one; undefined where this is one more of them. */
  take(nowMillis: number): number | undefined {
    this.#left = Math.min(BURST, this.#left + ((nowMillis - this.#at) * PER_SECOND) / 1000);
    this.#at = nowMillis;
    if (this.#left < 1) {
      this.#unreported += 1;
      return undefined;
    }
    const unreported = this.#unreported;
    this.#left -= 1;
    this.#unreported = 0;
    return unreported;
  }
}
