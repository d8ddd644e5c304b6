export type { FlushOptions } from './deadline.ts';
export type { LogRecordDrop } from './hybrid/drop-reporter.ts';
export { HybridLogRecordProcessor, type HybridStats } from './hybrid/hybrid-log-record-processor.ts';
export { type HybridLogRecordProcessorOptions, webPagePreset } from './hybrid/hybrid-options.ts';
export { LANE_ATTRIBUTE } from './hybrid/lane-choice.ts';
