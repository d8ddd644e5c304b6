import type { SpanContext } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { METHODS, STATUSES } from './records.ts';

/** When records are from, in seconds since 1970. */
export const START_SECONDS = 1_795_224_243;

type Fields = Partial<ReadableLogRecord> & Pick<ReadableLogRecord, 'attributes'>;

/** Records that count in the first metric only, each in a series of its own: a counter by route and status. */
export function recordsOfCounter(series: number): ReadableLogRecord[] {
  return Array.from({ length: series }, (_, index) =>
    plainRecord(index, {
      spanContext: spanOf(index),
      eventName: 'http.request',
      attributes: {
        'http.route': `/api/v1/orders/:id/parts-${index >> 2}`,
        'http.response.status_code': STATUSES[index & 3],
      },
    }),
  );
}

/** Records that count in the third metric only, each in a series of its own: a histogram by method and route. */
export function recordsOfHistogram(series: number): ReadableLogRecord[] {
  return Array.from({ length: series }, (_, index) =>
    plainRecord(index, {
      spanContext: spanOf(index),
      instrumentationScope: { name: 'http' },
      attributes: {
        'http.route': `/api/v1/orders/:id/parts-${index >> 2}`,
        'http.request.method': METHODS[index & 3],
        duration: ((index * 7919) % 1000) / 400,
      },
    }),
  );
}

/** A record of no trace that counts in the second metric only, by a tenant whom no other record has. */
export function recordOfTenant(index: number): ReadableLogRecord {
  return plainRecord(index, { attributes: { tenant: Buffer.from(`tenant-${index}`).toString('latin1') } });
}

function spanOf(index: number): SpanContext {
  return { traceId: (index + 1).toString(16).padStart(32, 'a'), spanId: '00f067aa0ba902b7', traceFlags: 1 };
}

function plainRecord(index: number, fields: Fields): ReadableLogRecord {
  return {
    hrTime: [START_SECONDS, index],
    hrTimeObserved: [START_SECONDS, index],
    severityNumber: 9,
    instrumentationScope: { name: 'bench' },
    resource: { attributes: {} } as ReadableLogRecord['resource'],
    droppedAttributesCount: 0,
    ...fields,
  };
}
