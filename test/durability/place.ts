import { fileOutbox, workerDelivery } from '@spillway/delivery';
import type { LokiLogRecordExporterOptions } from '@spillway/exporter-loki';

/** Where an application holds its payloads, and which of its threads sends them. */
export type Place = 'memory' | 'memory of a worker' | 'file of a worker' | 'file of the thread that logs';

/** Options of an exporter that holds its payloads there. */
export function placeOptions(place: Place, directory: string): LokiLogRecordExporterOptions {
  if (place === 'memory') return {};
  if (place === 'memory of a worker') return { worker: workerDelivery() };
  return { outbox: fileOutbox({ directory, inline: place === 'file of the thread that logs' }) };
}
