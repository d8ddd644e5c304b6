import type { LogRecord } from '@opentelemetry/api';
import type { DeadlineOptions, LedgerSnapshot } from '@spillway/core';

import type { Severity } from './log-level.ts';

/** Account of a logger and all its children, at one moment. A record counts once, however many handlers get it. */
export interface LoggerStats extends LedgerSnapshot {
  /**
   * Account of each handler, in the order of `handlers`. A record is held while the handler's promise is pending, passed
   * when it has resolved, and dropped as `rejected` where the handler has failed. Empty over a provider.
   */
  readonly handlers: readonly LedgerSnapshot[];
}

/** Where the records of one instrumentation scope go. Nothing here throws. */
export interface ScopeSink {
  /** Whether anybody wants a record of this severity now. */
  isEnabled(severity: Severity): boolean;
  /** Resolves when the record is taken; never rejects. */
  emit(record: LogRecord): Promise<void>;
}

/** Where the records of a logger and its children go. Nothing here throws or rejects. */
export interface LogSink {
  scope(name: string, version: string | undefined): ScopeSink;
  forceFlush(options: DeadlineOptions | undefined): Promise<void>;
  shutdown(options: DeadlineOptions | undefined): Promise<void>;
  stats(): LoggerStats;
}

/** One for all calls that have nothing to wait for. */
export const DONE: Promise<void> = Promise.resolve();
