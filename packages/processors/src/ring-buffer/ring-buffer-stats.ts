import type { LedgerSnapshot } from '@spillway/core';

/** Account and state of a flight recorder at one moment. Numbers without a bound count since the start. */
export interface RingBufferStats extends LedgerSnapshot {
  /** Records in the rings now; with `mode: 'copy'` copies, which have passed already. */
  readonly bufferedRecords: number;
  /** Estimated memory of them, in bytes. */
  readonly bufferedBytes: number;
  /** Scopes that hold something now. */
  readonly scopes: number;
  /** Scopes whose records pass at once because of a trigger; one whose time is over is counted until the next sweep. */
  readonly passingScopes: number;
  /** The fuller of `maxRecords` and `maxBytes`, 0 to 1. */
  readonly pressure: number;
  /** Records that were triggers, and calls of `release`. */
  readonly triggers: number;
  /** Records that triggers have released. */
  readonly released: number;
  /** Records that had to leave for others, whether they went to `untriggered` or were dropped. */
  readonly evicted: number;
  /** Records that were held for too long, likewise. */
  readonly expired: number;
  /** Records that were too large to be held, likewise. */
  readonly tooLarge: number;
}
