/** One rank for each severity number of the OpenTelemetry logs data model, 1 to 24; 0 is left free. */
export const RANK_COUNT = 25;

/** INFO: most records without a severity are ordinary lines of a bridge that sets none. */
const UNSPECIFIED_RANK = 9;

/**
 * The rank of a severity number: itself, where it is one. Without a severity (`undefined`, 0, anything below 1) a record
 * ranks as INFO: above DEBUG, below WARN. What is above 24 ranks as 24.
 *
 * @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber (read 2026-11-21)
 */
export function rankOfSeverity(severity: number | undefined): number {
  if (severity === undefined || !(severity >= 1)) return UNSPECIFIED_RANK;
  return severity < RANK_COUNT ? Math.trunc(severity) : RANK_COUNT - 1;
}
