import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

export interface RecordFields {
  readonly attributes?: object;
  readonly resource?: object;
  readonly severityNumber?: unknown;
  readonly eventName?: unknown;
  readonly body?: unknown;
}

/** A record as an exporter gets it: of severity FATAL, and of the service `checkout`. */
export function logRecord(fields: RecordFields = {}): ReadableLogRecord {
  const { attributes = {}, resource = { 'service.name': 'checkout' }, ...others } = fields;
  return {
    severityNumber: 21,
    hrTime: [1_700_000_000, 0],
    hrTimeObserved: [1_700_000_000, 0],
    attributes,
    resource: { attributes: resource },
    instrumentationScope: { name: 'scope' },
    droppedAttributesCount: 0,
    ...others,
  } as unknown as ReadableLogRecord;
}

/** Throws whatever is read of it. */
export const unreadable: object = new Proxy(
  {},
  {
    get: () => {
      throw new Error('unreadable');
    },
  },
);
