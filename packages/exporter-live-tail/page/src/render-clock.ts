/** Nobody reads faster, and what is drawn less often leaves time to receive. */
const MIN_PAUSE_MILLIS = 100;

/** Draws in the browser's own rhythm, less often for records than for what a person does. */
export class RenderClock {
  readonly #render: () => void;
  #frame: number | undefined;
  #isUrgent = false;
  #renderedAt = -Infinity;

  constructor(render: () => void) {
    this.#render = render;
  }

  /** With the next frame. */
  renderNow(): void {
    this.#isUrgent = true;
    this.#request();
  }

  /** With one of the next frames. */
  renderSoon(): void {
    this.#request();
  }

  #request(): void {
    if (this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame((now) => this.#onFrame(now));
  }

  #onFrame(now: number): void {
    this.#frame = undefined;
    if (!this.#isUrgent && now - this.#renderedAt < MIN_PAUSE_MILLIS) {
      this.#request();
      return;
    }
    this.#isUrgent = false;
    this.#renderedAt = now;
    this.#render();
  }
}
