/** Calls `onSilence` once where nothing was heard for `limitMillis`. To hear something costs no timer. */
export class SilenceWatch {
  readonly #limitMillis: number;
  readonly #onSilence: () => void;
  #heardAt = performance.now();
  #timer: ReturnType<typeof setTimeout>;

  constructor(limitMillis: number, onSilence: () => void) {
    this.#limitMillis = limitMillis;
    this.#onSilence = onSilence;
    this.#timer = setTimeout(() => this.#look(), limitMillis);
  }

  hear(): void {
    this.#heardAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const left = this.#heardAt + this.#limitMillis - performance.now();
    if (left <= 0) this.#onSilence();
    else this.#timer = setTimeout(() => this.#look(), left);
  }
}
