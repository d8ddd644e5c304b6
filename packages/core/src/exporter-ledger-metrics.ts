import type { Attributes, Meter, MeterProvider } from '@opentelemetry/api';

import { componentAttributes } from './component-attributes.ts';
import type { Ledger } from './ledger.ts';
import { guardMeter } from './meter-guard.ts';
import type { ThrottledDiag } from './throttled-diag.ts';

/** Name of OpenTelemetry's semantic conventions 1.45 for exporters, and ours for what they have none for. */
const EXPORTED = 'otel.sdk.exporter.log.exported';
const DROPPED = 'spillway.exporter.log.dropped';
const unit = '{log_record}';

/** Which exporter a ledger belongs to. */
export interface ExporterIdentity {
  /** Name of its package, such as `@spillway/exporter-prometheus`. */
  readonly namespace: string;
  /** Value of the metric attribute `otel.component.type`. */
  readonly componentType: string;
}

/**
 * An exporter's ledger as metrics, read when they are collected. A meter that throws costs its metrics, nothing else.
 * @param addMore makes more metrics of the exporter; all their values have these attributes
 */
export function observeExporterLedger(
  meterProvider: MeterProvider,
  { namespace, componentType }: ExporterIdentity,
  ledger: Ledger,
  diag: ThrottledDiag,
  addMore?: (meter: Meter, component: Attributes) => void,
): void {
  const component = componentAttributes(componentType);
  guardMeter(diag, () => {
    const meter = meterProvider.getMeter(namespace);
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
    addMore?.(meter, component);
  });
}
