import type { MeterProvider } from '@opentelemetry/api';
import { componentAttributes, type Ledger, type ThrottledDiag } from '@spillway/core';

/** Name of OpenTelemetry's semantic conventions 1.45 for exporters, and ours for what they have none for. */
const EXPORTED = 'otel.sdk.exporter.log.exported';
const DROPPED = 'spillway.exporter.log.dropped';
const COMPONENT_TYPE = 'PrometheusLogRecordExporter';
const unit = '{log_record}';

/** The exporter's ledger as metrics, read when they are collected. A meter that throws costs its metrics, nothing else. */
export function observeLedger(meterProvider: MeterProvider, ledger: Ledger, diag: ThrottledDiag): void {
  const component = componentAttributes(COMPONENT_TYPE);
  try {
    const meter = meterProvider.getMeter('@spillway/exporter-prometheus');
    meter.createObservableCounter(EXPORTED, { unit }).addCallback((result) => {
      const { passed, dropped } = ledger.snapshot();
      result.observe(passed, component);
      for (const [reason, count] of Object.entries(dropped)) {
        result.observe(count, { ...component, 'error.type': reason });
      }
    });
    meter.createObservableCounter(DROPPED, { unit }).addCallback((result) => {
      for (const [reason, count] of Object.entries(ledger.snapshot().dropped)) {
        result.observe(count, { ...component, reason });
      }
    });
  } catch (error) {
    diag.error('metrics', 'The meter of selfObsMeterProvider threw', error);
  }
}
