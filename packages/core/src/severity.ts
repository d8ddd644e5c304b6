/** The ranges that the OpenTelemetry logs data model names: TRACE is 1 to 4, DEBUG 5 to 8, and so on up to FATAL, 21 to 24. */
export const SEVERITY_NAMES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** The name of a range of four severity numbers. */
export type SeverityName = (typeof SEVERITY_NAMES)[number];

/** Severity numbers in a range. */
export const NUMBERS_PER_NAME = 4;
/** The highest severity number, that of FATAL4. */
export const MAX_SEVERITY: number = SEVERITY_NAMES.length * NUMBERS_PER_NAME;

/** INFO: most records without a severity are ordinary lines of a bridge that sets none. */
const UNSPECIFIED_COUNTS_AS = 9;

/**
 * What a severity number counts as where severities are compared: itself, 1 to 24, where it is one. Without a severity
 * (`undefined`, 0, anything that is no number from 1) a record counts as INFO: above DEBUG, below WARN. What is above 24
 * counts as 24.
 *
 * @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber (read 2026-11-21)
 */
export function effectiveSeverity(severityNumber: unknown): number {
  if (typeof severityNumber !== 'number' || !(severityNumber >= 1)) return UNSPECIFIED_COUNTS_AS;
  return severityNumber < MAX_SEVERITY ? Math.trunc(severityNumber) : MAX_SEVERITY;
}

/** Position in {@link SEVERITY_NAMES} of the range that a severity number counts to: a shift, since records wait for it. */
export function severityIndex(severityNumber: unknown): number {
  return (effectiveSeverity(severityNumber) - 1) >> 2;
}

/** Lowest severity number of a range. */
export function lowestSeverity(name: SeverityName): number {
  return SEVERITY_NAMES.indexOf(name) * NUMBERS_PER_NAME + 1;
}
