import type { ChangeReport } from '../events/incident-report.ts';

/** Changes that wait. They are rare; more than this at once is a rule that matches too much. */
const MAX_WAITING = 20;
/** Keys of changes that were told of. */
const MAX_KEYS = 1000;
/** The same change again within this time says nothing new: every replica of a service logs its deployment. */
const REPEAT_MILLIS = 5 * 60 * 1000;
/** A change that could not be told of for so long is no news. */
const MAX_AGE_MILLIS = 60 * 60 * 1000;

/** A change that waits to be told of. */
export interface PendingChange {
  readonly report: ChangeReport;
  readonly takenMillis: number;
  failures: number;
  notBeforeMillis: number;
  isInFlight: boolean;
}

/** Changes on their way to PagerDuty, oldest first. Bounded, and pure. */
export class ChangeQueue {
  readonly #told = new Map<string, number>();
  readonly #waiting = new Set<PendingChange>();

  get size(): number {
    return this.#waiting.size;
  }

  /** Whether a change of this key would be news; it is taken note of then. */
  isNews(keyText: string, nowMillis: number): boolean {
    const toldMillis = this.#told.get(keyText);
    if (toldMillis !== undefined && nowMillis - toldMillis < REPEAT_MILLIS) return false;
    this.#told.delete(keyText);
    this.#told.set(keyText, nowMillis);
    if (this.#told.size > MAX_KEYS) this.#told.delete(this.#told.keys().next().value as string);
    return true;
  }

  /** Answers whether there was room. */
  tryAdd(report: ChangeReport, nowMillis: number): boolean {
    if (this.#waiting.size >= MAX_WAITING) return false;
    this.#waiting.add({ report, takenMillis: nowMillis, failures: 0, notBeforeMillis: -Infinity, isInFlight: false });
    return true;
  }

  /** The change to tell of next. */
  next(nowMillis: number): PendingChange | undefined {
    for (const change of this.#waiting) if (!change.isInFlight && nowMillis >= change.notBeforeMillis) return change;
    return undefined;
  }

  isExpired({ takenMillis }: PendingChange, nowMillis: number): boolean {
    return nowMillis - takenMillis > MAX_AGE_MILLIS;
  }

  remove(change: PendingChange): void {
    this.#waiting.delete(change);
  }

  /** When a change may be told of; `Infinity` where none waits. */
  wakeAt(): number {
    let earliest = Infinity;
    for (const { isInFlight, notBeforeMillis } of this.#waiting) {
      if (!isInFlight) earliest = Math.min(earliest, notBeforeMillis);
    }
    return earliest;
  }

  /** Makes all that wait ready at once. */
  endWaits(): void {
    for (const change of this.#waiting) change.notBeforeMillis = -Infinity;
  }
}
