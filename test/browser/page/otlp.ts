import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { emitRecords } from './emit-records.ts';
import type { PageConfig } from './page-config.ts';
import { startRecording } from './recorder.ts';

/** A page whose hybrid exports through OpenTelemetry's own exporter, which knows nothing of the end of a page. */
const { pushUrls } = JSON.parse(new URLSearchParams(location.search).get('config') ?? '{}') as PageConfig;
const recording = startRecording();
const [url] = pushUrls;
const exporter = new OTLPLogExporter(url === undefined ? {} : { url });
const processor = new HybridLogRecordProcessor({
  exporter,
  scheduledDelayMillis: 600_000,
  maxExportBatchSize: 4000,
  maxQueueSize: 4000,
});
const logger = new LoggerProvider({ processors: [processor] }).getLogger('page');
const emit = (from: number, count: number): void => emitRecords(logger, from, count);
Object.assign(globalThis, { fixture: { emit, recording, stats: () => [{ processor: processor.stats() }] } });
