import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { FanOutLogRecordProcessor } from '@spillway/processors';

import { processorConformance } from './processor-conformance.ts';

/** A sibling of the downstream that takes everything, and wants nothing of its own accord. */
const idle = (): LogRecordProcessor => ({
  onEmit: () => {},
  enabled: () => false,
  forceFlush: async () => {},
  shutdown: async () => {},
});

processorConformance('FanOutLogRecordProcessor with one delegate', {
  create: (delegate) => new FanOutLogRecordProcessor({ delegates: [delegate] }),
  downstreamIs: 'delegate',
});

processorConformance('FanOutLogRecordProcessor with three delegates', {
  create: (delegate) => new FanOutLogRecordProcessor({ delegates: [idle(), delegate, idle()] }),
  downstreamIs: 'delegate',
});

processorConformance('FanOutLogRecordProcessor with a fallback', {
  create: (delegate) => new FanOutLogRecordProcessor({ delegates: [delegate], fallback: idle() }),
  downstreamIs: 'delegate',
});
