import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const ZEROS = /^0+$/;
/** What OTel has for no trace and no span. */
const NO_TRACE_ID = /* @__PURE__ */ '0'.repeat(32);
const NO_SPAN_ID = /* @__PURE__ */ '0'.repeat(16);
const MAX_FLAGS = 0xffff_ffff;

/** Metadata that a span context comes to. */
export interface TraceFields {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
}

/** Ids and flags; what is absent or zero is empty. An id of another form is kept as it is. Never throws. */
export function traceFields(spanContext: unknown): TraceFields {
  const none = { traceId: '', spanId: '', flags: 0 };
  if (typeof spanContext !== 'object' || spanContext === null) return none;
  try {
    const { traceId, spanId, traceFlags } = spanContext as NonNullable<ReadableLogRecord['spanContext']>;
    return { traceId: idText(traceId), spanId: idText(spanId), flags: flagsOf(traceFlags) };
  } catch {
    return none;
  }
}

/** Whether ids can be written as they are, which nearly all can. */
export function areRegularIds(traceId: string, spanId: string): boolean {
  return TRACE_ID.test(traceId) && SPAN_ID.test(spanId) && traceId !== NO_TRACE_ID && spanId !== NO_SPAN_ID;
}

/** Flags as a number that fits into 32 bits; 0 for what is none. */
export function flagsOf(flags: unknown): number {
  return typeof flags === 'number' && Number.isInteger(flags) && flags > 0 && flags <= MAX_FLAGS ? flags : 0;
}

function idText(id: unknown): string {
  if (typeof id !== 'string' || ZEROS.test(id)) return '';
  const lower = id.toLowerCase();
  return TRACE_ID.test(lower) || SPAN_ID.test(lower) ? lower : id;
}
