import type { ResolvedMetricRule } from '../rules/resolve-metric-rule.ts';

/**
 * `@opentelemetry/exporter-prometheus` makes one `_` of `:` and of several `_`, refuses a `_` alone, and appends no `_total`
 * to a family whose name ends so already.
 */
const REWRITTEN_METRIC = /:|__|_total$|^_$/;
const REWRITTEN_LABEL = /__/;
/** Labels that it adds to each series. */
const ADDED_LABELS: ReadonlySet<string> = new Set(['otel_scope_name', 'otel_scope_version', 'otel_scope_schema_url']);

/**
 * A name that is rewritten is not ours any more, and two that become one make Prometheus refuse the whole scrape.
 * @see https://github.com/open-telemetry/opentelemetry-js/blob/main/packages/exporter-prometheus/src/PrometheusSerializer.ts (0.301, read 2026-11-21)
 * @throws RangeError naming the metric or the label that OpenTelemetry's exporter for Prometheus could not print as it is.
 */
export function checkOtelNames(metrics: readonly ResolvedMetricRule[]): void {
  for (const { name, labels } of metrics) {
    if (REWRITTEN_METRIC.test(name)) throw new RangeError(`OpenTelemetry would print another name than \`${name}\`.`);
    for (const label of labels) {
      if (REWRITTEN_LABEL.test(label.name)) {
        throw new RangeError(`OpenTelemetry would print another label than \`${label.name}\` of \`${name}\`.`);
      }
      if (ADDED_LABELS.has(label.name)) {
        throw new RangeError(`OpenTelemetry adds a label \`${label.name}\` of its own to \`${name}\`.`);
      }
    }
  }
}
