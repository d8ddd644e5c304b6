import { type Attributes, type Counter, type Histogram, type Meter, type MeterProvider } from '@opentelemetry/api';
import { callSafely, componentAttributes, type Drop, type Ledger } from '@spillway/core';

import type { RequestProblem } from './held-payload.ts';

/** What is exported, as the semantic conventions name it. */
export type Signal = 'log' | 'metric_data_point';

/** Of OTel's semantic conventions 1.45 for SDK self-observation (Development status), copied as its own SDK does. */
const UNITS: Readonly<Record<Signal, string>> = { log: '{log_record}', metric_data_point: '{data_point}' };
const DURATION = 'otel.sdk.exporter.operation.duration';

type Observe = (result: { observe(value: number, attributes: Attributes): void }) => void;

interface Instruments {
  readonly exported: Counter;
  readonly dropped: Counter;
  readonly duration: Histogram;
  readonly end: () => void;
}

/** An exporter's metrics about itself. Without a meter provider they cost nothing; one that throws does no harm. */
export class ExporterMetrics {
  readonly #attributes: Attributes;
  #instruments: Instruments | undefined;

  constructor(
    { componentType, signal }: { readonly componentType: string; readonly signal: Signal },
    meterProvider: MeterProvider | undefined,
    ledger: Ledger,
  ) {
    this.#attributes = componentAttributes(componentType);
    const observe: Observe = (result) => result.observe(ledger.held, this.#attributes);
    guarded(() => {
      this.#instruments = meterProvider && instrumentsOf(meterProvider.getMeter('@spillway/delivery'), signal, observe);
    });
  }

  onExported(count: number): void {
    guarded(() => this.#instruments?.exported.add(count, this.#attributes));
  }

  onDropped({ count, reason }: Drop): void {
    guarded(() => {
      this.#instruments?.exported.add(count, { ...this.#attributes, 'error.type': reason });
      this.#instruments?.dropped.add(count, { ...this.#attributes, reason });
    });
  }

  onRequestEnd(problem: RequestProblem | undefined, durationMillis: number): void {
    guarded(() => {
      const failure = problem === undefined ? {} : { 'error.type': problem.error.name };
      const status = problem?.statusCode === undefined ? {} : { 'http.response.status_code': problem.statusCode };
      this.#instruments?.duration.record(durationMillis / 1000, { ...this.#attributes, ...failure, ...status });
    });
  }

  /** Stops observing. */
  end(): void {
    guarded(() => this.#instruments?.end());
  }
}

/** Metrics about sending must not disturb the sending. */
function guarded(record: () => void): void {
  callSafely(record, () => {});
}

function instrumentsOf(meter: Meter, signal: Signal, observe: Observe): Instruments {
  const unit = UNITS[signal];
  const inflight = meter.createObservableUpDownCounter(`otel.sdk.exporter.${signal}.inflight`, { unit });
  inflight.addCallback(observe);
  return {
    exported: meter.createCounter(`otel.sdk.exporter.${signal}.exported`, { unit }),
    // Ours: no convention exists for what is dropped for a reason.
    dropped: meter.createCounter(`spillway.exporter.${signal}.dropped`, { unit }),
    duration: meter.createHistogram(DURATION, { unit: 's' }),
    end: () => inflight.removeCallback(observe),
  };
}
