import { type Logger } from '@opentelemetry/api';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';

import { PrometheusLogRecordExporter, type PrometheusLogRecordExporterOptions } from '@spillway/exporter-prometheus';

import type { MetricRules } from './counting-application.ts';

type RemoteWriteOptions = NonNullable<PrometheusLogRecordExporterOptions['remoteWrite']>;
type RemoteWriteStats = NonNullable<ReturnType<PrometheusLogRecordExporter['stats']>['remoteWrite']>;

/** An application whose log records are counted and written to Prometheus. */
export class WritingApplication {
  readonly logger: Logger;
  readonly exporter: PrometheusLogRecordExporter;
  readonly #provider: LoggerProvider;

  constructor(remoteWrite: RemoteWriteOptions, metrics?: MetricRules) {
    this.exporter = new PrometheusLogRecordExporter({ remoteWrite, ...(metrics && { metrics }) });
    const processor = new SimpleLogRecordProcessor({ exporter: this.exporter });
    this.#provider = new LoggerProvider({ processors: [processor] });
    this.logger = this.#provider.getLogger('application');
  }

  /** Writes what is counted now, and waits until it is stored. */
  async write(): Promise<void> {
    await this.exporter.forceFlush();
  }

  async close(): Promise<void> {
    await this.#provider.shutdown();
  }

  /** The account of the samples. @throws Error where it does not close */
  samples(): RemoteWriteStats {
    const { remoteWrite } = this.exporter.stats();
    if (remoteWrite === undefined) throw new Error('Nothing is written.');
    const { received, passed, droppedTotal, held } = remoteWrite;
    if (received !== passed + droppedTotal + held)
      throw new Error(`The account does not close: ${JSON.stringify(remoteWrite)}`);
    return remoteWrite;
  }
}
