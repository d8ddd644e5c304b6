import { startMacrotask } from '@spillway/core';
import { startTimer } from '@spillway/retry';

/** What is called when a turn has come. */
export interface TurnEvents {
  /** The code that logged an immediate record has paused. */
  onPause(): void;
  /** A turn of the event loop that was asked for. */
  onTurn(): void;
  /** The delay has passed. */
  onDelayPassed(): void;
}

/** When exports begin. Asking again for what is on its way costs one comparison. */
export class TurnSchedule {
  readonly #events: TurnEvents;
  readonly #delayMillis: number;
  /** One pause per macrotask: an exporter that logs errors by itself must not keep the event loop to itself. */
  #hadPause = false;
  #cancelTurn: (() => void) | undefined;
  #cancelDelay: (() => void) | undefined;

  readonly #onMicrotask = (): void => {
    this.#events.onPause();
    this.soon();
  };
  readonly #onMacrotask = (): void => {
    this.#cancelTurn = undefined;
    this.#hadPause = false;
    this.#events.onTurn();
  };
  readonly #onDelay = (): void => {
    this.#cancelDelay = undefined;
    this.#events.onDelayPassed();
  };

  constructor(delayMillis: number, events: TurnEvents) {
    this.#delayMillis = delayMillis;
    this.#events = events;
  }

  /** Whether a turn is on its way. */
  get isSoon(): boolean {
    return this.#cancelTurn !== undefined;
  }

  /** As soon as the code that runs now pauses, in a microtask; if that has been in this macrotask, in the next one. */
  atOnce(): void {
    if (this.#hadPause) return;
    this.#hadPause = true;
    queueMicrotask(this.#onMicrotask);
  }

  /** In the next macrotask. */
  soon(): void {
    this.#cancelTurn ??= startMacrotask(this.#onMacrotask);
  }

  /** After the delay, counted from the first time it was asked for. */
  later(): void {
    this.#cancelDelay ??= startTimer(this.#onDelay, this.#delayMillis);
  }

  /** The delay begins anew when it is asked for again. */
  endDelay(): void {
    this.#cancelDelay?.();
    this.#cancelDelay = undefined;
  }

  /** Cancels everything for good. */
  close(): void {
    this.endDelay();
    this.#cancelTurn?.();
    this.#cancelTurn = (): void => {};
    this.#hadPause = true;
  }
}
