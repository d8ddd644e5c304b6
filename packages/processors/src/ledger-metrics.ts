import type { Attributes, MeterProvider, ObservableResult } from '@opentelemetry/api';
import { type DropReason, guardMeter, type Ledger, type ThrottledDiag } from '@spillway/core';

import type { SeverityTally } from './severity-tally.ts';

/** Our own names, since the semantic conventions have none for what a processor passes on, drops or holds. */
const PREFIX = 'spillway.processor.log';
const ATTR_DROP_REASON = 'spillway.drop.reason';
const ATTR_SEVERITY = 'spillway.log.severity';
const unit = '{log_record}';

export interface LedgerMetricsOptions {
  readonly meterProvider: MeterProvider;
  readonly diag: ThrottledDiag;
  /** Attributes of all values. */
  readonly component: Attributes;
  readonly ledger: Ledger;
  /** Drops of one reason that are told apart by severity. */
  readonly tally?: { readonly reason: DropReason; readonly counts: SeverityTally };
}

type Observer = (result: ObservableResult) => void;

/**
 * The ledger of a processor as metrics. They are read when metrics are collected and cost nothing while records go
 * through. They outlive the processor, so that the last collection has what a shutdown dropped. A meter that throws
 * costs its metrics, nothing else.
 */
export function observeLedger({ meterProvider, diag, component, ledger, tally }: LedgerMetricsOptions): void {
  const total =
    (name: 'received' | 'created' | 'passed' | 'held'): Observer =>
    (result) =>
      result.observe(ledger.snapshot()[name], component);
  const dropped: Observer = (result) => {
    for (const [reason, count] of Object.entries(ledger.snapshot().dropped)) {
      const attributes = { ...component, [ATTR_DROP_REASON]: reason };
      if (reason !== tally?.reason) result.observe(count, attributes);
      else observeBySeverity(tally.counts, attributes, result);
    }
  };
  guardMeter(diag, () => {
    const meter = meterProvider.getMeter('@spillway/processors');
    const counter = (name: string, description: string, observer: Observer): void =>
      meter.createObservableCounter(`${PREFIX}.${name}`, { unit, description }).addCallback(observer);
    counter('received', 'Log records taken in', total('received'));
    counter('created', 'Log records that the processor made itself', total('created'));
    counter('passed', 'Log records handed on', total('passed'));
    counter('dropped', 'Log records dropped', dropped);
    meter
      .createObservableUpDownCounter(`${PREFIX}.held`, { unit, description: 'Log records held' })
      .addCallback(total('held'));
  });
}

function observeBySeverity(counts: SeverityTally, attributes: Attributes, result: ObservableResult): void {
  for (const [severity, count] of Object.entries(counts.snapshot())) {
    result.observe(count, { ...attributes, [ATTR_SEVERITY]: severity });
  }
}
