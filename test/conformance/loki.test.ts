import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { fileOutbox, workerDelivery } from '@spillway/delivery';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';

import { GENEROUS_LIMITS } from '../e2e/pipeline.ts';
import { type FaultPlan, LokiStandIn } from '../loki/index.ts';
import { type BackendKind, exporterConformance } from './exporter-conformance.ts';

const FAULTS: Partial<Record<BackendKind, FaultPlan>> = {
  flaky: ({ index }) => (index % 2 === 0 ? { kind: 'status', status: 503 } : undefined),
  silent: () => ({ kind: 'hang' }),
};

const WAYS: Readonly<Record<string, (directory: string) => LokiLogRecordExporterOptions>> = {
  'on the thread that logs': () => ({}),
  'through a worker': () => ({ worker: workerDelivery() }),
  'through a file that a worker writes': (directory) => ({ outbox: fileOutbox({ directory }) }),
  'through a file of the thread that logs': (directory) => ({ outbox: fileOutbox({ directory, inline: true }) }),
};

for (const [way, options] of Object.entries(WAYS)) {
  exporterConformance(`LokiLogRecordExporter ${way}`, {
    outlives: way.includes('file'),
    create: async (backend) => {
      const loki = new LokiStandIn(GENEROUS_LIMITS);
      await loki.start();
      loki.setFault(FAULTS[backend]);
      if (backend === 'refusing') await loki.refuseConnections();
      const folder = mkdtempSync(join(tmpdir(), 'spillway-loki-'));
      const directory = join(folder, 'outbox');
      const exporter = new LokiLogRecordExporter({
        url: loki.url,
        backoff: { delayMillis: () => 5 },
        ...options(directory),
      });
      const close = async (): Promise<void> => {
        await loki.close();
        rmSync(folder, { recursive: true });
      };
      return { exporter, storedCount: () => loki.entries().length, close };
    },
  });
}
