import { LokiLogRecordExporter } from '@spillway/exporter-loki';

import { GENEROUS_LIMITS } from '../e2e/pipeline.ts';
import { type FaultPlan, LokiStandIn } from '../loki/index.ts';
import { type BackendKind, exporterConformance } from './exporter-conformance.ts';

const FAULTS: Partial<Record<BackendKind, FaultPlan>> = {
  flaky: ({ index }) => (index % 2 === 0 ? { kind: 'status', status: 503 } : undefined),
  silent: () => ({ kind: 'hang' }),
};

exporterConformance('LokiLogRecordExporter', {
  create: async (backend) => {
    const loki = new LokiStandIn(GENEROUS_LIMITS);
    await loki.start();
    loki.setFault(FAULTS[backend]);
    if (backend === 'refusing') await loki.refuseConnections();
    const exporter = new LokiLogRecordExporter({ url: loki.url, backoff: { delayMillis: () => 5 } });
    return { exporter, storedCount: () => loki.entries().length, close: () => loki.close() };
  },
});
