import { diag, type Logger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  RingBufferLogRecordProcessor,
  type RingBufferLogRecordProcessorOptions,
  type RingBufferStats,
} from '@spillway/processors';
import { expect, vi } from 'vitest';

export const DEBUG = 5;
export const INFO = 9;
export const WARN = 13;
export const ERROR = 17;
export const FATAL = 21;

/** A delegate that keeps what it gets. */
export class Collector implements LogRecordProcessor {
  readonly records: ReadWriteLogRecord[] = [];
  readonly contexts: unknown[] = [];
  readonly calls: string[] = [];
  isEnabled = true;
  onRecord: (record: ReadWriteLogRecord) => void = () => {};

  onEmit(record: ReadWriteLogRecord, emitContext?: unknown): void {
    this.calls.push('onEmit');
    this.records.push(record);
    this.contexts.push(emitContext);
    this.onRecord(record);
  }

  enabled(): boolean {
    return this.isEnabled;
  }

  /** Bodies in order; what has been released in brackets. */
  get lines(): string[] {
    return this.records.map(({ body, attributes }) =>
      attributes['log.buffered'] === true ? `(${String(body)})` : String(body),
    );
  }

  async forceFlush(): Promise<void> {
    this.calls.push('forceFlush');
  }

  async shutdown(): Promise<void> {
    this.calls.push('shutdown');
  }

  flushSync(): void {
    this.calls.push('flushSync');
  }
}

/** The id of the trace of this number. */
export const traceIdOf = (number: number): string => number.toString(16).padStart(32, 'a');

export interface Setup {
  readonly delegate: Collector;
  readonly processor: RingBufferLogRecordProcessor;
  readonly provider: LoggerProvider;
  readonly logger: Logger;
  /** Emits records with these bodies in the trace of this number; 0: without a trace. */
  readonly emit: (trace: number, severityNumber: number, ...bodies: unknown[]) => void;
}

const processors: RingBufferLogRecordProcessor[] = [];

/** Ends fake time and every processor of the test, so that none speaks into the next one. */
export async function cleanUp(): Promise<void> {
  vi.useRealTimers();
  diag.disable();
  await Promise.all(processors.splice(0).map((processor) => processor.shutdown()));
}

/** A processor over a collector, in a real provider. */
export function setUp(options: Partial<RingBufferLogRecordProcessorOptions> = {}): Setup {
  const delegate = new Collector();
  const processor = new RingBufferLogRecordProcessor({ delegate, ...options });
  processors.push(processor);
  const provider = new LoggerProvider({ processors: [processor] });
  const logger = provider.getLogger('test');
  const emit = (number: number, severityNumber: number, ...bodies: unknown[]): void => {
    const spanContext = { traceId: traceIdOf(number), spanId: 'b7ad6b7169203331', traceFlags: 1 };
    const emitContext = number === 0 ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext);
    for (const body of bodies) logger.emit({ severityNumber, body, context: emitContext });
  };
  return { delegate, processor, provider, logger, emit };
}

/** Time stands still but for the test. */
export const fakeTime = (): void =>
  void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });

/** The account closes, and what is held is in the rings. */
export function expectClosed(stats: RingBufferStats): void {
  expect(stats.received).toBe(stats.passed + stats.droppedTotal + stats.held);
  expect(stats.held).toBe(stats.bufferedRecords);
}

/** Messages of OpenTelemetry's diagnostics from now on. */
export function collectDiagnostics(): string[] {
  const messages: string[] = [];
  const collect = (...parts: unknown[]): void => void messages.push(parts.join(' '));
  diag.disable();
  diag.setLogger({ error: collect, warn: collect, info: collect, debug: collect, verbose: collect });
  return messages;
}

export const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);
