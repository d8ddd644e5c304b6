import { startTimer } from '@spillway/retry';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { asOwnSending } from '../own-sending.ts';

/** `ExportResultCode.SUCCESS` of `@opentelemetry/core`. */
const SUCCESS = 0;

/** How an export ended: the exporter took the records, refused them, or did not answer in time. */
export type ExportOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly error: Error | undefined }
  | { readonly kind: 'expired' };

/**
 * One call of `exporter.export`, which ends exactly once whatever the exporter does: answers before it returns, answers
 * twice, throws, rejects, or never answers.
 */
export class ExportCall {
  #onOutcome: ((outcome: ExportOutcome) => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  /** @param onOutcome called once, possibly before the constructor returns; it must not throw */
  constructor(
    exporter: LogRecordExporter,
    records: ReadableLogRecord[],
    timeoutMillis: number,
    onOutcome: (outcome: ExportOutcome) => void,
  ) {
    this.#onOutcome = onOutcome;
    try {
      asOwnSending(() => this.#call(exporter, records));
    } catch (error) {
      this.#end({ kind: 'failed', error: toError(error) });
    }
    if (this.#onOutcome !== undefined) {
      this.#cancelTimer = startTimer(() => this.#end({ kind: 'expired' }), timeoutMillis);
    }
  }

  /** Ends the call without an outcome; what the exporter answers later is ignored. */
  cancel(): void {
    this.#onOutcome = undefined;
    this.#cancelTimer?.();
  }

  #call(exporter: LogRecordExporter, records: ReadableLogRecord[]): void {
    // The interface says void, but an `async export()` is an easy mistake, and its rejection would be an unhandled one.
    const returned = exporter.export(records, (result) => this.#end(readOutcome(result))) as unknown;
    if (returned === undefined) return;
    Promise.resolve(returned).catch((error: unknown) => this.#end({ kind: 'failed', error: toError(error) }));
  }

  #end(outcome: ExportOutcome): void {
    const onOutcome = this.#onOutcome;
    this.cancel();
    onOutcome?.(outcome);
  }
}

function readOutcome(result: unknown): ExportOutcome {
  try {
    const { code, error } = result as { code?: unknown; error?: unknown };
    return code === SUCCESS ? { kind: 'passed' } : { kind: 'failed', error: toError(error) };
  } catch {
    return { kind: 'failed', error: new TypeError('The exporter answered without a result.') };
  }
}

function toError(value: unknown): Error | undefined {
  if (value === undefined || value instanceof Error) return value;
  return new Error('The exporter failed with something that is no error.', { cause: value });
}
