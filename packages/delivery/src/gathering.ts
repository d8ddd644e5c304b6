import { startTimer } from '@spillway/retry';

import type { EncodedPayload } from './payload.ts';

/** What has gathered this much goes at once: larger requests gain nothing. */
const FULL_BYTES = 1024 * 1024;
/** Severity numbers from here on (ERROR) never wait. */
const URGENT_SEVERITY = 17;

export interface GatheringOptions {
  readonly merge: Merge | undefined;
  readonly dispatch: (payloads: readonly EncodedPayload[]) => void;
  readonly now: () => number;
  /** How long a payload waits for others to share its request, where one left just before, in milliseconds. */
  readonly lingerMillis: number;
}

/** Joins payloads into fewer ones, where their bytes can be joined; what cannot be joined comes back as it is. */
export type Merge = (payloads: readonly EncodedPayload[]) => readonly EncodedPayload[];

/**
 * Makes few, large requests out of many small payloads, when they come thick and fast: each request costs several wake-ups of
 * other threads and of the backend, whatever its size. A payload that comes alone, and what is severe, never waits.
 */
export class Gathering {
  readonly #merge: Merge | undefined;
  readonly #dispatch: (payloads: readonly EncodedPayload[]) => void;
  readonly #now: () => number;
  readonly #lingerMillis: number;
  #payloads: EncodedPayload[] = [];
  #bytes = 0;
  #lastDispatchAt = -Infinity;
  #stopTimer: (() => void) | undefined;

  constructor({ merge, dispatch, now, lingerMillis }: GatheringOptions) {
    this.#merge = merge;
    this.#dispatch = dispatch;
    this.#now = now;
    this.#lingerMillis = lingerMillis;
  }

  /** Bytes that wait here. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Records that wait here. */
  get recordCount(): number {
    return this.#payloads.reduce((sum, { recordOffsets }) => sum + recordOffsets.length, 0);
  }

  add(payloads: readonly EncodedPayload[]): void {
    let isUrgent = this.#merge === undefined;
    for (const payload of payloads) {
      this.#keep(payload);
      isUrgent ||= payload.highestSeverity >= URGENT_SEVERITY;
    }
    const waitMillis = this.#lastDispatchAt + this.#lingerMillis - this.#now();
    if (isUrgent || waitMillis <= 0) this.dispatch();
    else {
      if (this.#bytes >= FULL_BYTES) this.#dispatchFull();
      this.#stopTimer ??= startTimer(() => this.dispatch(), waitMillis);
    }
  }

  /** The same at the end: what is severe goes at once and by itself, so that nothing hides it; the rest when that is asked for. */
  addLast(payloads: readonly EncodedPayload[]): void {
    for (const payload of payloads) {
      if (payload.highestSeverity >= URGENT_SEVERITY) this.#send([payload]);
      else this.#keep(payload);
    }
  }

  /** Hands on what has gathered. */
  dispatch(): void {
    this.#send(this.#merged());
  }

  /** Hands on the requests that are full, and keeps the last one, which more will join. */
  #dispatchFull(): void {
    const merged = this.#merged();
    const last = merged.at(-1);
    this.#send(merged.slice(0, -1));
    if (last !== undefined) this.#keep(last);
  }

  #keep(payload: EncodedPayload): void {
    this.#payloads.push(payload);
    this.#bytes += payload.body.byteLength;
  }

  #merged(): readonly EncodedPayload[] {
    const payloads = this.take();
    if (payloads.length <= 1 || this.#merge === undefined) return payloads;
    try {
      return this.#merge(payloads);
    } catch {
      // From a timer it would end the process; and as they are, the payloads can be sent as well.
      return payloads;
    }
  }

  #send(payloads: readonly EncodedPayload[]): void {
    if (payloads.length === 0) return;
    this.#lastDispatchAt = this.#now();
    this.#dispatch(payloads);
  }

  /** Gives out what has gathered, as it is. */
  take(): readonly EncodedPayload[] {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const payloads = this.#payloads;
    this.#payloads = [];
    this.#bytes = 0;
    return payloads;
  }
}
