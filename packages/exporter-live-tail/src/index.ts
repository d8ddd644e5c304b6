export type { FlushKind } from './clients/flush-choice.ts';
export type { ClientAccount } from './clients/tail-client.ts';
export type { ClientsStats } from './clients/tail-clients.ts';
export type { LiveTailLogRecordExporterOptions, RecentOptions } from './live-tail-exporter-options.ts';
export { type LiveTailExporterStats, LiveTailLogRecordExporter } from './live-tail-log-record-exporter.ts';
