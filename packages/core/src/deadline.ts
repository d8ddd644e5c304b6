import { MAX_TIMER_MILLIS } from './option-checks.ts';

/** Budget of a flush where the caller gives none: as long as the SDK's providers wait. */
export const FLUSH_TIMEOUT_MILLIS = 30_000;
/** Budget of a shutdown, likewise: shorter than the 10 s that container runtimes leave between SIGTERM and SIGKILL. */
export const SHUTDOWN_TIMEOUT_MILLIS = 5000;

/** Options of `forceFlush` and `shutdown`. */
export interface DeadlineOptions {
  /** All the time there is for the call, in milliseconds, 0 and up. @defaultValue 30000 for a flush, 5000 for a shutdown */
  readonly timeoutMillis?: number;
}

/** A time budget as a caller gave it: run time never throws, so anything that is no budget becomes the default. */
export function readTimeoutMillis(options: DeadlineOptions | undefined, fallback: number): number {
  try {
    const value: unknown = options?.timeoutMillis;
    return typeof value === 'number' && value >= 0 ? value : fallback;
  } catch {
    // A getter of the caller's own.
    return fallback;
  }
}

/** The end of a time budget that several stages share. */
export class Deadline {
  /** When it is, on the clock, in milliseconds. */
  readonly at: number;
  readonly #now: () => number;

  /** @param now monotonic clock in milliseconds */
  constructor(timeoutMillis: number, now: () => number = () => performance.now()) {
    this.at = now() + timeoutMillis;
    this.#now = now;
  }

  /** What is left of the budget, in milliseconds; 0 once it is spent. */
  get remainingMillis(): number {
    return Math.max(0, this.at - this.#now());
  }
}

/** Begins to wait and answers how to stop; undefined where there is nothing to wait for. */
export type Subscribe = (onDone: () => void) => (() => void) | undefined;

/**
 * Resolves when what is waited for is done or the deadline has passed, whichever is first. Its timer keeps the process
 * alive: somebody awaits the end of a flush, and a process that ends before with "unsettled top-level await" fails.
 */
export function untilDeadline(deadline: Deadline, subscribe: Subscribe): Promise<void> {
  return new Promise((resolve) => {
    const unsubscribe = subscribe(() => {
      clearTimeout(timer);
      resolve();
    });
    const timer = setTimeout(
      () => {
        unsubscribe?.();
        resolve();
      },
      Math.min(Math.ceil(deadline.remainingMillis), MAX_TIMER_MILLIS),
    );
    if (unsubscribe === undefined) {
      clearTimeout(timer);
      resolve();
    }
  });
}

/**
 * Resolves when the work is over, however it ends, or the deadline has passed: at once where no time is left. Never
 * rejects.
 */
export function workUntilDeadline(deadline: Deadline, work: Promise<unknown>): Promise<void> {
  return untilDeadline(deadline, (onDone) => {
    work.then(onDone, onDone);
    return deadline.remainingMillis > 0 ? () => {} : undefined;
  });
}
