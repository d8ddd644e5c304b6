import type { MeterProvider } from '@opentelemetry/api';
import { type Ledger, observeExporterLedger, type ThrottledDiag } from '@spillway/core';

import type { TailClients } from './clients/tail-clients.ts';

const IDENTITY = { namespace: '@spillway/exporter-live-tail', componentType: 'LiveTailLogRecordExporter' };
const CONNECTED = 'spillway.live_tail.clients';
const DROPPED = 'spillway.live_tail.client.dropped';

/** The exporter's metrics: the account of records, how many clients there are, and how many records those missed. */
export function observeLiveTail(
  meterProvider: MeterProvider | undefined,
  ledger: Ledger,
  clients: TailClients,
  diag: ThrottledDiag,
): void {
  if (meterProvider === undefined) return;
  observeExporterLedger(meterProvider, IDENTITY, ledger, diag, (meter, component) => {
    meter
      .createObservableUpDownCounter(CONNECTED, { unit: '{client}' })
      .addCallback((result) => result.observe(clients.stats().connected, component));
    meter
      .createObservableCounter(DROPPED, { unit: '{log_record}' })
      .addCallback((result) => result.observe(clients.stats().dropped, component));
  });
}
