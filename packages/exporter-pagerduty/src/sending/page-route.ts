import { TokenBucket } from '@spillway/concurrency';
import type { Secret } from '@spillway/core';
import { type Admission, Gate } from '@spillway/delivery';
import { exponentialBackoff } from '@spillway/retry';

/** Pages at once: one that hangs holds up no other. */
const MAX_CONCURRENT = 4;
const SECONDS_PER_MINUTE = 60;
export const PAGE_BACKOFF: ReturnType<typeof exponentialBackoff> = exponentialBackoff({ maxDelayMillis: 60_000 });

export interface PageRouteOptions {
  readonly url: string;
  readonly routingKey: Secret;
  readonly callsPerMinute: number;
  readonly burst: number;
}

/** One routing key: its address, the pauses that PagerDuty asks for, and the calls that it has left. */
export class PageRoute {
  readonly url: string;
  readonly routingKey: Secret;
  readonly gate: Gate;
  readonly #bucket: TokenBucket;
  /** Calls that only a page or a resolve may take. */
  readonly #reserved: number;

  constructor({ url, routingKey, callsPerMinute, burst }: PageRouteOptions) {
    this.url = url;
    this.routingKey = routingKey;
    this.gate = new Gate(PAGE_BACKOFF, MAX_CONCURRENT);
    this.#reserved = burst / 2;
    this.#bucket = new TokenBucket({ ratePerSecond: callsPerMinute / SECONDS_PER_MINUTE, burst });
  }

  /**
   * Takes the right to one call; undefined where there is none now.
   * @param isUrgent whether it is a page or a resolve: all else leaves a request and half of the burst to them
   */
  tryAdmit(nowMillis: number, isUrgent: boolean): Admission | undefined {
    if (!this.gate.mayAdmit(nowMillis) || this.#delayMillis(nowMillis, isUrgent) > 0) return undefined;
    if (!isUrgent && this.gate.active >= MAX_CONCURRENT - 1) return undefined;
    return this.#bucket.tryTake(1, nowMillis) ? this.gate.admit(nowMillis) : undefined;
  }

  /** When the next call may be made for reasons of time; now where nothing but the end of another call is in its way. */
  wakeAt(nowMillis: number, isUrgent: boolean): number {
    return Math.max(this.gate.wakeAt(nowMillis) ?? nowMillis, nowMillis + this.#delayMillis(nowMillis, isUrgent));
  }

  #delayMillis(nowMillis: number, isUrgent: boolean): number {
    return this.#bucket.delayMillisFor(isUrgent ? 1 : 1 + this.#reserved, nowMillis);
  }
}
