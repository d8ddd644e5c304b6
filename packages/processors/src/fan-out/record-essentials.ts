import type { ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { cutText } from '@spillway/core';

import { boundedText } from '../decorator/bounded-text.ts';

/** What tells a log record from others. What it does not have, or what cannot be read, is absent. */
export interface LogRecordEssentials {
  /** Its own time, as ISO 8601 text in UTC. */
  readonly timestamp?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly eventName?: string;
  /** The beginning of its body: up to 256 characters of a text, or of the JSON of anything else. */
  readonly body?: string;
  /** Name of its instrumentation scope. */
  readonly scopeName?: string;
  readonly traceId?: string;
  readonly spanId?: string;
}

const MAX_CHARACTERS = 256;

/** Reads the essentials of a record, which may be anybody's object. Never throws. */
export function recordEssentials(record: ReadableLogRecord | ReadWriteLogRecord): LogRecordEssentials {
  return withoutUndefined({
    timestamp: tryTo(() => isoTime(record.hrTime)),
    severityNumber: tryTo(() => (typeof record.severityNumber === 'number' ? record.severityNumber : undefined)),
    severityText: tryTo(() => shortText(record.severityText)),
    eventName: tryTo(() => shortText(record.eventName)),
    body: tryTo(() => (record.body === undefined ? undefined : boundedText(record.body, MAX_CHARACTERS))),
    scopeName: tryTo(() => shortText(record.instrumentationScope.name)),
    traceId: tryTo(() => shortText(record.spanContext?.traceId)),
    spanId: tryTo(() => shortText(record.spanContext?.spanId)),
  });
}

function isoTime([seconds, nanos]: ReadableLogRecord['hrTime']): string {
  return new Date(seconds * 1000 + nanos / 1e6).toISOString();
}

function shortText(value: unknown): string | undefined {
  return typeof value === 'string' ? cutText(value, MAX_CHARACTERS) : undefined;
}

function tryTo<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

type Optional<T> = { readonly [Key in keyof T]: T[Key] | undefined };

function withoutUndefined(fields: Optional<Required<LogRecordEssentials>>): LogRecordEssentials {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
