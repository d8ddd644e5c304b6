import { type BackoffSchedule, CircuitBreaker, nextDelayMillis } from '@spillway/retry';

/** Proof that an attempt was admitted; it goes back with the attempt's outcome. */
export interface Admission {
  /** State of the breaker when the attempt began. */
  readonly epoch: number;
}

/** How long a gate stays shut when address or credentials are wrong: the slowest cadence of its breaker. */
const REFUSED_MILLIS = 60_000;
/** One 429 can be chance; from the second in a row on, requests are too large for what the backend allows. */
const THROTTLES_BEFORE_HALVING = 2;
/** A sixteenth of 1 MiB is 64 KiB: below that, smaller requests only cost more. */
const MIN_SIZE_RATIO = 1 / 16;
const DELIVERIES_BEFORE_DOUBLING = 8;

/**
 * What all senders to one endpoint and tenant share: its circuit breaker, the pause it asked for, how many requests
 * it gets at once after it was down, and how large they may be. Pure: clock and random number are arguments.
 */
export class Gate {
  readonly #breaker = new CircuitBreaker();
  readonly #backoff: BackoffSchedule;
  readonly #maxConcurrent: number;
  #heldUntil = 0;
  #refused = false;
  #probeForced = false;
  #active = 0;
  #allowed: number;
  #throttles = 0;
  #deliveriesInARow = 0;
  #sizeRatio = 1;
  #deliveries = 0;
  #isBlocked = false;

  constructor(backoff: BackoffSchedule, maxConcurrent: number) {
    this.#backoff = backoff;
    this.#maxConcurrent = maxConcurrent;
    this.#allowed = maxConcurrent;
  }

  /** Attempts under way. */
  get active(): number {
    return this.#active;
  }

  /** Payloads that the backend dealt with so far: what tells a payload that fails alone from a backend that fails. */
  get deliveries(): number {
    return this.#deliveries;
  }

  /** Which part of the usual request size is right now, 1 down to 1/16. */
  get sizeRatio(): number {
    return this.#sizeRatio;
  }

  /** Whether the backend is taken for down or misconfigured, so that the next attempt is a probe. */
  get isProbing(): boolean {
    return this.#refused || this.#breaker.state !== 'closed';
  }

  /** Whether nothing more will go through before `deadline`: what makes waiting for it pointless. */
  isShut(deadline: number): boolean {
    if (this.#active > 0) return false;
    if (this.#isBlocked) return true;
    if (this.#heldUntil > deadline && !(this.#refused && this.#probeForced)) return true;
    return this.isProbing && !this.#probeForced;
  }

  /** When an attempt may be admitted next for reasons of time; undefined where time does not matter. */
  wakeAt(now: number): number | undefined {
    if (this.#isBlocked) return Infinity;
    const heldUntil = this.#probeForced && this.#refused ? 0 : this.#heldUntil;
    const probeAt = this.#probeForced ? 0 : (this.#breaker.nextProbeAt ?? 0);
    const at = Math.max(heldUntil, probeAt);
    return at > now ? at : undefined;
  }

  /** Lets one probe through at once, for a flush; a pause that the backend asked for is still kept. */
  forceProbe(): void {
    if (this.isProbing && this.#active === 0) this.#probeForced = true;
  }

  /** Whether an attempt would be admitted now. */
  mayAdmit(now: number): boolean {
    return this.#active < (this.isProbing ? 1 : this.#allowed) && this.wakeAt(now) === undefined;
  }

  /** Whether an attempt would be admitted beside those under way, because the page may not live to see another turn. */
  mayAdmitLast(now: number): boolean {
    return this.wakeAt(now) === undefined && !(this.isProbing && this.#active > 0);
  }

  /** Shuts it for good: requests are forbidden here, and each one would be reported. */
  block(): void {
    this.#isBlocked = true;
  }

  /** Admits an attempt. Every admission is given back through one of the four methods below. */
  admit(now: number): Admission {
    this.#breaker.tryAcquire(this.#probeForced ? Infinity : now);
    this.#probeForced = false;
    this.#active += 1;
    return { epoch: this.#breaker.epoch };
  }

  /** The backend answered, and took the payload or refused it for good. */
  onAnswered(now: number): void {
    const wasProbing = this.isProbing;
    this.#end();
    this.#breaker.onSuccess(now);
    if (this.#refused) this.#heldUntil = 0;
    this.#refused = false;
    this.#throttles = 0;
    this.#deliveries += 1;
    // After an outage the load comes back one request at a time, not as a herd.
    this.#allowed = wasProbing ? 1 : Math.min(this.#allowed + 1, this.#maxConcurrent);
    this.#deliveriesInARow += 1;
    if (this.#sizeRatio < 1 && this.#deliveriesInARow >= DELIVERIES_BEFORE_DOUBLING) {
      this.#sizeRatio = Math.min(1, this.#sizeRatio * 2);
      this.#deliveriesInARow = 0;
    }
  }

  /** The attempt failed. `throttled` and a hint hold back everybody who shares this gate. */
  onFailed(
    now: number,
    random: number,
    admission: Admission,
    { throttled, hintMillis }: { readonly throttled: boolean; readonly hintMillis: number | undefined },
  ): void {
    this.#end();
    this.#breaker.onFailure(now, admission.epoch);
    this.#deliveriesInARow = 0;
    if (throttled) this.#throttle();
    if (throttled || hintMillis !== undefined) {
      // When the pause is over, one request finds out whether it was long enough.
      this.#allowed = 1;
      const attempt = Math.max(1, this.#throttles);
      this.#hold(now + nextDelayMillis({ attempt, backoff: this.#backoff, random, hintMillis }));
    }
  }

  /** The backend refused address or credentials: nothing will change soon. */
  onRefused(now: number, admission: Admission): void {
    this.#end();
    this.#breaker.release(admission.epoch);
    this.#refused = true;
    this.#hold(now + REFUSED_MILLIS);
  }

  /** The attempt ended without any outcome, because we gave it up. */
  onAborted(admission: Admission): void {
    this.#end();
    this.#breaker.release(admission.epoch);
  }

  #end(): void {
    this.#active -= 1;
  }

  #hold(until: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  #throttle(): void {
    this.#throttles += 1;
    if (this.#throttles < THROTTLES_BEFORE_HALVING) return;
    this.#sizeRatio = Math.max(MIN_SIZE_RATIO, this.#sizeRatio / 2);
  }
}
