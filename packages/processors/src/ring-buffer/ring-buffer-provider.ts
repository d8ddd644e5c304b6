import {
  optionMessage,
  readFieldText,
  type RecordCondition,
  type RecordField,
  resolveRecordField,
} from '@spillway/core';
import {
  choice,
  component,
  type ComponentProvider,
  defineComponentProvider,
  integer,
  milliseconds,
  type Properties,
  type Property,
  property,
  recordConditions,
  recordField,
  required,
  severityNumber,
} from '@spillway/core/component-provider';

import { recordMatcher } from '../record-matcher.ts';
import {
  DEFAULT_HOLD_BELOW_SEVERITY,
  MAX_HOLD_BELOW_SEVERITY,
  resolveRingBufferOptions,
} from './resolve-ring-buffer-options.ts';
import { RingBufferLogRecordProcessor } from './ring-buffer-log-record-processor.ts';
import type { RingBufferLogRecordProcessorOptions } from './ring-buffer-options.ts';

/** Options with data in the places of callbacks. */
interface RingBufferSettings extends Omit<RingBufferLogRecordProcessorOptions, 'isTrigger' | 'scopeKey'> {
  readonly isTrigger?: readonly RecordCondition[];
  readonly scopeKey?: RecordField;
}

/** By number, from 1. */
const SEVERITIES = severityNumber('').schema['enum'] as readonly string[];

/** Below TRACE there is nothing to hold; above FATAL4 there is no severity that could be named. */
function holdBelowSeverity(): Property {
  const description =
    'Records below this severity are held; `all` holds every record. One without a severity counts as info.';
  const { schema, toOption, ...rest } = severityNumber(description, { default: 'warn' });
  const names = (schema['enum'] as string[]).filter((name) => name !== 'trace');
  return {
    ...rest,
    schema: { ...schema, enum: [...names, 'all'] },
    toOption: (name, field) => (name === 'all' ? MAX_HOLD_BELOW_SEVERITY : toOption?.(name, field)),
  };
}

export const ringBufferProperties: Properties = {
  delegate: required(
    component(
      'LogRecordProcessor',
      'Where records go that pass or are released. It is flushed and shut down with this one.',
    ),
  ),
  untriggered: component(
    'LogRecordProcessor',
    'Where records go that no trigger has released, such as a sampler. Where it is left out, they are dropped and counted.',
  ),
  mode: choice(
    '`hold`: records below a severity are held until something goes wrong. `copy`: all pass at once, and copies of the last ones can be looked at.',
    ['hold', 'copy'],
    { default: 'hold' },
  ),
  hold_below_severity: holdBelowSeverity(),
  trigger_min_severity: severityNumber(
    'Records of this severity and above release what their scope holds; `hold_below_severity` or more. `none`: no record for its severity, which is the default where errors are held.',
    { hasNone: true, default: 'error' },
  ),
  trigger_when: recordConditions('Further records that are triggers: those that meet one of the conditions.', {
    option: 'isTrigger',
  }),
  scope_key: recordField(
    'Part of a record that names its scope: a trigger releases what its own scope holds. The trace id where it is left out.',
  ),
  ttl: milliseconds(
    'How long a record is held, in milliseconds; what is older is never released. With the mode `copy` without end by default.',
    { min: 1, default: 30_000, option: 'ttlMillis' },
  ),
  pass_through: milliseconds(
    'How long after a trigger the records of its scope pass at once, in milliseconds. 0: not at all.',
    { default: 10_000, option: 'passThroughMillis' },
  ),
  max_records: integer('Records held in all scopes together.', { min: 1, default: 10_000 }),
  max_bytes: integer(
    'Estimated memory of the records held in all scopes together, in bytes. Lower it in small containers. 16 MiB by default.',
    { min: 1, default: 16 * 1024 * 1024 },
  ),
  max_records_per_scope: integer('Records held in one scope; never more than `max_records`.', {
    min: 1,
    default: 1000,
  }),
  max_bytes_per_scope: integer(
    'Estimated memory of the records held in one scope, in bytes; never more than `max_bytes`. 1 MiB by default.',
    { min: 1, default: 1024 * 1024 },
  ),
  max_scopes: integer('Scopes that hold something at once, and as many that let their records pass after a trigger.', {
    min: 1,
    default: 1000,
  }),
  backpressure_threshold: property(
    { type: 'number', exclusiveMinimum: 0, maximum: 1 },
    'How full the buffer is, up to 1, when it is no longer healthy.',
    { default: 0.8 },
  ),
};

export const ringBufferProvider: ComponentProvider<'LogRecordProcessor'> = defineComponentProvider({
  type: 'LogRecordProcessor',
  name: 'ring_buffer',
  description: 'A flight recorder: holds debug and info of each trace, and releases them where an error comes.',
  properties: ringBufferProperties,
  create: (settings: RingBufferSettings) => new RingBufferLogRecordProcessor(toOptions(settings)),
  check: (settings) => void resolveRingBufferOptions(toOptions(settings)),
});

function toOptions({ isTrigger, scopeKey, ...options }: RingBufferSettings): RingBufferLogRecordProcessorOptions {
  checkTrigger(options);
  return {
    ...options,
    ...(isTrigger !== undefined && { isTrigger: recordMatcher('isTrigger', isTrigger) }),
    ...(scopeKey !== undefined && { scopeKey: scopeReader(scopeKey) }),
  };
}

/** In the names of the file: the check of the options knows numbers only. */
function checkTrigger({
  mode,
  holdBelowSeverity: held = DEFAULT_HOLD_BELOW_SEVERITY,
  triggerMinSeverity: trigger = Infinity,
}: Omit<RingBufferSettings, 'isTrigger' | 'scopeKey'>): void {
  if (mode === 'copy' || trigger >= held) return;
  const lowest = SEVERITIES[held - 1];
  const rule = lowest === undefined ? 'none' : `${lowest} or more severe, or none`;
  throw new RangeError(
    optionMessage('triggerMinSeverity', `${rule}: a record that is held releases nothing`, SEVERITIES[trigger - 1]),
  );
}

function scopeReader(field: RecordField): NonNullable<RingBufferLogRecordProcessorOptions['scopeKey']> {
  const source = resolveRecordField('scopeKey', field);
  return (record) => readFieldText(source, record);
}
