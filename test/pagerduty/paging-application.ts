import type { Logger } from '@opentelemetry/api';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';

import { PagerDutyLogRecordExporter, type PagerDutyLogRecordExporterOptions } from '@spillway/exporter-pagerduty';

import { ROUTING_KEY } from './event-client.ts';
import type { StormRecord } from './storm.ts';

/** An application whose log records page. */
export class PagingApplication {
  readonly exporter: PagerDutyLogRecordExporter;
  readonly logger: Logger;
  readonly #provider: LoggerProvider;

  constructor(options: Partial<PagerDutyLogRecordExporterOptions> & { readonly url: string }) {
    this.exporter = new PagerDutyLogRecordExporter({ routingKey: ROUTING_KEY, ...options });
    this.#provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter: this.exporter })] });
    this.logger = this.#provider.getLogger('application');
  }

  /** Emits a storm in pieces, as an application does that also has something else to do. */
  async emit(storm: readonly StormRecord[]): Promise<void> {
    for (const [index, { severityNumber, body, attributes }] of storm.entries()) {
      this.logger.emit({ severityNumber, body, attributes });
      if (index % 1000 === 999) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    await this.#provider.shutdown();
  }
}
