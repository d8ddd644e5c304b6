import type { Attributes, MeterProvider } from '@opentelemetry/api';
import type { DropReason, ThrottledDiag } from '@spillway/core';

/**
 * Names of the OpenTelemetry semantic conventions, copied because they are not stable there.
 * @see https://opentelemetry.io/docs/specs/semconv/otel/sdk-metrics/ (1.45, read 2026-11-21)
 */
const PROCESSED = 'otel.sdk.processor.log.processed';
const QUEUE_SIZE = 'otel.sdk.processor.log.queue.size';
const QUEUE_CAPACITY = 'otel.sdk.processor.log.queue.capacity';
const ATTR_COMPONENT_TYPE = 'otel.component.type';
const ATTR_COMPONENT_NAME = 'otel.component.name';
const ATTR_ERROR_TYPE = 'error.type';

/** Our own, since the conventions have none for records that are dropped after they were handed to an exporter. */
const DROPPED = 'spillway.processor.log.dropped';
const ATTR_DROP_REASON = 'spillway.drop.reason';

const COMPONENT_TYPE = 'HybridLogRecordProcessor';
const unit = '{log_record}';

let instanceCount = 0;

/** Metrics of one processor about itself. A meter that throws costs its metrics, nothing else. */
export class HybridMetrics {
  readonly #diag: ThrottledDiag;
  readonly #component: Attributes;
  #processed: ((count: number, attributes: Attributes) => void) | undefined;
  #dropped: ((count: number, attributes: Attributes) => void) | undefined;
  #stop: (() => void) | undefined;

  constructor(meterProvider: MeterProvider, diag: ThrottledDiag, capacity: number, readSize: () => number) {
    this.#diag = diag;
    this.#component = {
      [ATTR_COMPONENT_TYPE]: COMPONENT_TYPE,
      [ATTR_COMPONENT_NAME]: `${COMPONENT_TYPE}/${instanceCount}`,
    };
    instanceCount += 1;
    this.#guard(() => this.#createInstruments(meterProvider, capacity, readSize));
  }

  /** Records that were handed to an exporter, or given up before (then with `errorType`). */
  processed(count: number, errorType?: string): void {
    const attributes = errorType === undefined ? this.#component : { ...this.#component, [ATTR_ERROR_TYPE]: errorType };
    this.#guard(() => this.#processed?.(count, attributes));
  }

  /** Records that were dropped, before or after an export. */
  dropped(count: number, reason: DropReason): void {
    this.#guard(() => this.#dropped?.(count, { ...this.#component, [ATTR_DROP_REASON]: reason }));
  }

  /** Stops to report the queue. */
  close(): void {
    this.#guard(() => this.#stop?.());
    this.#stop = undefined;
  }

  #createInstruments(meterProvider: MeterProvider, capacity: number, readSize: () => number): void {
    const meter = meterProvider.getMeter('@spillway/processors');
    const processed = meter.createCounter(PROCESSED, { unit, description: 'Log records processed' });
    const dropped = meter.createCounter(DROPPED, { unit, description: 'Log records dropped' });
    const queueCapacity = meter.createUpDownCounter(QUEUE_CAPACITY, { unit, description: 'Log records that may wait' });
    const queueSize = meter.createObservableUpDownCounter(QUEUE_SIZE, { unit, description: 'Log records that wait' });
    this.#processed = (count, attributes) => processed.add(count, attributes);
    this.#dropped = (count, attributes) => dropped.add(count, attributes);
    const observe: Parameters<typeof queueSize.addCallback>[0] = (result) =>
      result.observe(readSize(), this.#component);
    queueCapacity.add(capacity, this.#component);
    queueSize.addCallback(observe);
    this.#stop = () => {
      queueSize.removeCallback(observe);
      queueCapacity.add(-capacity, this.#component);
    };
  }

  #guard(operation: () => void): void {
    try {
      operation();
    } catch (error) {
      this.#diag.error('metrics', 'The meter of selfObsMeterProvider threw', error);
    }
  }
}
