import type { LogRecordExporter } from '@opentelemetry/sdk-logs';

import type { Batch } from './batch.ts';
import { ExportCall, type ExportOutcome } from './export-call.ts';

/** Exports that have no answer yet. */
export class ExportsInFlight {
  readonly #timeoutMillis: number;
  readonly #onOutcome: (batch: Batch, outcome: ExportOutcome) => void;
  readonly #calls = new Map<Batch, ExportCall | undefined>();
  #immediateCount = 0;
  #recordCount = 0;

  constructor(timeoutMillis: number, onOutcome: (batch: Batch, outcome: ExportOutcome) => void) {
    this.#timeoutMillis = timeoutMillis;
    this.#onOutcome = onOutcome;
  }

  get immediateCount(): number {
    return this.#immediateCount;
  }

  get batchCount(): number {
    return this.#calls.size - this.#immediateCount;
  }

  /** Records of all exports in flight. */
  get recordCount(): number {
    return this.#recordCount;
  }

  /** Hands a batch to an exporter; its answer may come before this returns. */
  start(batch: Batch, exporter: LogRecordExporter): void {
    batch.attempts += 1;
    this.#calls.set(batch, undefined);
    this.#count(batch, 1);
    // The exporter gets an array of its own: one that empties it must not make us forget what we answer for.
    const call = new ExportCall(exporter, batch.records.slice(), this.#timeoutMillis, (outcome) => {
      this.#calls.delete(batch);
      this.#count(batch, -1);
      this.#onOutcome(batch, outcome);
    });
    if (this.#calls.has(batch)) this.#calls.set(batch, call);
  }

  /** Gives all exports up and answers their batches; what their exporters answer later is ignored. */
  abandon(): Batch[] {
    const batches = [...this.#calls.keys()];
    for (const call of this.#calls.values()) call?.cancel();
    this.#calls.clear();
    this.#immediateCount = 0;
    this.#recordCount = 0;
    return batches;
  }

  #count(batch: Batch, sign: 1 | -1): void {
    if (batch.lane === 'immediate') this.#immediateCount += sign;
    this.#recordCount += sign * batch.records.length;
  }
}
