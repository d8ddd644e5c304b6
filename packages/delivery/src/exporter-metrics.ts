import { type Attributes, createNoopMeter, type MeterProvider } from '@opentelemetry/api';
import { componentAttributes, type Drop, type Ledger } from '@spillway/core';

import type { RequestProblem } from './held-payload.ts';

/** What is exported, as the semantic conventions name it. */
export type Signal = 'log' | 'metric_data_point';

/** Of OTel's semantic conventions 1.45 for SDK self-observation (Development status), copied as its own SDK does. */
const UNITS: Readonly<Record<Signal, string>> = { log: '{log_record}', metric_data_point: '{data_point}' };
const DURATION = 'otel.sdk.exporter.operation.duration';

/** An exporter's metrics about itself. Without a meter provider they cost nothing; one that throws does no harm. */
export class ExporterMetrics {
  readonly #attributes: Attributes;
  readonly #exported;
  readonly #dropped;
  readonly #duration;
  readonly #end: () => void;

  constructor(
    { componentType, signal }: { readonly componentType: string; readonly signal: Signal },
    meterProvider: MeterProvider | undefined,
    ledger: Ledger,
  ) {
    this.#attributes = componentAttributes(componentType);
    const unit = UNITS[signal];
    const meter = meterProvider?.getMeter('@spillway/delivery') ?? createNoopMeter();
    this.#exported = meter.createCounter(`otel.sdk.exporter.${signal}.exported`, { unit });
    // Ours: no convention exists for what is dropped for a reason.
    this.#dropped = meter.createCounter(`spillway.exporter.${signal}.dropped`, { unit });
    this.#duration = meter.createHistogram(DURATION, { unit: 's' });
    const inflight = meter.createObservableUpDownCounter(`otel.sdk.exporter.${signal}.inflight`, { unit });
    const observe = (result: { observe(value: number, attributes: Attributes): void }): void =>
      result.observe(ledger.held, this.#attributes);
    inflight.addCallback(observe);
    this.#end = (): void => inflight.removeCallback(observe);
  }

  onExported(count: number): void {
    guarded(() => this.#exported.add(count, this.#attributes));
  }

  onDropped({ count, reason }: Drop): void {
    guarded(() => {
      this.#exported.add(count, { ...this.#attributes, 'error.type': reason });
      this.#dropped.add(count, { ...this.#attributes, reason });
    });
  }

  onRequestEnd(problem: RequestProblem | undefined, durationMillis: number): void {
    guarded(() => {
      const failure = problem === undefined ? {} : { 'error.type': problem.error.name };
      const status = problem?.statusCode === undefined ? {} : { 'http.response.status_code': problem.statusCode };
      this.#duration.record(durationMillis / 1000, { ...this.#attributes, ...failure, ...status });
    });
  }

  /** Stops observing. */
  end(): void {
    guarded(this.#end);
  }
}

function guarded(record: () => void): void {
  try {
    record();
  } catch {
    // Metrics about sending must not disturb the sending.
  }
}
