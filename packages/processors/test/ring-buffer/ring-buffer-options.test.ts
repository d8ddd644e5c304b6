import { RingBufferLogRecordProcessor } from '@spillway/processors';
import { expect, test } from 'vitest';

import { resolveRingBufferOptions } from '../../src/ring-buffer/resolve-ring-buffer-options.ts';
import { Collector } from './harness.ts';

const delegate = new Collector();

test('defaults are as documented', () => {
  expect(resolveRingBufferOptions({ delegate })).toEqual({
    delegate,
    mode: 'hold',
    holdBelowSeverity: 13,
    triggerMinSeverity: 17,
    ttlMillis: 30_000,
    passThroughMillis: 10_000,
    maxRecords: 10_000,
    maxBytes: 16_777_216,
    maxRecordsPerScope: 1000,
    maxBytesPerScope: 1_048_576,
    maxScopes: 1000,
    backpressureThreshold: 0.8,
  });
});

test('a scope is never allowed more than all scopes together', () => {
  const { maxRecordsPerScope, maxBytesPerScope } = resolveRingBufferOptions({ delegate, maxRecords: 5, maxBytes: 300 });
  expect([maxRecordsPerScope, maxBytesPerScope]).toEqual([5, 300]);
});

const mistakes: readonly [string, Record<string, unknown>][] = [
  ['delegate', { delegate: undefined }],
  ['delegate', { delegate: { onEmit: () => {} } }],
  ['untriggered', { untriggered: {} }],
  ['mode', { mode: 'keep' }],
  ['holdBelowSeverity', { holdBelowSeverity: 1 }],
  ['holdBelowSeverity', { holdBelowSeverity: 26 }],
  ['holdBelowSeverity', { holdBelowSeverity: 'WARN' }],
  ['triggerMinSeverity', { triggerMinSeverity: 12 }],
  ['triggerMinSeverity', { triggerMinSeverity: 25 }],
  ['triggerMinSeverity', { triggerMinSeverity: 17.5 }],
  ['isTrigger', { isTrigger: true }],
  ['scopeKey', { scopeKey: 'traceId' }],
  ['ttlMillis', { ttlMillis: 0 }],
  ['ttlMillis', { ttlMillis: 2 ** 31 }],
  ['passThroughMillis', { passThroughMillis: -1 }],
  ['maxRecords', { maxRecords: 0 }],
  ['maxBytes', { maxBytes: Number.NaN }],
  ['maxRecordsPerScope', { maxRecordsPerScope: 1.5 }],
  ['maxBytesPerScope', { maxBytesPerScope: '1 MiB' }],
  ['maxScopes', { maxScopes: Infinity }],
  ['onBackpressure', { onBackpressure: {} }],
  ['backpressureThreshold', { backpressureThreshold: 0 }],
  ['backpressureThreshold', { backpressureThreshold: 1.1 }],
  ['selfObsMeterProvider', { selfObsMeterProvider: {} }],
  ['untriggered', { mode: 'copy', untriggered: delegate }],
  ['isTrigger', { mode: 'copy', isTrigger: () => true }],
  ['passThroughMillis', { mode: 'copy', passThroughMillis: 0 }],
  ['triggerMinSeverity', { mode: 'copy', triggerMinSeverity: 17 }],
  ['holdBelowSeverity', { mode: 'copy', holdBelowSeverity: 13 }],
];

test.each(mistakes)('a wrong %s is named: %o', (field, options) => {
  const create = (): unknown => new RingBufferLogRecordProcessor({ delegate, ...options });
  expect(create).toThrow(`Expected \`${field}\` to be `);
});

test('options that are none are named', () => {
  expect(() => new RingBufferLogRecordProcessor(undefined as never)).toThrow('Expected `options` to be an object');
});
