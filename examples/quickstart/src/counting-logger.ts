import { type Logger, type LogRecord, SeverityNumber } from '@opentelemetry/api';

/** Counts what the application emits, so that the account need not begin with Spillway's own word for it. */
export class CountingLogger implements Logger {
  readonly #logger: Logger;
  #emitted = 0;
  #severe = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Records emitted so far. */
  get emitted(): number {
    return this.#emitted;
  }

  /** Those of them with severity ERROR and above, which take the immediate lane. */
  get severe(): number {
    return this.#severe;
  }

  emit(record: LogRecord): void {
    this.#emitted += 1;
    if ((record.severityNumber ?? SeverityNumber.UNSPECIFIED) >= SeverityNumber.ERROR) this.#severe += 1;
    this.#logger.emit(record);
  }

  enabled(options?: Parameters<Logger['enabled']>[0]): boolean {
    return this.#logger.enabled(options);
  }
}
