import { BatchLogRecordProcessor, LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { Delivery } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { memoryBytes } from './memory.ts';
import { recordOf } from './records.ts';
import { printTable } from './table.ts';

/**
 * What 100,000 records cost while their backend is away: run with `--expose-gc`, prints a table.
 * The SDK's processor holds them as objects behind an export that does not end, which is how it waits out an outage.
 */
const RECORDS = 100_000;
const PER_TURN = 1000;
const MIB = 2 ** 20;

/** Emits everything and returns the memory that it took, in bytes. */
async function hold(processor: LogRecordProcessor, isSettled: () => boolean): Promise<number> {
  const resource = resourceFromAttributes({ 'service.name': 'bench', 'service.version': '1.0.0' });
  const logger = new LoggerProvider({ resource, processors: [processor] }).getLogger('bench');
  const emit = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      logger.emit(recordOf(index));
      if (index % PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    while (!isSettled()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  // Compiled code and prepared texts are there once, however much is held.
  await emit(RECORDS / 2);
  const before = memoryBytes();
  await emit(RECORDS);
  return memoryBytes() - before;
}

const delivery = new Delivery();
const exporter = new LokiLogRecordExporter({
  url: 'http://127.0.0.1:9',
  delivery,
  fetch: () => Promise.reject(new TypeError('refused')),
});
const hybrid = new HybridLogRecordProcessor({ exporter });
const oursBytes = await hold(hybrid, () => delivery.stats().requestsInFlight === 0 && hybrid.stats().held === 0);
const outboxBytes = (delivery.stats().outboxBytes / exporter.stats().held) * RECORDS;

const sdk = new BatchLogRecordProcessor({
  exporter: { export: () => {}, shutdown: () => Promise.resolve(), forceFlush: () => Promise.resolve() },
  maxQueueSize: 2 * RECORDS,
});
const sdkBytes = await hold(sdk, () => true);

const held = [
  ['spillway, in the outbox (as its limit counts)', outboxBytes],
  ['spillway, all memory that holding them takes', oursBytes],
  ['SDK batch processor, records as objects', sdkBytes],
] as const;
printTable(
  ['100,000 records held', 'memory MiB', 'bytes per record', 'records per MiB'],
  held.map(([name, bytes]) => {
    const perMiB = Math.round((RECORDS / bytes) * MIB).toLocaleString('en');
    return [name, (bytes / MIB).toFixed(1), (bytes / RECORDS).toFixed(0), perMiB];
  }),
);
process.exit(0);
