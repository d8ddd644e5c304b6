import { diag, DiagLogLevel } from '@opentelemetry/api';
import { onTestFinished } from 'vitest';

/** Everything that is said to OTel's diagnostics until the end of the test, one line each. */
export function collectDiag(): string[] {
  const lines: string[] = [];
  const say =
    (level: string) =>
    (...parts: unknown[]): void =>
      void lines.push([level, ...parts].join(' '));
  const logger = {
    error: say('error'),
    warn: say('warn'),
    info: say('info'),
    debug: say('debug'),
    verbose: say('verbose'),
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  onTestFinished(() => {
    diag.disable();
  });
  return lines;
}
