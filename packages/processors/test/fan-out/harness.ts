import { diag, DiagLogLevel, type Logger } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { FanOutLogRecordProcessor, type FanOutLogRecordProcessorOptions } from '@spillway/processors';

import { StubProcessor } from '../decorator/stub-processor.ts';

export const ERROR = 17;

export interface Setup {
  readonly processor: FanOutLogRecordProcessor;
  readonly provider: LoggerProvider;
  readonly logger: Logger;
}

export const stubs = (count: number): StubProcessor[] => Array.from({ length: count }, () => new StubProcessor());

/** A fan-out in a real provider. */
export function setUp(options: FanOutLogRecordProcessorOptions): Setup {
  const processor = new FanOutLogRecordProcessor(options);
  const provider = new LoggerProvider({ processors: [processor] });
  return { processor, provider, logger: provider.getLogger('scope', '1.0') };
}

/** What OpenTelemetry's diagnostics say from now on. */
export function listenToDiag(): string[] {
  const said: string[] = [];
  const say = (_namespace: string, message: unknown): void => void said.push(String(message));
  const logger = { error: say, warn: say, info: say, debug: () => {}, verbose: () => {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true });
  return said;
}
