import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

export interface RecordFields {
  readonly attributes?: unknown;
  readonly resource?: Record<string, unknown>;
  readonly scope?: string;
  readonly severityNumber?: unknown;
  readonly eventName?: unknown;
  readonly body?: unknown;
  readonly spanContext?: unknown;
  readonly hrTime?: unknown;
}

/** 2023-11-14T22:13:20Z. */
export const SECONDS = 1_700_000_000;

/** A record as an exporter gets it: an ERROR of the scope `scope`. */
export function logRecord(fields: RecordFields = {}): ReadableLogRecord {
  const {
    resource = {},
    scope = 'scope',
    hrTime = [SECONDS, 0],
    attributes = {},
    severityNumber = 17,
    ...others
  } = fields;
  return {
    ...others,
    severityNumber,
    hrTime,
    hrTimeObserved: [SECONDS, 0],
    attributes,
    resource: { attributes: resource },
    instrumentationScope: { name: scope },
    droppedAttributesCount: 0,
  } as unknown as ReadableLogRecord;
}
