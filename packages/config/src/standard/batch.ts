import { BatchLogRecordProcessor, type BatchLogRecordProcessorOptions } from '@opentelemetry/sdk-logs';
import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  integer,
  milliseconds,
  required,
  timeLimit,
} from '@spillway/core/component-provider';

/** OpenTelemetry's batch processor. */
export const batch: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'batch',
  description: "OpenTelemetry's batch processor: a full queue drops records and says nothing; `hybrid` tells of each.",
  properties: {
    schedule_delay: milliseconds('Longest time until a batch is exported.', {
      default: 1000,
      option: 'scheduledDelayMillis',
    }),
    export_timeout: timeLimit('Longest time an export may take.', { default: 30_000, option: 'exportTimeoutMillis' }),
    max_queue_size: integer('Records that wait; what comes when they do is dropped.', { min: 1, default: 2048 }),
    max_export_batch_size: integer('Records in a batch.', { min: 1, default: 512 }),
    exporter: required(component('LogRecordExporter', 'Where the records go.')),
  },
  create: (options: BatchLogRecordProcessorOptions) => new BatchLogRecordProcessor(options),
});
