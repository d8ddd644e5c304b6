import { diag, type Logger } from '@opentelemetry/api';
import { LoggerProvider, type LogRecordExporter, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { HybridLogRecordProcessor, type HybridLogRecordProcessorOptions, type HybridStats } from '@spillway/processors';
import { expect, vi } from 'vitest';

export const SUCCESS = { code: 0 };
export const INFO = 9;
export const ERROR = 17;

export type ExportResult = Parameters<Parameters<LogRecordExporter['export']>[1]>[0];

export const failed = (code?: unknown): ExportResult => ({
  code: 1,
  error: Object.assign(new Error('refused'), code !== undefined && { code }),
});

/** One call of `export`, to be answered by the test. */
export interface ExportedBatch {
  readonly bodies: unknown[];
  readonly records: ReadableLogRecord[];
  readonly answer: (result: ExportResult) => void;
}

/** An exporter that keeps what it gets and answers when, and what, the test says. */
export class ScriptedExporter implements LogRecordExporter {
  readonly batches: ExportedBatch[] = [];
  /** Calls in their order, by name. */
  readonly calls: string[] = [];
  /** Budgets that `forceFlush` and `shutdown` were given. */
  readonly budgets: (number | undefined)[] = [];
  /** What every export is answered with at once; undefined leaves the answer to the test. */
  result: ExportResult | undefined;
  onExport: ((batch: ExportedBatch) => void) | undefined;
  onFlush: (() => Promise<void>) | undefined;
  onShutdown: (() => Promise<void>) | undefined;

  constructor(result?: ExportResult) {
    this.result = result;
  }

  /** Bodies of everything exported, in order. */
  get bodies(): unknown[] {
    return this.batches.flatMap(({ bodies }) => bodies);
  }

  export(records: ReadableLogRecord[], answer: (result: ExportResult) => void): void {
    this.calls.push('export');
    const batch = { records, bodies: records.map(({ body }) => body), answer };
    this.batches.push(batch);
    this.onExport?.(batch);
    if (this.result !== undefined) answer(this.result);
  }

  async forceFlush(options?: { timeoutMillis?: number }): Promise<void> {
    this.calls.push('forceFlush');
    this.budgets.push(options?.timeoutMillis);
    await this.onFlush?.();
  }

  async shutdown(options?: { timeoutMillis?: number }): Promise<void> {
    this.calls.push('shutdown');
    this.budgets.push(options?.timeoutMillis);
    await this.onShutdown?.();
  }
}

export interface Setup {
  readonly exporter: ScriptedExporter;
  readonly processor: HybridLogRecordProcessor;
  readonly logger: Logger;
  /** Emits INFO records with the bodies `first` up to, but without, `end`. */
  readonly info: (first: number, end: number) => void;
  /** Emits ERROR records, likewise. */
  readonly error: (first: number, end: number) => void;
}

const processors: HybridLogRecordProcessor[] = [];

/** Ends fake time and every processor of the test, so that none speaks into the next one. */
export async function cleanUp(): Promise<void> {
  vi.useRealTimers();
  diag.disable();
  await Promise.all(processors.splice(0).map((processor) => processor.shutdown({ timeoutMillis: 0 })));
}

/** A processor over a scripted exporter, in a real provider, with the timers of the process left alone. */
export function setUp(
  options: Partial<HybridLogRecordProcessorOptions> = {},
  exporter: ScriptedExporter = new ScriptedExporter(),
): Setup {
  const processor = new HybridLogRecordProcessor({ exporter, disableFlushOnBeforeExit: true, ...options });
  processors.push(processor);
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
  const emit = (severityNumber: number, first: number, end: number): void => {
    for (let body = first; body < end; body += 1) logger.emit({ severityNumber, body });
  };
  return {
    exporter,
    processor,
    logger,
    info: (first, end) => emit(INFO, first, end),
    error: (first, end) => emit(ERROR, first, end),
  };
}

/** Time stands still but for the test; macrotasks stay real, since they take none. */
export const fakeTime = (): void =>
  void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });

/** Lets everything happen that needs no time: many turns of the event loop, each with its microtasks. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass, and everything happen that it brings. */
export async function pass(millis: number): Promise<void> {
  await settle();
  await vi.advanceTimersByTimeAsync(millis);
  await settle();
}

export const range = (first: number, end: number): number[] =>
  Array.from({ length: end - first }, (_, index) => first + index);

/** The account closes, and what is held is where the stats say it is. */
export function expectClosed(stats: HybridStats): void {
  expect(stats.received).toBe(stats.passed + stats.droppedTotal + stats.held);
  expect(stats.held).toBe(stats.queueSize + stats.inFlight + stats.waitingForRetry);
}

/** Whether a promise is settled by now. */
export function watch(promise: Promise<unknown>): { isSettled: boolean } {
  const state = { isSettled: false };
  const settled = (): void => void (state.isSettled = true);
  promise.then(settled, settled);
  return state;
}
