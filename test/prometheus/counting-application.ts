import type { IncomingMessage, ServerResponse } from 'node:http';

import { type Context, type Logger, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';

import { PrometheusLogRecordExporter, type PrometheusLogRecordExporterOptions } from '@spillway/exporter-prometheus';

import { PageServer } from './page-server.ts';

/** A metric of the application's own, on its page before those that count its records. */
const OWN_METRIC = '# HELP application_jobs Jobs that run.\n# TYPE application_jobs gauge\napplication_jobs 3\n';

export type MetricRules = NonNullable<PrometheusLogRecordExporterOptions['metrics']>;

/** An application whose log records are counted. Prometheus can scrape its page, and the exporter's own endpoint. */
export class CountingApplication {
  readonly logger: Logger;
  readonly #exporter: PrometheusLogRecordExporter;
  readonly #provider: LoggerProvider;
  #page: PageServer | undefined;

  private constructor(metrics: MetricRules) {
    this.#exporter = new PrometheusLogRecordExporter({ metrics, endpoint: { port: 0 } });
    const processor = new SimpleLogRecordProcessor({ exporter: this.#exporter });
    this.#provider = new LoggerProvider({ processors: [processor] });
    this.logger = this.#provider.getLogger('application');
  }

  static async launch(metrics: MetricRules): Promise<CountingApplication> {
    const application = new CountingApplication(metrics);
    application.#page = await PageServer.launch((request, response) => application.#serve(request, response));
    return application;
  }

  /** The application's page: its own metric, and those of its records. */
  get url(): string {
    return this.#page?.url ?? '';
  }

  /** The endpoint of the exporter. */
  async endpointUrl(): Promise<string> {
    const { url } = await this.#exporter.listening();
    return url;
  }

  async close(): Promise<void> {
    await this.#page?.close();
    await this.#provider.shutdown();
  }

  #serve({ headers }: IncomingMessage, response: ServerResponse): void {
    const { contentType, body } = this.#exporter.metrics(headers.accept);
    response.setHeader('content-type', contentType);
    response.end(OWN_METRIC + body);
  }
}

/** The context of a span that something did, as log records carry it. */
export function spanContext(traceId: string): Context {
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId: 'b7ad6b7169203331', traceFlags: 1 });
}
