import type { LogRecord } from '@opentelemetry/api';
import { checkOneOf, lowestSeverity, SEVERITY_NAMES } from '@spillway/core';

type SeverityNumber = NonNullable<LogRecord['severityNumber']>;

/** From the least to the most severe. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** What a level is in a record. */
export interface Severity {
  readonly severityNumber: SeverityNumber;
  /** Such as `INFO`. */
  readonly severityText: string;
}

/** One object for each level: it is also what a provider is asked about, which then costs no object each time. */
export const SEVERITIES: Readonly<Record<LogLevel, Severity>> = Object.fromEntries(
  SEVERITY_NAMES.map((name) => [
    name.toLowerCase(),
    Object.freeze({ severityNumber: lowestSeverity(name), severityText: name }),
  ]),
) as Record<LogLevel, Severity>;

const LEVELS = Object.keys(SEVERITIES) as LogLevel[];

/** Run time never throws: what is no level counts as `info`, as a record without a severity does. */
export function severityOf(level: LogLevel): Severity {
  return typeof level === 'string' && Object.hasOwn(SEVERITIES, level) ? SEVERITIES[level] : SEVERITIES.info;
}

/** Returns `value` if it is a level, else throws. */
export function checkLevel(field: string, value: unknown): LogLevel {
  return checkOneOf(field, value, LEVELS);
}
