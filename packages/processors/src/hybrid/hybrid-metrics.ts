import type { Attributes, MeterProvider } from '@opentelemetry/api';
import { guardMeter, type ThrottledDiag } from '@spillway/core';

/**
 * Names of the OpenTelemetry semantic conventions, copied because they are not stable there.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/ (1.45, read 2026-11-21)
 */
const PROCESSED = 'otel.sdk.processor.log.processed';
const QUEUE_SIZE = 'otel.sdk.processor.log.queue.size';
const QUEUE_CAPACITY = 'otel.sdk.processor.log.queue.capacity';
const ATTR_ERROR_TYPE = 'error.type';

const unit = '{log_record}';

/** Metrics of one processor about its queue. A meter that throws costs its metrics, nothing else. */
export class HybridMetrics {
  readonly #diag: ThrottledDiag;
  readonly #component: Attributes;
  #processed: ((count: number, attributes: Attributes) => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(
    meterProvider: MeterProvider,
    diag: ThrottledDiag,
    component: Attributes,
    capacity: number,
    readSize: () => number,
  ) {
    this.#diag = diag;
    this.#component = component;
    guardMeter(this.#diag, () => this.#createInstruments(meterProvider, capacity, readSize));
  }

  /** Records that were handed to an exporter, or given up before (then with `errorType`). */
  processed(count: number, errorType?: string): void {
    const attributes = errorType === undefined ? this.#component : { ...this.#component, [ATTR_ERROR_TYPE]: errorType };
    guardMeter(this.#diag, () => this.#processed?.(count, attributes));
  }

  /** Stops to report the queue. */
  close(): void {
    guardMeter(this.#diag, () => this.#stop?.());
    this.#stop = undefined;
  }

  #createInstruments(meterProvider: MeterProvider, capacity: number, readSize: () => number): void {
    const meter = meterProvider.getMeter('@spillway/processors');
    const processed = meter.createCounter(PROCESSED, { unit, description: 'Log records processed' });
    const queueCapacity = meter.createUpDownCounter(QUEUE_CAPACITY, { unit, description: 'Log records that may wait' });
    const queueSize = meter.createObservableUpDownCounter(QUEUE_SIZE, { unit, description: 'Log records that wait' });
    this.#processed = (count, attributes) => processed.add(count, attributes);
    const observe: Parameters<typeof queueSize.addCallback>[0] = (result) =>
      result.observe(readSize(), this.#component);
    queueCapacity.add(capacity, this.#component);
    queueSize.addCallback(observe);
    this.#stop = () => {
      queueSize.removeCallback(observe);
      queueCapacity.add(-capacity, this.#component);
    };
  }
}
