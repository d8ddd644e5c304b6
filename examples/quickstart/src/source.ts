import type { Logger } from '@opentelemetry/api';

/** Where records come from. */
export interface Source {
  /** Name of the service that they are logged as. */
  readonly serviceName: string;
  /** What it is, in a few words. */
  readonly description: string;
  /** Logs until there is nothing more to log or the signal ends it. Resolves when no record will follow. */
  run(logger: Logger, signal: AbortSignal): Promise<void>;
}
