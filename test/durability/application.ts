import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { flushOnCrash } from '@spillway/delivery';
import type { LokiLogRecordExporter, LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';

import type { ApplicationOptions } from './application-options.ts';
import { openExporter } from './exporting.ts';
import { tell } from './talk.ts';

/** Puts processors around the one that exports. */
const DECORATORS: Readonly<Record<string, (delegate: LogRecordProcessor) => LogRecordProcessor>> = {
  none: (delegate) => delegate,
  sampling: (delegate) => new SamplingLogRecordProcessor({ delegate, ratio: 0.5 }),
  'ring buffer': (delegate) => new RingBufferLogRecordProcessor({ delegate }),
  'burst drop': (delegate) =>
    new BurstDropLogRecordProcessor({ delegate, minIntervalMillis: 60_000, key: () => 'all' }),
  'fan-out': (delegate) => new FanOutLogRecordProcessor({ delegates: [delegate] }),
  all: (delegate) =>
    new RingBufferLogRecordProcessor({
      delegate: new BurstDropLogRecordProcessor({
        delegate: new SamplingLogRecordProcessor({
          delegate: new FanOutLogRecordProcessor({ delegates: [delegate] }),
          ratio: 0.5,
        }),
        minIntervalMillis: 60_000,
      }),
    }),
};

/** An application that logs as most do: a provider, perhaps decorators, the hybrid processor and the exporter. */
export class Application {
  readonly exporter: LokiLogRecordExporter;
  readonly hybrid: HybridLogRecordProcessor;
  readonly provider: LoggerProvider;
  readonly #name: string;
  #emitted = 0;

  constructor(options: ApplicationOptions, exporterOptions: LokiLogRecordExporterOptions = {}) {
    this.#name = options.name;
    this.exporter = openExporter(options, exporterOptions);
    this.hybrid = new HybridLogRecordProcessor({ exporter: this.exporter });
    const decorate = DECORATORS[options.decorators ?? 'none'];
    if (decorate === undefined) throw new Error(`There are no decorators ${options.decorators}.`);
    const processor = decorate(this.hybrid);
    this.provider = new LoggerProvider({ processors: [processor] });
    const timeoutMillis = options.crashFlushMillis;
    if (timeoutMillis !== undefined) flushOnCrash({ processors: [processor], timeoutMillis });
  }

  /** Emits records with the bodies `<name> <number>`, numbered on from the last call. */
  emit(count: number, severityNumber = 9): void {
    const logger = this.provider.getLogger('durability');
    for (let index = 0; index < count; index += 1) {
      logger.emit({ severityNumber, body: `${this.#name} ${this.#emitted}` });
      this.#emitted += 1;
    }
  }

  tellStats(): void {
    tell(`stats ${JSON.stringify(this.exporter.stats())}`);
  }
}
