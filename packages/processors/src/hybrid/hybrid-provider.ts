import type { RecordCondition } from '@spillway/core';
import {
  choice,
  component,
  type ComponentProvider,
  defineComponentProvider,
  flag,
  integer,
  milliseconds,
  type Properties,
  recordConditions,
  required,
  severityNumber,
  timeLimit,
} from '@spillway/core/component-provider';

import { recordMatcher } from '../record-matcher.ts';
import { HybridLogRecordProcessor } from './hybrid-log-record-processor.ts';
import { type HybridLogRecordProcessorOptions, resolveHybridOptions } from './hybrid-options.ts';

/** Options with conditions in the place of a callback. */
interface HybridSettings extends Omit<HybridLogRecordProcessorOptions, 'isImmediate'> {
  readonly isImmediate?: readonly RecordCondition[];
}

export const hybridProperties: Properties = {
  exporter: required(
    component('LogRecordExporter', 'Where records go. It is flushed and shut down with the processor.'),
  ),
  immediate_exporter: component(
    'LogRecordExporter',
    'Where the immediate lane goes instead, such as another endpoint. What it refuses goes to `exporter`, which it is where it is left out.',
  ),
  immediate_min_severity: severityNumber(
    'Records of this severity and above take the immediate lane; with `none`, no record for its severity.',
    { hasNone: true, default: 'error' },
  ),
  immediate_when: recordConditions(
    'Further records that take the immediate lane: those that meet one of the conditions.',
    {
      option: 'isImmediate',
    },
  ),
  max_export_batch_size: integer('Records in one export; never more than `max_queue_size`.', { min: 1, default: 512 }),
  schedule_delay: milliseconds(
    'Longest time that a record of the batch lane waits for its batch to fill, in milliseconds. Raise it for fewer requests.',
    { default: 1000, option: 'scheduledDelayMillis' },
  ),
  max_queue_size: integer(
    'Records that wait at once, in both lanes together. Those handed to an exporter are not among them.',
    { min: 1, max: 2 ** 30, default: 65_536 },
  ),
  max_queue_bytes: integer(
    'Estimated memory of the records that wait, in bytes. Lower it in small containers. 64 MiB by default.',
    { min: 1, default: 64 * 1024 * 1024 },
  ),
  overflow: choice(
    'What gives way where a bound is reached, in the batch lane first: the least severe records, the oldest ones, or what comes.',
    ['drop_least_severe', 'drop_oldest', 'drop_newest'],
    { default: 'drop_least_severe' },
  ),
  max_concurrent_exports: integer(
    'Exports without an answer at once; from 2 on, one is kept for each lane. 1 for exporters that must not be called again before they answered.',
    { min: 1, default: 5 },
  ),
  export_timeout: timeLimit(
    'Time that an exporter has to answer, in milliseconds. What it has not answered by then is dropped as `expired`.',
    { default: 30_000, option: 'exportTimeoutMillis' },
  ),
  max_attempts: integer(
    'Calls of the exporter for one batch while it answers that it failed, the first included. Exporters of Spillway retry by themselves.',
    { min: 1, default: 3 },
  ),
  snapshot: choice(
    'Whether an object in the body is copied when its record is emitted. `none` is for applications that never change what they have logged.',
    ['body', 'none'],
    { default: 'body' },
  ),
  disable_flush_on_before_exit: flag(
    'Leaves what is held behind when the event loop runs empty. Set it where the application flushes by itself.',
    { default: false },
  ),
};

export const hybridProvider: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'hybrid',
  description: 'Queues records and exports them in two lanes: severe ones at once, the others in batches.',
  properties: hybridProperties,
  create: (settings: HybridSettings) => new HybridLogRecordProcessor(toOptions(settings)),
  check: (settings) => void resolveHybridOptions(toOptions(settings)),
});

function toOptions({ isImmediate: conditions, ...options }: HybridSettings): HybridLogRecordProcessorOptions {
  return conditions === undefined ? options : { ...options, isImmediate: recordMatcher('isImmediate', conditions) };
}
