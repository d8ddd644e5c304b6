import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

/**
 * A record as a plain object, all of whose fields are its own: handlers spread it and turn it into JSON. Its times
 * and its table of attributes are copies, so that what one handler changes there the others do not see.
 */
export function plainRecord(record: ReadableLogRecord): ReadableLogRecord {
  const { spanContext, eventName } = record;
  return {
    hrTime: [record.hrTime[0], record.hrTime[1]],
    hrTimeObserved: [record.hrTimeObserved[0], record.hrTimeObserved[1]],
    ...(spanContext !== undefined && { spanContext }),
    ...(eventName !== undefined && { eventName }),
    severityText: record.severityText,
    severityNumber: record.severityNumber,
    body: record.body,
    resource: record.resource,
    instrumentationScope: record.instrumentationScope,
    attributes: { ...record.attributes },
    droppedAttributesCount: record.droppedAttributesCount,
  } as ReadableLogRecord;
}
