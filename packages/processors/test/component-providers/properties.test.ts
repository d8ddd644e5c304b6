import { type Properties, toOptions } from '@spillway/core/component-provider';
import { expect, test } from 'vitest';

import { burstDropProperties } from '../../src/burst-drop/burst-drop-provider.ts';
import { resolveBurstDropOptions } from '../../src/burst-drop/burst-drop-options.ts';
import { fanOutProperties } from '../../src/fan-out/fan-out-provider.ts';
import { resolveHybridOptions } from '../../src/hybrid/hybrid-options.ts';
import { hybridProperties } from '../../src/hybrid/hybrid-provider.ts';
import { resolveRingBufferOptions } from '../../src/ring-buffer/resolve-ring-buffer-options.ts';
import { ringBufferProperties } from '../../src/ring-buffer/ring-buffer-provider.ts';
import { resolveSamplingOptions } from '../../src/sampling/resolve-sampling-options.ts';
import { samplingProperties } from '../../src/sampling/sampling-provider.ts';
import { StubProcessor } from '../decorator/stub-processor.ts';

type Table = Readonly<Record<string, readonly [value: unknown, option: string, optionValue: unknown]>>;

const exporter = { export: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
const delegate = new StubProcessor();

const HYBRID: Table = {
  exporter: [exporter, 'exporter', exporter],
  immediate_exporter: [exporter, 'immediateExporter', exporter],
  immediate_min_severity: ['none', 'immediateMinSeverity', Infinity],
  immediate_when: [
    [{ min_severity: 'warn', event_name: 'audit', attributes: { urgent: true } }],
    'isImmediate',
    [{ minSeverity: 13, eventName: 'audit', attributes: { urgent: true } }],
  ],
  max_export_batch_size: [9, 'maxExportBatchSize', 9],
  schedule_delay: [8, 'scheduledDelayMillis', 8],
  max_queue_size: [7, 'maxQueueSize', 7],
  max_queue_bytes: [6, 'maxQueueBytes', 6],
  overflow: ['drop_oldest', 'overflow', 'drop-oldest'],
  max_concurrent_exports: [5, 'maxConcurrentExports', 5],
  export_timeout: [4, 'exportTimeoutMillis', 4],
  max_attempts: [3, 'maxAttempts', 3],
  snapshot: ['none', 'snapshot', 'none'],
  disable_flush_on_before_exit: [true, 'disableFlushOnBeforeExit', true],
};

const RING_BUFFER: Table = {
  delegate: [delegate, 'delegate', delegate],
  untriggered: [delegate, 'untriggered', delegate],
  mode: ['copy', 'mode', 'copy'],
  hold_below_severity: ['all', 'holdBelowSeverity', 25],
  trigger_min_severity: ['error2', 'triggerMinSeverity', 18],
  trigger_when: [[{ scope: 'db' }], 'isTrigger', [{ scope: 'db' }]],
  scope_key: ['event_name', 'scopeKey', 'eventName'],
  ttl: [9, 'ttlMillis', 9],
  pass_through: [8, 'passThroughMillis', 8],
  max_records: [7, 'maxRecords', 7],
  max_bytes: [6, 'maxBytes', 6],
  max_records_per_scope: [5, 'maxRecordsPerScope', 5],
  max_bytes_per_scope: [4, 'maxBytesPerScope', 4],
  max_scopes: [3, 'maxScopes', 3],
  backpressure_threshold: [0.2, 'backpressureThreshold', 0.2],
};

const BURST_DROP: Table = {
  delegate: [delegate, 'delegate', delegate],
  rate: [{ per_second: 2, burst: 3 }, 'rate', { perSecond: 2, burst: 3 }],
  first_then_every: [
    { first: 1, thereafter: 2, interval: 3 },
    'firstThenEvery',
    { first: 1, thereafter: 2, intervalMillis: 3 },
  ],
  min_interval: [2, 'minIntervalMillis', 2],
  summary_interval: [3, 'summaryIntervalMillis', 3],
  severities: [['debug', 'info'], 'severities', ['DEBUG', 'INFO']],
  key: [['scope', 'event_name', 'attributes.a.b'], 'key', ['scope', 'eventName', 'attributes.a.b']],
  max_keys: [4, 'maxKeys', 4],
  max_summary_bytes: [5, 'maxSummaryBytes', 5],
};

const RULE_VALUES = { min_severity: 'info', max_severity: 'warn4', scope: 'db*', event_name: 'slow', ratio: 0.1 };
const SAMPLING: Table = {
  delegate: [delegate, 'delegate', delegate],
  ratio: [0.5, 'ratio', 0.5],
  every: [2, 'every', 2],
  rules: [
    [RULE_VALUES, { every: 3 }],
    'rules',
    [{ minSeverity: 9, maxSeverity: 16, scope: 'db*', eventName: 'slow', ratio: 0.1 }, { every: 3 }],
  ],
  severity_ratios: [{ debug: 0.1, trace: null }, 'severityRatios', { DEBUG: 0.1 }],
  keep_min_severity: ['fatal', 'keepMinSeverity', 21],
  use_priority: [false, 'usePriority', false],
  use_pressure: [true, 'pressure', true],
  pressure_low_mark: [0.1, 'pressureLowMark', 0.1],
  pressure_high_mark: [0.2, 'pressureHighMark', 0.2],
  pressure_min_ratios: [{ warn: 0.5 }, 'pressureMinRatios', { WARN: 0.5 }],
};

const FAN_OUT: Table = {
  delegates: [[delegate], 'delegates', [delegate]],
  fallback: [delegate, 'fallback', delegate],
};

test.each<[name: string, properties: Properties, table: Table]>([
  ['hybrid', hybridProperties, HYBRID],
  ['ring_buffer', ringBufferProperties, RING_BUFFER],
  ['burst_drop', burstDropProperties, BURST_DROP],
  ['sampling', samplingProperties, SAMPLING],
  ['fan_out', fanOutProperties, FAN_OUT],
])('every property of %s reaches its option', (_name, properties, table) => {
  expect(Object.keys(table)).toEqual(Object.keys(properties));
  const values = Object.fromEntries(Object.entries(table).map(([name, [value]]) => [name, value]));
  const options = Object.fromEntries(Object.values(table).map(([, option, value]) => [option, value]));
  expect(toOptions(properties, values)).toEqual(options);
});

type Resolve = (options: never) => object;

test.each<[name: string, properties: Properties, required: object, resolve: Resolve]>([
  ['hybrid', hybridProperties, { exporter }, resolveHybridOptions],
  ['ring_buffer', ringBufferProperties, { delegate }, resolveRingBufferOptions],
  ['burst_drop', burstDropProperties, { delegate }, resolveComparably],
  ['sampling', samplingProperties, { delegate }, resolveSamplingOptions],
])('every default of %s is what its processor takes', (_name, properties, required, resolve) => {
  const resolved = (values: object): object => resolve(toOptions(properties, { ...required, ...values }) as never);
  const defaults = Object.entries(properties).flatMap(([name, { schema }]) =>
    schema['default'] === undefined || name === 'use_pressure' ? [] : [[name, schema['default']] as const],
  );
  const withDefaults = defaults.map(([name, value]) => [name, resolved({ [name]: value })]);
  expect(withDefaults).toEqual(defaults.map(([name]) => [name, resolved({})]));
});

/** Without the limiter: functions are never equal, and its default is that of the options. */
function resolveComparably(options: Parameters<typeof resolveBurstDropOptions>[0]): object {
  const { createLimiter: _createLimiter, ...resolved } = resolveBurstDropOptions(options);
  return resolved;
}

const resolveSampling = (values: object): object =>
  resolveSamplingOptions(toOptions(samplingProperties, { delegate, ...values }) as never);

test('the default of `keep_min_severity` is that of sampling', () => {
  expect(samplingProperties['keep_min_severity']?.schema['default']).toBe('error');
  expect(() => resolveSampling({ rules: [{ min_severity: 'error', ratio: 0 }] })).toThrow(/`keepMinSeverity` \(17\)/);
  expect(() => resolveSampling({ rules: [{ min_severity: 'warn4', ratio: 0 }] })).not.toThrow();
});

test('an `export_timeout` of 0 is no limit, as in the files of OpenTelemetry', () => {
  expect(toOptions(hybridProperties, { exporter, export_timeout: 0 })).toEqual({
    exporter,
    exportTimeoutMillis: 2 ** 31 - 1,
  });
});
