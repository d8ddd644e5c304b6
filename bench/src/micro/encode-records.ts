import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { recordOf } from '../records.ts';

/** Records emitted within one millisecond at a rate of about 20,000 a second. */
const RECORDS_PER_MILLI = 20;

/** The records of the comparison, as an exporter gets them from the SDK of a service. */
export function makeRecords(count: number, nowMillis: number): ReadableLogRecord[] {
  const resource = {
    attributes: {
      'service.name': 'checkout',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
      'telemetry.sdk.version': '3.1.1',
    },
  } as unknown as ReadableLogRecord['resource'];
  const instrumentationScope = { name: 'checkout-http' };
  return Array.from({ length: count }, (_, index): ReadableLogRecord => {
    const millis = nowMillis - 1000 + Math.floor(index / RECORDS_PER_MILLI);
    const hrTime: [number, number] = [Math.floor(millis / 1000), (millis % 1000) * 1_000_000];
    const { body, attributes = {}, severityNumber, severityText } = recordOf(index);
    return {
      hrTime,
      hrTimeObserved: [...hrTime],
      severityNumber,
      severityText,
      body,
      resource,
      instrumentationScope,
      attributes,
      droppedAttributesCount: 0,
    } as ReadableLogRecord;
  });
}

/** Moves records in time, by whole seconds. */
export function laterBy(records: readonly ReadableLogRecord[], millis: number): void {
  for (const { hrTime, hrTimeObserved } of records) {
    hrTime[0] += millis / 1000;
    hrTimeObserved[0] += millis / 1000;
  }
}
