import { BurstDropLogRecordProcessor } from '@spillway/processors';

import { processorConformance } from './processor-conformance.ts';

processorConformance('BurstDropLogRecordProcessor', {
  create: (delegate) => new BurstDropLogRecordProcessor({ delegate }),
  downstreamIs: 'delegate',
});

processorConformance('BurstDropLogRecordProcessor with a rate', {
  create: (delegate) => new BurstDropLogRecordProcessor({ delegate, rate: { perSecond: 10 } }),
  downstreamIs: 'delegate',
});

processorConformance('BurstDropLogRecordProcessor with a minimum interval', {
  create: (delegate) => new BurstDropLogRecordProcessor({ delegate, minIntervalMillis: 2 }),
  downstreamIs: 'delegate',
});

processorConformance('BurstDropLogRecordProcessor with room for two keys', {
  create: (delegate) =>
    new BurstDropLogRecordProcessor({
      delegate,
      // A limit that no record of the suite exceeds, but on every severity.
      rate: { perSecond: 1_000_000 },
      severities: ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'],
      key: ({ body }) => String(body),
      maxKeys: 2,
    }),
  downstreamIs: 'delegate',
});
