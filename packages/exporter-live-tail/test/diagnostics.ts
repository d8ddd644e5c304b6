import { diag, DiagLogLevel } from '@opentelemetry/api';
import { onTestFinished } from 'vitest';

const ignore = (): void => {};

/** Every error and warning that is told while a test runs. */
export function captureDiagnostics(): readonly string[] {
  const messages: string[] = [];
  const keep = (...parts: unknown[]): void => void messages.push(parts.join(' '));
  diag.setLogger({ error: keep, warn: keep, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ALL);
  messages.length = 0;
  onTestFinished(() => diag.disable());
  return messages;
}
