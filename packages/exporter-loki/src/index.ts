export type { BasicAuth } from '@spillway/delivery';

export { lokiBackend } from './loki-backend.ts';
export { LokiExportError } from './loki-export-error.ts';
export type { LokiLogRecordExporterOptions } from './loki-exporter-options.ts';
export { LokiLogRecordExporter } from './loki-log-record-exporter.ts';
