import { PagerDutyLogRecordExporter } from '@spillway/exporter-pagerduty';

import { ROUTING_KEY } from '../pagerduty/event-client.ts';
import { exporterConformance } from './exporter-conformance.ts';
import { WriteSink } from './write-sink.ts';

exporterConformance('PagerDutyLogRecordExporter', {
  sends: false,
  create: async (backend) => {
    const sink = await WriteSink.start(backend);
    const rules = [{ name: 'all', when: { minSeverity: 1 }, fingerprint: 'none' }] as const;
    const exporter = new PagerDutyLogRecordExporter({ routingKey: ROUTING_KEY, url: sink.url, rules, random: () => 0 });
    return { exporter, storedCount: () => exporter.stats().passed, close: () => sink.close() };
  },
});
