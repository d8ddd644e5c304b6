import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { isTracingSuppressed, withTracingSuppressed } from '@spillway/core';

/** How many calls of exporters and diagnostics are on the stack now. */
let depth = 0;

/**
 * Runs what may log because of our own sending. What it logs before it returns is recognized even where the application
 * has no context manager, without which a context ends with the call that set it.
 */
export function asOwnSending<T>(operation: () => T): T {
  depth += 1;
  try {
    return withTracingSuppressed(operation);
  } finally {
    depth -= 1;
  }
}

/** Whether a record emitted now, in this context, is caused by our own sending. */
export function isOwnSending(emitContext: Context): boolean {
  if (depth > 0) return true;
  // Where nothing is traced every record comes in the root context, which holds nothing.
  return emitContext !== ROOT_CONTEXT && isTracingSuppressed(emitContext);
}
