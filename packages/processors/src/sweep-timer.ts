import { startTimer } from '@spillway/retry';

/**
 * Calls back when something is due, or a little later: due times are rounded up to a grid, so that what is due at many
 * times needs few calls. It keeps no process alive.
 */
export class SweepTimer {
  readonly #gridMillis: number;
  readonly #onDue: () => void;
  #at = Infinity;
  #cancel: (() => void) | undefined;

  constructor(gridMillis: number, onDue: () => void) {
    this.#gridMillis = gridMillis;
    this.#onDue = onDue;
  }

  /** Calls back once after `dueAt`, if nothing earlier is waited for. `Infinity`: never. */
  arm(dueAt: number, now: number): void {
    if (dueAt === Infinity) return;
    const at = Math.ceil(dueAt / this.#gridMillis) * this.#gridMillis;
    if (at >= this.#at) return;
    this.cancel();
    this.#at = at;
    this.#cancel = startTimer(() => {
      this.cancel();
      this.#onDue();
    }, at - now);
  }

  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#at = Infinity;
  }
}
