import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { expect, test } from 'vitest';

import { failureRecord } from '../../src/fan-out/failure-record.ts';
import type { FanOutError } from '../../src/fan-out/fan-out-error.ts';
import { recordEssentials } from '../../src/fan-out/record-essentials.ts';

const FAILED = {
  hrTime: [1_700_000_000, 0],
  hrTimeObserved: [1_700_000_000, 0],
  severityNumber: 9,
  severityText: 'INFO',
  eventName: 'order.taken',
  body: 'order 7 taken',
  resource: { attributes: { 'service.name': 'orders' } },
  instrumentationScope: { name: 'checkout' },
  spanContext: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 },
  attributes: {},
  droppedAttributesCount: 0,
} as unknown as ReadableLogRecord;
const OTHER_RESOURCE = { attributes: {} } as unknown as ReadableLogRecord['resource'];
const ERROR = { name: 'TypeError', message: 'bug', stack: 'TypeError: bug\n    at onEmit' };

test('a report of a record is an ERROR of the same resource, scope and span', () => {
  const report: FanOutError = { delegate: 1, operation: 'onEmit', error: ERROR, record: recordEssentials(FAILED) };
  const record = failureRecord(report, {
    epochMillis: 1_700_000_001_500.25,
    failed: FAILED,
    latestResource: OTHER_RESOURCE,
  });
  expect(record).toMatchObject({
    hrTime: [1_700_000_001, 500_250_000],
    hrTimeObserved: [1_700_000_001, 500_250_000],
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'spillway.delegate.failed',
    body: 'onEmit() of delegates[1] failed: TypeError: bug',
    droppedAttributesCount: 0,
  });
  expect(record.resource).toBe(FAILED.resource);
  expect(record.instrumentationScope).toBe(FAILED.instrumentationScope);
  expect(record.spanContext).toBe(FAILED.spanContext);
  expect(record.attributes).toEqual({
    'spillway.delegate.index': 1,
    'spillway.delegate.operation': 'onEmit',
    'exception.type': 'TypeError',
    'exception.message': 'bug',
    'exception.stacktrace': 'TypeError: bug\n    at onEmit',
    'spillway.failed_record.timestamp': '2023-11-14T22:13:20.000Z',
    'spillway.failed_record.severity_number': 9,
    'spillway.failed_record.severity_text': 'INFO',
    'spillway.failed_record.event_name': 'order.taken',
    'spillway.failed_record.body': 'order 7 taken',
    'spillway.failed_record.scope_name': 'checkout',
  });
});

test('a report about no record has a resource and a scope all the same, always the same', () => {
  const report: FanOutError = { delegate: 0, operation: 'forceFlush', error: { name: 'Error', message: 'bug' } };
  const origin = { epochMillis: 0, failed: undefined, latestResource: undefined };
  const [one, other] = [failureRecord(report, origin), failureRecord(report, origin)] as const;
  expect(one.resource).toBe(other.resource);
  expect(one.resource.attributes).toEqual({});
  expect(one.resource.merge(FAILED.resource)).toBe(FAILED.resource);
  expect(one.resource.merge(null)).toBe(one.resource);
  expect(one.resource.getRawAttributes()).toEqual([]);
  expect(one.instrumentationScope).toEqual({ name: '@spillway/processors' });
  expect(one.instrumentationScope).toBe(other.instrumentationScope);
  expect(one.spanContext).toBeUndefined();
  expect(failureRecord(report, { ...origin, latestResource: FAILED.resource }).resource).toBe(FAILED.resource);
});
