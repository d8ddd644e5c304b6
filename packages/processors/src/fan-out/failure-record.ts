import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { LogRecordSnapshot, toHrTime } from '@spillway/core';

import type { FanOutError } from './fan-out-error.ts';
import type { LogRecordEssentials } from './record-essentials.ts';

type Resource = ReadableLogRecord['resource'];
type Attributes = ReadableLogRecord['attributes'];

const ERROR_SEVERITY = 17;
const EVENT_NAME = 'spillway.delegate.failed';
const OWN_SCOPE: ReadableLogRecord['instrumentationScope'] = { name: '@spillway/processors' };
const NO_RESOURCE: Resource = {
  attributes: {},
  merge: (other) => other ?? NO_RESOURCE,
  getRawAttributes: () => [],
};

/** `exception.*` as in the semantic conventions (1.45, read 2026-11-21); trace and span are the record's own span context. */
const ESSENTIAL_ATTRIBUTES: readonly (readonly [keyof LogRecordEssentials, string])[] = [
  ['timestamp', 'spillway.failed_record.timestamp'],
  ['severityNumber', 'spillway.failed_record.severity_number'],
  ['severityText', 'spillway.failed_record.severity_text'],
  ['eventName', 'spillway.failed_record.event_name'],
  ['body', 'spillway.failed_record.body'],
  ['scopeName', 'spillway.failed_record.scope_name'],
];

/** Where a report belongs. */
export interface ReportOrigin {
  /** When it is made, in milliseconds since the epoch. */
  readonly epochMillis: number;
  /** The record that failed, where it was one. */
  readonly failed: ReadableLogRecord | undefined;
  /** The resource of records seen before, for reports without a record of their own. */
  readonly latestResource: Resource | undefined;
}

/** A report as a log record: an ERROR of the resource, scope and span of the record that failed. */
export function failureRecord(report: FanOutError, origin: ReportOrigin): LogRecordSnapshot {
  const { delegate, operation, error, record } = report;
  const { failed, latestResource } = origin;
  const hrTime = toHrTime(origin.epochMillis);
  const { traceId, spanId } = record ?? {};
  return new LogRecordSnapshot(
    {
      hrTime,
      hrTimeObserved: hrTime,
      // What is no span context, or cannot be read, has no essentials either.
      ...(traceId !== undefined && spanId !== undefined && { spanContext: failed?.spanContext }),
      severityNumber: ERROR_SEVERITY,
      severityText: 'ERROR',
      eventName: EVENT_NAME,
      body: `${operation}() of delegates[${delegate}] failed: ${error.name}: ${error.message}`,
      resource: failed?.resource ?? latestResource ?? NO_RESOURCE,
      instrumentationScope: failed?.instrumentationScope ?? OWN_SCOPE,
      attributes: {},
      droppedAttributesCount: 0,
    } as ReadableLogRecord,
    false,
    attributesOf(report),
  );
}

function attributesOf({ delegate, operation, error, record = {} }: FanOutError): Attributes {
  const attributes: Attributes = {
    'spillway.delegate.index': delegate,
    'spillway.delegate.operation': operation,
    'exception.type': error.name,
    'exception.message': error.message,
  };
  if (error.stack !== undefined) attributes['exception.stacktrace'] = error.stack;
  for (const [essential, name] of ESSENTIAL_ATTRIBUTES) {
    const value = record[essential];
    if (value !== undefined) attributes[name] = value;
  }
  return attributes;
}
