import { randomBytes } from 'node:crypto';

import { type Context, isSpanContextValid, ROOT_CONTEXT, trace, TraceFlags } from '@opentelemetry/api';

const randomHex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** A new trace, as the header that announces it: https://www.w3.org/TR/trace-context/#traceparent-header (read 2026-11-21). */
export function newTraceparent(): string {
  return `00-${randomHex(16)}-${randomHex(8)}-01`;
}

/**
 * The context of a request, so that its log records carry the trace of whoever sent it. A service with the tracing SDK
 * gets this from its HTTP instrumentation; this one has no tracing, and only gives each request a span ID of its own.
 */
export function requestContext(traceparent: string | undefined): Context {
  const [, parentTraceId] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(traceparent ?? '') ?? [];
  const spanId = randomHex(8);
  const continued = { traceId: parentTraceId ?? '', spanId, traceFlags: TraceFlags.SAMPLED };
  const spanContext = isSpanContextValid(continued) ? continued : { ...continued, traceId: randomHex(16) };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}
