import { type Context, context, createContextKey } from '@opentelemetry/api';

/**
 * The key that the SDK's own `suppressTracing` uses. Context keys made from equal text are the same symbol,
 * so this works with every copy of `@opentelemetry/core`, without depending on one.
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/opentelemetry-core/src/trace/suppress-tracing.ts (read 2026-11-21)
 */
const SUPPRESS_TRACING_KEY = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Whether what happens in this context is caused by telemetry's own sending. */
export function isTracingSuppressed(active: Context): boolean {
  return active.getValue(SUPPRESS_TRACING_KEY) === true;
}

/** Runs `operation` marked as our own sending: no spans, and no log records of it come back to us. */
export function withTracingSuppressed<T>(operation: () => T): T {
  return context.with(context.active().setValue(SUPPRESS_TRACING_KEY, true), operation);
}
