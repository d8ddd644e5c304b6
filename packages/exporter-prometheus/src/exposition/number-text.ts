/** A number as a sample of both formats has it. */
export function numberText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Below this and from that exponent on, Go writes numbers with one. */
const MIN_PLAIN_EXPONENT = -4;
const MIN_LARGE_EXPONENT = 6;

/**
 * An upper bound as the label `le` has it: `1.0`, `0.25`, `1e+06`, `+Inf`. It is part of what identifies a series, so that it
 * is the same whatever the way to Prometheus: the form that OpenMetrics asks for, and that Prometheus 3 turns others into.
 *
 * @see https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#considerations-canonical-numbers (read 2026-11-21)
 */
export function boundText(bound: number): string {
  if (bound === Infinity) return '+Inf';
  const [digits, exponentText] = bound.toExponential().split('e') as [string, string];
  const exponent = Number(exponentText);
  if (exponent >= MIN_PLAIN_EXPONENT && exponent < MIN_LARGE_EXPONENT) {
    return Number.isInteger(bound) ? `${bound}.0` : String(bound);
  }
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
