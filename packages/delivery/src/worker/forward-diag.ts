import type { DiagLogger } from '@opentelemetry/api';

import type { EventQueue } from './event-queue.ts';
import type { DiagLevel } from './messages.ts';

/** A diagnostics logger whose messages appear on the other thread, where the application has set one. */
export function forwardDiag(events: EventQueue): DiagLogger {
  const forward =
    (level: DiagLevel) =>
    (...texts: unknown[]): void =>
      events.add({ kind: 'diag', level, texts: texts.map(String) });
  return {
    error: forward('error'),
    warn: forward('warn'),
    info: forward('info'),
    debug: forward('debug'),
    verbose: forward('verbose'),
  };
}
