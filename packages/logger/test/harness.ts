import { diag, DiagLogLevel } from '@opentelemetry/api';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { Logger, type LoggerOptions } from '@spillway/logger';
import { expect } from 'vitest';

export interface Setup {
  readonly logger: Logger;
  readonly provider: LoggerProvider;
  /** What the SDK has exported. */
  readonly records: () => ReadableLogRecord[];
}

/** A logger over a provider of the SDK. */
export function overProvider(options: Omit<LoggerOptions, 'provider'> = {}): Setup {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
  return {
    logger: new Logger({ ...options, provider }),
    provider,
    records: () => exporter.getFinishedLogRecords(),
  };
}

/** What OpenTelemetry's diagnostics say from now on. */
export function listenToDiag(): string[] {
  const said: string[] = [];
  const say = (...parts: unknown[]): void => void said.push(parts.join(' '));
  const logger = { error: say, warn: say, info: say, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  return said;
}

export const throwing = (): never => {
  throw new TypeError('bug');
};
export const rejecting = (): Promise<never> => Promise.reject(new TypeError('bug'));
export const never = (): Promise<never> => new Promise(() => {});

/** Throws unless every record is accounted for, in the logger and in each handler. */
export function expectBalance(logger: Logger): void {
  const { handlers, ...own } = logger.stats();
  for (const account of [own, ...handlers]) {
    const { received, created, recovered, passed, droppedTotal, held } = account;
    expect(received + created + recovered).toBe(passed + droppedTotal + held);
    expect(held).toBeGreaterThanOrEqual(0);
  }
}
