import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

export interface RecordFields {
  readonly attributes?: Record<string, unknown>;
  readonly resource?: Record<string, unknown>;
  readonly scope?: string;
  readonly severityNumber?: number;
  readonly eventName?: string;
  readonly body?: unknown;
  readonly spanContext?: unknown;
  readonly hrTime?: readonly [number, number];
}

/** A record as an exporter gets it: of no severity, and of the scope `scope`. */
export function logRecord(fields: RecordFields = {}): ReadableLogRecord {
  const { attributes = {}, resource = {}, scope = 'scope', hrTime = [1_700_000_000, 0], ...others } = fields;
  return {
    ...others,
    hrTime,
    hrTimeObserved: hrTime,
    attributes,
    resource: { attributes: resource },
    instrumentationScope: { name: scope },
    droppedAttributesCount: 0,
  } as unknown as ReadableLogRecord;
}
