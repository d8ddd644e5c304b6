import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { Exemplar } from './family-snapshot.ts';

const HEXADECIMAL = /^[0-9a-f]+$/;
/** What OpenTelemetry has for no trace and no span. */
const NO_TRACE_ID = '0'.repeat(32);
const NO_SPAN_ID = '0'.repeat(16);

/** What can make a record an exemplar. */
export interface ExemplarSource {
  traceId: string;
  spanId: string;
  readonly timestampMillis: number;
  /** Whether the ids are texts of their own, and no parts of longer ones. */
  isOwn: boolean;
}

/** Trace, span and time of a record that has them all. Never throws. */
export function exemplarSource(record: ReadableLogRecord): ExemplarSource | undefined {
  try {
    const { spanContext } = record;
    if (spanContext === undefined || spanContext === null) return undefined;
    const { traceId, spanId } = spanContext;
    if (!isId(traceId, NO_TRACE_ID) || !isId(spanId, NO_SPAN_ID)) return undefined;
    const { hrTime } = record;
    const timestampMillis = Math.floor(hrTime[0] * 1e3 + hrTime[1] / 1e6);
    return Number.isSafeInteger(timestampMillis) && timestampMillis > 0
      ? { traceId, spanId, timestampMillis, isOwn: false }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The exemplar: its names and values have 63 of the 128 characters that OpenMetrics allows. Only here, at a scrape, the ids
 * are read digit by digit, and copied: for each record that would cost as much as counting it.
 */
export function toExemplar(source: ExemplarSource | undefined, value: number): Exemplar | undefined {
  if (source === undefined) return undefined;
  if (!source.isOwn) own(source);
  const { traceId, spanId, timestampMillis } = source;
  if (!HEXADECIMAL.test(traceId) || !HEXADECIMAL.test(spanId)) return undefined;
  return {
    labels: [
      ['span_id', spanId],
      ['trace_id', traceId],
    ],
    value,
    timestampMillis,
  };
}

/** An id is often a part of a header or a message, all of which it would keep in memory until the next one comes. */
function own(source: ExemplarSource): void {
  source.traceId = Buffer.from(source.traceId).toString();
  source.spanId = Buffer.from(source.spanId).toString();
  source.isOwn = true;
}

function isId(id: unknown, none: string): id is string {
  return typeof id === 'string' && id.length === none.length && id !== none;
}
