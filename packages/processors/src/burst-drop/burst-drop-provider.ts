import { readFieldText, type RecordField, resolveRecordField } from '@spillway/core';
import {
  component,
  type ComponentProvider,
  defineComponentProvider,
  group,
  integer,
  list,
  milliseconds,
  number,
  type Properties,
  recordField,
  required,
  severityName,
} from '@spillway/core/component-provider';

import { BurstDropLogRecordProcessor } from './burst-drop-log-record-processor.ts';
import { type BurstDropLogRecordProcessorOptions, resolveBurstDropOptions } from './burst-drop-options.ts';
import { ZAP_PRODUCTION } from './burst-limit-options.ts';

/** Options with fields in the place of a callback. */
interface BurstDropSettings extends Omit<BurstDropLogRecordProcessorOptions, 'key'> {
  readonly key?: readonly RecordField[];
}

const RATE: Properties = {
  per_second: required(number('Records of a key per second; a part of one for less.', { min: 0.000_001, max: 1e6 })),
  burst: integer('Records of a key that pass at one instant. `per_second`, rounded up, where it is left out.', {
    min: 1,
  }),
};

const FIRST_THEN_EVERY: Properties = {
  first: required(integer('Records at the beginning of a window that pass.')),
  thereafter: required(integer('Of the records after those every so many-th passes. 0: none.')),
  interval: required(
    milliseconds('Length of a window, in milliseconds. It starts with the first record of its key.', {
      min: 1,
      option: 'intervalMillis',
    }),
  ),
};

const { first, thereafter, intervalMillis: interval } = ZAP_PRODUCTION;

export const burstDropProperties: Properties = {
  delegate: required(
    component(
      'LogRecordProcessor',
      'Where records go that pass, and the summaries. It is flushed and shut down as well.',
    ),
  ),
  rate: group(
    'Limits each key to a rate with a burst: a bound on what a key may cost, whatever comes. One of `rate`, `first_then_every` and `min_interval`.',
    RATE,
  ),
  first_then_every: group(
    'Passes the first records of each key in a window, and then every so many-th: the size of a flood stays visible in what passes.',
    FIRST_THEN_EVERY,
    { default: { first, thereafter, interval } },
  ),
  min_interval: milliseconds(
    'Shortest time between two records of a key that pass, in milliseconds. For records that are written twice, by two loggers or by a retry.',
    { min: 0.001, option: 'minIntervalMillis' },
  ),
  summary_interval: milliseconds(
    'How long suppressed records wait for their summary, in milliseconds; only with `rate` or `min_interval`. 1000 by default.',
    { min: 1, option: 'summaryIntervalMillis' },
  ),
  severities: list(
    'Severities that are limited. Records of other severities always pass.',
    severityName('A severity.'),
    {
      minItems: 1,
      default: ['trace', 'debug', 'info', 'warn'],
    },
  ),
  key: list(
    'Parts of a record whose texts together are its key; one that it lacks counts as empty. Scope, severity, and event name or else the beginning of the body, where it is left out.',
    recordField('A part of a record.'),
    { minItems: 1 },
  ),
  max_keys: integer(
    'Keys that are tracked at once, at about 70 bytes each from the start. A further one takes the place of the key that had no record for the longest.',
    { min: 1, max: 2 ** 20, default: 4096 },
  ),
  max_summary_bytes: integer(
    'Estimated memory of the records that are kept for summaries, in bytes. Beyond it the oldest summaries leave early. 16 MiB by default.',
    { min: 1, default: 16 * 1024 * 1024 },
  ),
};

export const burstDropProvider: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'burst_drop',
  description: 'Limits what repeats itself; one record stands for those that were too many.',
  properties: burstDropProperties,
  create: (settings: BurstDropSettings) => new BurstDropLogRecordProcessor(toOptions(settings)),
  check: (settings) => void resolveBurstDropOptions(toOptions(settings)),
});

function toOptions({ key, ...options }: BurstDropSettings): BurstDropLogRecordProcessorOptions {
  return key === undefined ? options : { ...options, key: keyReader(key) };
}

function keyReader(fields: readonly RecordField[]): NonNullable<BurstDropLogRecordProcessorOptions['key']> {
  const sources = fields.map((field, index) => resolveRecordField(`key[${index}]`, field));
  // A list of texts tells apart what only looks alike when it is put together.
  return (record) => JSON.stringify(sources.map((source) => readFieldText(source, record) ?? ''));
}
