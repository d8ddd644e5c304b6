import { diag, type Logger } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordProcessor, type ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  BurstDropLogRecordProcessor,
  type BurstDropLogRecordProcessorOptions,
  type BurstDropStats,
} from '@spillway/processors';
import { expect, vi } from 'vitest';

export const DEBUG = 5;
export const INFO = 9;
export const WARN = 13;
export const ERROR = 17;

/** A delegate that keeps what it gets. */
export class Collector implements LogRecordProcessor {
  readonly records: ReadWriteLogRecord[] = [];
  readonly contexts: unknown[] = [];
  readonly calls: string[] = [];
  /** What `onRecord` has thrown: the processor under test swallows it. */
  readonly failures: unknown[] = [];
  onRecord: ((record: ReadWriteLogRecord) => void) | undefined;

  onEmit(record: ReadWriteLogRecord, emitContext?: unknown): void {
    this.records.push(record);
    this.contexts.push(emitContext);
    try {
      this.onRecord?.(record);
    } catch (error) {
      this.failures.push(error);
    }
  }

  /** Bodies in order, those of summaries with their count: `text x3`. */
  get lines(): string[] {
    return this.records.map((record) => String(record.body) + (isSummary(record) ? ` x${countOf(record)}` : ''));
  }

  get summaries(): ReadWriteLogRecord[] {
    return this.records.filter(isSummary);
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

function isSummary({ attributes }: ReadWriteLogRecord): boolean {
  return 'log_count' in attributes;
}

export function countOf({ attributes }: ReadWriteLogRecord): number {
  return attributes['log_count'] as number;
}

export interface Setup {
  readonly delegate: Collector;
  readonly processor: BurstDropLogRecordProcessor;
  readonly logger: Logger;
  /** Emits a number of records with one body. */
  readonly emit: (body: string, count?: number, severityNumber?: number) => void;
}

const processors: BurstDropLogRecordProcessor[] = [];

/** Ends fake time and every processor of the test, so that none speaks into the next one. */
export async function cleanUp(): Promise<void> {
  vi.useRealTimers();
  diag.disable();
  await Promise.all(processors.splice(0).map((processor) => processor.shutdown()));
}

/** A processor over a collector, in a real provider. */
export function setUp(options: Partial<BurstDropLogRecordProcessorOptions> = {}): Setup {
  const delegate = new Collector();
  const processor = new BurstDropLogRecordProcessor({ delegate, ...options });
  processors.push(processor);
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
  const emit = (body: string, count = 1, severityNumber = INFO): void => {
    for (let index = 0; index < count; index += 1) logger.emit({ severityNumber, body });
  };
  return { delegate, processor, logger, emit };
}

/** Time stands still but for the test. */
export const fakeTime = (): void =>
  void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });

/** The account closes, and all dropped as `burst` is told apart by severity. */
export function expectClosed(stats: BurstDropStats): void {
  expect(stats.received + stats.created).toBe(stats.passed + stats.droppedTotal + stats.held);
  const bySeverity = Object.values(stats.droppedBySeverity).reduce((sum, count) => sum + count, 0);
  expect(bySeverity).toBe(stats.dropped.burst ?? 0);
  expect(stats.summaries).toBe(stats.created);
}

/** All that came has passed, or is in the count of a summary. */
export function expectAccounted({ delegate, processor }: Pick<Setup, 'delegate' | 'processor'>): void {
  const stats = processor.stats();
  expectClosed(stats);
  expect(delegate.failures).toEqual([]);
  const counted = delegate.summaries.reduce((sum, record) => sum + countOf(record), 0);
  const others = stats.droppedTotal - (stats.dropped.burst ?? 0);
  expect(delegate.records.length - delegate.summaries.length + counted + others).toBe(stats.received);
  expect(stats.held).toBe(0);
}

export const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);
