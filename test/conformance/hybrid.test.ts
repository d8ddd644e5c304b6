import { HybridLogRecordProcessor } from '@spillway/processors';

import { processorConformance } from './processor-conformance.ts';

processorConformance('HybridLogRecordProcessor', {
  create: (exporter) => new HybridLogRecordProcessor({ exporter }),
  downstreamIs: 'exporter',
});

processorConformance('HybridLogRecordProcessor with a single slot', {
  create: (exporter) => new HybridLogRecordProcessor({ exporter, maxConcurrentExports: 1, maxExportBatchSize: 50 }),
  downstreamIs: 'exporter',
});

processorConformance('HybridLogRecordProcessor without an immediate lane', {
  create: (exporter) => new HybridLogRecordProcessor({ exporter, immediateMinSeverity: Infinity, snapshot: 'none' }),
  downstreamIs: 'exporter',
});
