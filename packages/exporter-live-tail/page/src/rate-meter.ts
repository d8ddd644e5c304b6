/** Over how long a rate is measured. */
const SPAN_MILLIS = 3000;

/** How many a second come of something that is counted. */
export class RateMeter {
  #samples: { readonly at: number; readonly total: number }[] = [];

  /**
   * Notes the count, and returns the rate over the last three seconds. Call it a few times a second.
   *
   * @param now monotonic milliseconds
   */
  perSecond(total: number, now: number): number {
    this.#samples.push({ at: now, total });
    // The last sample before the span stays: it is where the span begins.
    while ((this.#samples[1]?.at ?? now) <= now - SPAN_MILLIS) this.#samples.shift();
    const [first] = this.#samples;
    const elapsed = first === undefined ? 0 : now - first.at;
    return first === undefined || elapsed <= 0 ? 0 : ((total - first.total) / elapsed) * 1000;
  }
}
