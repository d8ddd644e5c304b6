import { join } from 'node:path';

import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { fileOutbox, workerDelivery } from '@spillway/delivery';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { batch, type Contender, noop, otel } from '../contenders.ts';

/** An exporter that takes everything and does nothing: with the SDK's processor, the least that logging can cost. */
const nowhere: LogRecordExporter = {
  export: (_records, callback) => callback({ code: 0 }),
  forceFlush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
};

/** No record of a burst is to be dropped, whatever is slower than the thread that logs: what is dropped costs nothing. */
const LOSSLESS_QUEUE = { maxQueueSize: 300_000, maxQueueBytes: 2 ** 29 };

/** Where delivery is placed, by name; each is made for the address of a sink and an empty directory. */
export const placements: Readonly<Record<string, (url: string, directory: string) => Contender>> = {
  'SDK, no-op processor': () => otel(noop),
  'SDK batch, no-op exporter': () => otel(batch(nowhere)),
  'SDK batch, OTLP JSON': (url) => otel(batch(new OTLPLogExporter({ url: `${url}/v1/logs` }))),
  inline: (url) => spillway({ url }),
  worker: (url) => spillway({ url, worker: workerDelivery() }),
  'worker, file': (url, directory) => spillway({ url, outbox: fileOutbox({ directory: join(directory, 'outbox') }) }),
  'inline, file': (url, directory) =>
    spillway({ url, outbox: fileOutbox({ directory: join(directory, 'outbox'), inline: true }) }),
};

function spillway(options: LokiLogRecordExporterOptions): Contender {
  const exporter = new LokiLogRecordExporter(options);
  return otel(new HybridLogRecordProcessor({ exporter, ...LOSSLESS_QUEUE }));
}
