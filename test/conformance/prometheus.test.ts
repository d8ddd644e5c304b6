import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

import { exporterConformance } from './exporter-conformance.ts';

exporterConformance('PrometheusLogRecordExporter', {
  sends: false,
  create: async () => {
    const metrics = [{ name: 'records', type: 'counter', help: 'All records.' }] as const;
    const exporter = new PrometheusLogRecordExporter({ metrics, adjustedCount: false, endpoint: { port: 0 } });
    await exporter.listening();
    const storedCount = (): number => exporter.families()[0]?.series[0]?.value ?? 0;
    return { exporter, storedCount, close: async () => {} };
  },
});
