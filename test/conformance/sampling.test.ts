import { SamplingLogRecordProcessor } from '@spillway/processors';

import { processorConformance } from './processor-conformance.ts';

processorConformance('SamplingLogRecordProcessor', {
  create: (delegate) => new SamplingLogRecordProcessor({ delegate, usePriority: false, ratio: 0.5 }),
  downstreamIs: 'delegate',
});

processorConformance('SamplingLogRecordProcessor that samples every severity at a ratio of nearly 1', {
  create: (delegate) =>
    new SamplingLogRecordProcessor({
      delegate,
      ratio: 1 - 2 ** -56,
      keepMinSeverity: Infinity,
      rules: [{ scope: 'conformance.*', ratio: 0 }],
      pressure: () => 0,
      random: () => 0.5,
    }),
  downstreamIs: 'delegate',
});
