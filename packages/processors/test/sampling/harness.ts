import { type Context, diag, type DiagLogger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { SamplingLogRecordProcessor, type SamplingLogRecordProcessorOptions } from '@spillway/processors';
import { onTestFinished } from 'vitest';

/** What a test emits. */
export interface EmittedRecord {
  readonly severityNumber?: number;
  readonly body?: unknown;
  readonly eventName?: string;
  readonly attributes?: Record<string, unknown>;
  readonly context?: Context;
}

/** A delegate that keeps what it gets. */
export class KeepingDelegate implements LogRecordProcessor {
  readonly records: ReadableLogRecord[] = [];
  onEmit(record: ReadableLogRecord): void {
    this.records.push(record);
  }
  async forceFlush(): Promise<void> {}
  async shutdown(): Promise<void> {}
}

export interface Setup {
  readonly delegate: KeepingDelegate;
  readonly processor: SamplingLogRecordProcessor;
  readonly emit: (record: EmittedRecord) => void;
  readonly emitScoped: (scope: string, record: EmittedRecord) => void;
  /** Of the records that were kept, in order. */
  readonly bodies: () => unknown[];
}

/** A sampler in a real provider. */
export function setUp(options: Partial<SamplingLogRecordProcessorOptions> = {}): Setup {
  const delegate = new KeepingDelegate();
  const processor = new SamplingLogRecordProcessor({ delegate, ...options });
  const provider = new LoggerProvider({ processors: [processor] });
  const emitScoped: Setup['emitScoped'] = (scope, record) => provider.getLogger(scope).emit(record);
  return {
    delegate,
    processor,
    emitScoped,
    emit: (record) => emitScoped('test', record),
    bodies: () => delegate.records.map(({ body }) => body),
  };
}

/** Emits one record of each severity; the answer is which of them are kept. */
export function emitAll(options: Partial<SamplingLogRecordProcessorOptions>, severities: readonly number[]): unknown[] {
  const { emit, bodies } = setUp(options);
  for (const severityNumber of severities) emit({ severityNumber, body: severityNumber });
  return bodies();
}

/** A context with a span of this trace. */
export function inTrace(traceId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: '00f067aa0ba902b7', traceFlags: 1 });
}

/** What is said through OpenTelemetry's diagnostics from now to the end of the test. */
export function collector(): string[] {
  const said: string[] = [];
  const say: DiagLogger['error'] = (...parts) => void said.push(parts.map(String).join(' '));
  diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, { suppressOverrideMessage: true });
  onTestFinished(() => diag.disable());
  return said;
}
