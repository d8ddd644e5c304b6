import { callSafely } from './call-safely.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

/** Asks something of the application's meter: one that throws costs its metrics, nothing else. */
export function guardMeter(diag: ThrottledDiag, operation: () => void): void {
  callSafely(operation, (error) => diag.error('metrics', 'The meter of selfObsMeterProvider threw', error));
}
