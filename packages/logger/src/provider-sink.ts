import { type Logger, type LoggerProvider, type LogRecord, logs } from '@opentelemetry/api';
import {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  Ledger,
  MAX_TIMER_MILLIS,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
  workUntilDeadline,
} from '@spillway/core';

import type { Severity } from './log-level.ts';
import { DONE, type LoggerStats, type LogSink, type ScopeSink } from './log-sink.ts';

/** What the SDK's provider has beyond the API. */
interface FlushingProvider {
  forceFlush?(options: DeadlineOptions): unknown;
}

/** Hands records to a provider of the Logs API, which belongs to whoever made it. */
export class ProviderSink implements LogSink {
  readonly #given: LoggerProvider | undefined;
  readonly ledger: Ledger = new Ledger();
  readonly diag: ThrottledDiag = new ThrottledDiag({ namespace: '@spillway/logger' });

  /** @param provider the global one where it is left out, whichever that is at each call */
  constructor(provider: LoggerProvider | undefined) {
    this.#given = provider;
  }

  get provider(): LoggerProvider {
    return this.#given ?? logs.getLoggerProvider();
  }

  scope(name: string, version: string | undefined): ScopeSink {
    return new ProviderScope(this, name, version);
  }

  /** Flushes the provider where it can be flushed. */
  forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    return this.#flush(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS));
  }

  /** Others may log there still: it is flushed, and left as it is. */
  shutdown(options: DeadlineOptions | undefined): Promise<void> {
    return this.#flush(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS));
  }

  stats(): LoggerStats {
    return { ...this.ledger.snapshot(), handlers: [] };
  }

  #flush(budgetMillis: number): Promise<void> {
    // The SDK hands it to a timer, which ends at once where it is more than a timer can hold.
    const timeoutMillis = Math.min(budgetMillis, MAX_TIMER_MILLIS);
    const flush = async (): Promise<void> => {
      await (this.provider as FlushingProvider).forceFlush?.({ timeoutMillis });
    };
    const work = flush().catch((error: unknown) => this.diag.error('forceFlush', 'A provider failed to flush', error));
    return workUntilDeadline(new Deadline(timeoutMillis), work);
  }
}

class ProviderScope implements ScopeSink {
  readonly #sink: ProviderSink;
  readonly #name: string;
  readonly #version: string | undefined;
  #provider: LoggerProvider | undefined;
  #logger: Logger | undefined;

  constructor(sink: ProviderSink, name: string, version: string | undefined) {
    this.#sink = sink;
    this.#name = name;
    this.#version = version;
  }

  isEnabled(severity: Severity): boolean {
    try {
      return this.#current().enabled(severity);
    } catch (error) {
      this.#sink.diag.error('enabled', 'A provider threw where it was asked whether a level is enabled', error);
      return true;
    }
  }

  emit(record: LogRecord): Promise<void> {
    const { ledger, diag } = this.#sink;
    ledger.receive();
    ledger.pass();
    try {
      this.#current().emit(record);
    } catch (error) {
      // The SDK calls processors unguarded.
      diag.error('emit', 'A provider threw where it was handed a record', error);
    }
    return DONE;
  }

  /**
   * Asks which provider is the global one each time, which costs 2 ns. The API's own proxy finds a provider that is
   * registered later as well, but not one that another copy of the API has registered, nor one that takes the place of another.
   */
  #current(): Logger {
    const { provider } = this.#sink;
    if (this.#logger === undefined || provider !== this.#provider) {
      this.#logger = provider.getLogger(this.#name, this.#version);
      this.#provider = provider;
    }
    return this.#logger;
  }
}
