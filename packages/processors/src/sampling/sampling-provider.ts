import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  bySeverity,
  component,
  type ComponentProvider,
  defineComponentProvider,
  flag,
  group,
  integer,
  list,
  number,
  type Properties,
  property,
  required,
  severityNumber,
  text,
} from '@spillway/core/component-provider';

import { resolveSamplingOptions } from './resolve-sampling-options.ts';
import { SamplingLogRecordProcessor } from './sampling-log-record-processor.ts';
import type { SamplingLogRecordProcessorOptions } from './sampling-options.ts';

/** Options with a flag in the place of a callback. */
interface SamplingSettings extends Omit<SamplingLogRecordProcessorOptions, 'pressure'> {
  readonly pressure?: boolean;
}

const RULE: Properties = {
  min_severity: severityNumber('Lowest severity; a record without one counts as info.', { default: 'trace' }),
  max_severity: severityNumber('Highest severity.', { default: 'fatal4' }),
  scope: text('Name of the instrumentation scope; `*` stands for any characters.'),
  event_name: text('Name of the event, as it is.'),
  ratio: number('Part of these records that is kept, 0 to 1. This or `every`.', { max: 1 }),
  every: integer('Keeps the first and then exactly one of so many of these records. This or `ratio`.', { min: 1 }),
};

export const samplingProperties: Properties = {
  delegate: required(
    component('LogRecordProcessor', 'Where the records go that are kept. It is flushed and shut down with this one.'),
  ),
  ratio: number('Part of the records that is kept, 0 to 1, of those that no rule matches. This or `every`.', {
    max: 1,
    default: 1,
  }),
  every: integer(
    'Keeps the first and then exactly one of so many records, of those that no rule matches, whatever their traces. This or `ratio`.',
    { min: 1 },
  ),
  rules: list(
    'Ratios for certain records. The first rule that matches counts.',
    group('Which records, and how many of them are kept.', RULE),
    { default: [] },
  ),
  severity_ratios: bySeverity(
    'Part of the records that is kept, 0 to 1, by severity. They come after `rules`.',
    number('Part of the records of this severity, 0 to 1.', { max: 1 }),
    { default: {} },
  ),
  keep_min_severity: severityNumber(
    'Records of this severity and above are kept; with `none`, no record for its severity alone.',
    { hasNone: true, default: 'error' },
  ),
  use_priority: flag(
    'Whether the attribute `sampling.priority` overrides everything else for its record: 0 drops it, 100 keeps it, what is between is its ratio in percent.',
    { default: true },
  ),
  use_pressure: flag(
    'Whether fewer records are kept while the queue of the delegate fills; the delegate is `hybrid` then.',
    { default: false, option: 'pressure' },
  ),
  pressure_low_mark: number('Up to this pressure, 0 to 1, the ratios stay as they are. 0.5 by default.', { max: 1 }),
  pressure_high_mark: number('From this pressure on, up to 1, as little is kept as may be. 0.9 by default.', {
    max: 1,
  }),
  pressure_min_ratios: bySeverity(
    'What pressure leaves of a severity at least, as a part of its ratio. By default 1/1024 of trace and debug, 1/64 of info, 1/8 of warn, all of error and fatal.',
    property({ type: 'number', minimum: 2 ** -10, maximum: 1 }, 'Part of the ratio of this severity, 1/1024 to 1.'),
  ),
};

export const samplingProvider: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'sampling',
  description: 'Keeps a part of the traces, the same part as every other service.',
  properties: samplingProperties,
  create: (settings: SamplingSettings) =>
    new SamplingLogRecordProcessor(toOptions(settings, pressureOf(settings.delegate))),
  // Whether there will be a pressure is known only of a delegate that was made.
  check: (settings) => void resolveSamplingOptions(toOptions(settings, () => 0)),
});

type Pressure = SamplingLogRecordProcessorOptions['pressure'];

function toOptions(
  { pressure: usesPressure = false, ...options }: SamplingSettings,
  pressure: Pressure,
): SamplingLogRecordProcessorOptions {
  if (!usesPressure) return options;
  if (pressure !== undefined) return { ...options, pressure };
  throw new TypeError('Expected `pressure` to be left out unless the `delegate` is `hybrid`, whose queue it is about.');
}

/** Any processor may tell how full it is as the hybrid does. */
function pressureOf(delegate: LogRecordProcessor): Pressure {
  const pressure: unknown = Reflect.get(Object(delegate), 'pressure');
  return typeof pressure === 'function' ? (pressure as NonNullable<Pressure>) : undefined;
}
