import { MemoryOutbox } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

/** What a page needs to send its logs to Loki: this is what is bundled and weighed. */
export const processor: HybridLogRecordProcessor = new HybridLogRecordProcessor({
  exporter: new LokiLogRecordExporter({ url: 'https://logs.example.com', outbox: new MemoryOutbox() }),
});
