import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor, type HybridLogRecordProcessorOptions } from '@spillway/processors';
import { expect, onTestFinished } from 'vitest';

import { LokiStandIn, type LokiStandInOptions } from '../loki/index.ts';

/** Limits that do not hold anything back, for tests that are about something else than limits. */
export const GENEROUS_LIMITS = {
  limits: {
    ingestionRateBytes: 1e9,
    ingestionBurstBytes: 1e9,
    streamRateBytes: 1e9,
    streamBurstBytes: 1e9,
  },
} satisfies LokiStandInOptions;

export interface PipelineOptions {
  readonly exporter?: Partial<LokiLogRecordExporterOptions>;
  readonly processor?: Partial<HybridLogRecordProcessorOptions>;
  readonly loki?: LokiStandInOptions;
}

/** The whole path from `emit` to a Loki, in one place, with the sum that must close. */
export class Pipeline {
  readonly loki: LokiStandIn;
  readonly exporter: LokiLogRecordExporter;
  readonly processor: HybridLogRecordProcessor;
  readonly provider: LoggerProvider;
  #emitted = 0;

  private constructor(loki: LokiStandIn, { exporter, processor }: PipelineOptions) {
    this.loki = loki;
    // Short waits, so that recovery takes milliseconds; the schedule itself has tests of its own.
    const backoff = { delayMillis: (attempt: number): number => Math.min(5 * attempt, 50) };
    this.exporter = new LokiLogRecordExporter({ url: loki.url, backoff, ...exporter });
    this.processor = new HybridLogRecordProcessor({ exporter: this.exporter, ...processor });
    const resource = resourceFromAttributes({ 'service.name': 'e2e' });
    this.provider = new LoggerProvider({ resource, processors: [this.processor] });
  }

  /** Starts a backend and everything before it; both end with the test. */
  static async start(options: PipelineOptions = {}): Promise<Pipeline> {
    const loki = new LokiStandIn(options.loki ?? GENEROUS_LIMITS);
    await loki.start();
    const pipeline = new Pipeline(loki, options);
    onTestFinished(async () => {
      await pipeline.processor.shutdown({ timeoutMillis: 1000 });
      await loki.close();
    });
    return pipeline;
  }

  /** Emits `count` records with the bodies `line <n>`, numbered on from the last call. */
  emit(count: number, severityNumber = 9): void {
    for (let index = 0; index < count; index += 1) this.emitBody(`line ${this.#emitted}`, { severityNumber });
  }

  emitBody(body: unknown, rest: { severityNumber?: number; attributes?: object; timestamp?: number } = {}): void {
    this.#emitted += 1;
    this.provider.getLogger('e2e').emit({ severityNumber: 9, ...rest, body } as never);
  }

  /** Fails unless every record emitted so far is delivered, dropped for a reason or held, in exactly one place. */
  expectAccounted(): void {
    const queue = this.processor.stats();
    const delivery = this.exporter.stats();
    for (const { received, created, recovered, passed, droppedTotal, held } of [queue, delivery]) {
      expect(received + created + recovered).toBe(passed + droppedTotal + held);
    }
    expect(queue.received).toBe(this.#emitted);
    expect(delivery.passed + queue.droppedTotal + delivery.droppedTotal + queue.held + delivery.held).toBe(
      this.#emitted,
    );
  }

  /** Fails unless exactly the records emitted are stored, each once and in order, and nothing is dropped or held. */
  expectAllStored(): void {
    this.expectAccounted();
    expect(this.exporter.stats()).toMatchObject({ passed: this.#emitted, droppedTotal: 0, held: 0 });
    const stored = [...this.loki.entries()].toSorted((a, b) => (a.timeNanos < b.timeNanos ? -1 : 1));
    expect(stored.map(({ line }) => line)).toEqual(
      Array.from({ length: this.#emitted }, (_, index) => `line ${index}`),
    );
  }
}
