import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { Exemplar } from './family-snapshot.ts';

const HEXADECIMAL = /^[0-9a-f]+$/;
/** What OpenTelemetry has for no trace and no span. */
const NO_TRACE_ID = '0'.repeat(32);
const NO_SPAN_ID = '0'.repeat(16);

/** What can make a record an exemplar. */
export interface ExemplarSource {
  readonly traceId: string;
  readonly spanId: string;
  readonly timestampMillis: number;
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
      ? { traceId, spanId, timestampMillis }
      : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The exemplar: its names and values have 63 of the 128 characters that OpenMetrics allows. Only here, at a scrape, the ids
 * are read digit by digit: for each record that would cost as much as counting it, and the SDK has only valid ones.
 */
export function toExemplar(source: ExemplarSource | undefined, value: number): Exemplar | undefined {
  if (source === undefined) return undefined;
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

function isId(id: unknown, none: string): id is string {
  return typeof id === 'string' && id.length === none.length && id !== none;
}
