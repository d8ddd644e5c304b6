import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

const RESOURCE = { attributes: { 'service.name': 'orders' } };

/** A record as an exporter gets it. */
export function logRecord(fields: object = {}): ReadableLogRecord {
  return {
    hrTime: [1_700_000_000, 123_456_789],
    hrTimeObserved: [1_700_000_001, 0],
    attributes: {},
    resource: RESOURCE,
    instrumentationScope: { name: 'scope' },
    droppedAttributesCount: 0,
    ...fields,
  } as unknown as ReadableLogRecord;
}

/** Records whose bodies count from 0. */
export function numbered(count: number, pad = 0): ReadableLogRecord[] {
  return Array.from({ length: count }, (_, index) => logRecord({ body: `record ${index}`.padEnd(pad, '.') }));
}
