import { diag, DiagLogLevel, type DiagLogger } from '@opentelemetry/api';

/** Shows what OpenTelemetry components, Spillway's among them, say about themselves: warnings, errors, and their end. */
export function showDiagnostics(show: (text: string) => void): void {
  const say: DiagLogger['info'] = (...parts) => show(parts.map(String).join(' '));
  diag.setLogger({ error: say, warn: say, info: say, debug: say, verbose: say }, DiagLogLevel.INFO);
}
