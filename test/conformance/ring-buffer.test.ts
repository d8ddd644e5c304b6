import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { RingBufferLogRecordProcessor } from '@spillway/processors';

import { processorConformance } from './processor-conformance.ts';

/** Takes what no trigger has released, and wants nothing of its own accord. */
const idle = (): LogRecordProcessor => ({
  onEmit: () => {},
  enabled: () => false,
  forceFlush: async () => {},
  shutdown: async () => {},
});

processorConformance('RingBufferLogRecordProcessor', {
  create: (delegate) => new RingBufferLogRecordProcessor({ delegate }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor with a way for what is not released', {
  create: (delegate) => new RingBufferLogRecordProcessor({ delegate, untriggered: idle() }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor whose delegate gets everything', {
  create: (delegate) => new RingBufferLogRecordProcessor({ delegate, untriggered: delegate }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor that keeps copies', {
  create: (delegate) => new RingBufferLogRecordProcessor({ delegate, mode: 'copy' }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor with tiny bounds', {
  create: (delegate) =>
    new RingBufferLogRecordProcessor({
      delegate,
      ttlMillis: 1,
      passThroughMillis: 1,
      maxRecords: 1,
      maxBytes: 1000,
      maxRecordsPerScope: 1,
      maxBytesPerScope: 500,
      maxScopes: 1,
    }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor that keeps few copies', {
  create: (delegate) => new RingBufferLogRecordProcessor({ delegate, mode: 'copy', maxRecords: 1, ttlMillis: 1 }),
  downstreamIs: 'delegate',
});

processorConformance('RingBufferLogRecordProcessor in which every record is a trigger', {
  create: (delegate) =>
    new RingBufferLogRecordProcessor({
      delegate,
      holdBelowSeverity: 25,
      triggerMinSeverity: Infinity,
      isTrigger: () => true,
    }),
  downstreamIs: 'delegate',
});
