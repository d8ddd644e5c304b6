import type { LogRecord } from '@opentelemetry/api';
import { OTLPLogExporter as OtlpJsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as OtlpProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type LogRecordProcessor,
} from '@opentelemetry/sdk-logs';

import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

/** Something that logs: `emit` takes a record as an application gives it, `flush` ends when all is delivered or lost. */
export interface Contender {
  emit(record: LogRecord): void;
  flush(): Promise<void>;
}

/** Large enough to hold every record of a run: what it takes to lose nothing with a queue of records. */
const LOSSLESS_QUEUE = 300_000;
const SERVICE = { 'service.name': 'bench', 'service.version': '1.0.0', 'deployment.environment.name': 'bench' };

/** Every contender by name, made for the address of a sink. */
export const contenders: Readonly<Record<string, (url: string) => Contender | Promise<Contender>>> = {
  'sdk, no-op processor': () => otel(noop),
  'otlp json': (url) => otel(batch(new OtlpJsonExporter({ url: `${url}/v1/logs` }))),
  'otlp json, lossless': (url) => otel(batch(new OtlpJsonExporter({ url: `${url}/v1/logs` }), LOSSLESS_QUEUE)),
  'otlp protobuf': (url) => otel(batch(new OtlpProtobufExporter({ url: `${url}/v1/logs` }))),
  'otlp protobuf, lossless': (url) => otel(batch(new OtlpProtobufExporter({ url: `${url}/v1/logs` }), LOSSLESS_QUEUE)),
  'pino-loki': pinoLoki,
  'winston-loki': winstonLoki,
  spillway: (url) => otel(new HybridLogRecordProcessor({ exporter: new LokiLogRecordExporter({ url }) })),
};

export const noop: LogRecordProcessor = {
  onEmit: () => {},
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

export function batch(exporter: LogRecordExporter, maxQueueSize?: number): LogRecordProcessor {
  return new BatchLogRecordProcessor({ exporter, ...(maxQueueSize !== undefined && { maxQueueSize }) });
}

export function otel(processor: LogRecordProcessor): Contender {
  const provider = new LoggerProvider({ resource: resourceFromAttributes(SERVICE), processors: [processor] });
  const logger = provider.getLogger('bench');
  return { emit: (record) => logger.emit(record), flush: () => provider.forceFlush() };
}

async function pinoLoki(url: string): Promise<Contender> {
  const { default: pino } = await import('pino');
  const transport = pino.transport({
    target: 'pino-loki',
    options: { host: url, batching: { interval: 1 }, labels: { service_name: SERVICE['service.name'] } },
  });
  const logger = pino(transport);
  return {
    emit: ({ severityNumber = 9, body, attributes }) => {
      const level = severityNumber < 9 ? 'debug' : severityNumber < 13 ? 'info' : 'warn';
      logger[level](attributes ?? {}, body as string);
    },
    // pino-loki has no flush that waits for the backend; it sends once a second.
    flush: () => new Promise((resolve) => setTimeout(resolve, 3000)),
  };
}

async function winstonLoki(url: string): Promise<Contender> {
  const { createLogger } = await import('winston');
  const { default: LokiTransport } = await import('winston-loki');
  const transport = new LokiTransport({
    host: url,
    json: true,
    interval: 1,
    labels: { service_name: SERVICE['service.name'] },
  });
  const logger = createLogger({ level: 'debug', transports: [transport] });
  return {
    emit: ({ severityNumber = 9, body, attributes }) => {
      const level = severityNumber < 9 ? 'debug' : severityNumber < 13 ? 'info' : 'warn';
      logger.log(level, body as string, attributes ?? {});
    },
    flush: async () => {
      await transport.flush();
    },
  };
}
