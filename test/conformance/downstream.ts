import type { LogRecordExporter, LogRecordProcessor, ReadableLogRecord } from '@opentelemetry/sdk-logs';

export type ExportResult = Parameters<Parameters<LogRecordExporter['export']>[1]>[0];

export const SUCCESS: ExportResult = { code: 0 };
const FAILED: ExportResult = { code: 1, error: new Error('refused') };

/** How a method misbehaves: it throws, its promise rejects, or it never ends. */
export type Fault = 'throws' | 'rejects' | 'never';
/** What an exporter can do wrong besides. */
export type ExportFault = Fault | 'twice' | 'fails' | 'no-result' | 'success-then-throws';

interface FlushBudget {
  readonly timeoutMillis?: number;
}

/** What stands behind a processor under test, as its exporter or its delegate: keeps what it gets, and misbehaves if told. */
export class Downstream implements LogRecordExporter, LogRecordProcessor {
  readonly received: ReadableLogRecord[] = [];
  /** Calls other than `onEmit`, in order. */
  readonly calls: string[] = [];
  readonly budgets: (number | undefined)[] = [];
  /** What `flushSync` was given, call by call. */
  readonly syncBudgets: number[] = [];
  /** The context that each record came in. */
  readonly contexts: unknown[] = [];
  /** Exports that were not answered yet. */
  readonly open: ((result: ExportResult) => void)[] = [];
  /** Whether exports are answered with SUCCESS at once. */
  answers = true;
  isEnabled = true;
  enabledFault: 'throws' | undefined;
  exportFault: ExportFault | undefined;
  flushFault: Fault | undefined;
  shutdownFault: Fault | undefined;
  /** Called whenever the processor under test calls something. */
  onCall: () => void = () => {};

  onEmit(record: ReadableLogRecord, emitContext?: unknown): void {
    this.onCall();
    if (this.exportFault === 'throws') throw new Error('onEmit');
    this.received.push(record);
    this.contexts.push(emitContext);
    // Typed as void it may still be `async`.
    if (this.exportFault === 'rejects') return Promise.reject(new Error('onEmit')) as unknown as void;
    return undefined;
  }

  enabled(): boolean {
    this.onCall();
    if (this.enabledFault === 'throws') throw new Error('enabled');
    return this.isEnabled;
  }

  flushSync(deadlineMillis: number): void {
    this.onCall();
    this.syncBudgets.push(deadlineMillis);
    if (this.flushFault === 'throws') throw new Error('flushSync');
  }

  export(records: ReadableLogRecord[], answer: (result: ExportResult) => void): void {
    this.calls.push('export');
    this.onCall();
    this.received.push(...records);
    const fault = this.exportFault;
    if (fault === 'throws') throw new Error('export');
    if (fault === 'rejects') return Promise.reject(new Error('export')) as unknown as void;
    if (fault === 'fails') answer(FAILED);
    else if (fault === 'no-result') answer(undefined as unknown as ExportResult);
    else if (fault === undefined && !this.answers) this.open.push(answer);
    else if (fault !== 'never') answer(SUCCESS);
    if (fault === 'twice') answer(FAILED);
    if (fault === 'success-then-throws') throw new Error('export');
    return undefined;
  }

  forceFlush(options?: FlushBudget): Promise<void> {
    this.calls.push('forceFlush');
    this.budgets.push(options?.timeoutMillis);
    return this.#end(this.flushFault);
  }

  shutdown(options?: FlushBudget): Promise<void> {
    this.calls.push('shutdown');
    this.budgets.push(options?.timeoutMillis);
    return this.#end(this.shutdownFault);
  }

  #end(fault: Fault | undefined): Promise<void> {
    this.onCall();
    if (fault === 'throws') throw new Error('bug');
    if (fault === 'rejects') return Promise.reject(new Error('bug'));
    return fault === 'never' ? new Promise(() => {}) : Promise.resolve();
  }
}
