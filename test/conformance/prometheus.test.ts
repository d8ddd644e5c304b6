import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

import { exporterConformance } from './exporter-conformance.ts';
import { WriteSink } from './write-sink.ts';

const metrics = [{ name: 'records', type: 'counter', help: 'All records.' }] as const;

function countedBy(exporter: PrometheusLogRecordExporter): () => number {
  return () => exporter.families()[0]?.series[0]?.value ?? 0;
}

exporterConformance('PrometheusLogRecordExporter', {
  sends: false,
  create: async () => {
    const exporter = new PrometheusLogRecordExporter({ metrics, adjustedCount: false, endpoint: { port: 0 } });
    await exporter.listening();
    return { exporter, storedCount: countedBy(exporter), close: async () => {} };
  },
});

exporterConformance('PrometheusLogRecordExporter that writes and pushes', {
  sends: false,
  create: async (backend) => {
    const sink = await WriteSink.start(backend);
    const remoteWrite = { url: sink.url, backoff: { delayMillis: (): number => 5 } };
    const pushgateway = { url: sink.url, job: 'conformance', timeoutMillis: 1000 };
    const exporter = new PrometheusLogRecordExporter({ metrics, adjustedCount: false, remoteWrite, pushgateway });
    return { exporter, storedCount: countedBy(exporter), close: () => sink.close() };
  },
});
