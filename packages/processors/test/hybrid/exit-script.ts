/** A script that logs and ends: what becomes of its last records is the subject of `end-of-life.test.ts`. */
import { writeSync } from 'node:fs';

import type { LogRecordExporter } from '@opentelemetry/sdk-logs';
import { HybridLogRecordProcessor } from '@spillway/processors';

const print = (line: string): void => void writeSync(1, `${line}\n`);
const [, , scenario] = process.argv;

const exporter: LogRecordExporter = {
  export: (records, answer) => {
    print(`${scenario === 'outage' ? 'refused' : 'exported'} ${records.length}`);
    answer({ code: scenario === 'outage' ? 1 : 0 });
  },
  forceFlush: async () => print('flushed'),
  shutdown: async () => print('shut down'),
};

const processor = new HybridLogRecordProcessor({ exporter, disableFlushOnBeforeExit: scenario === 'disabled' });
for (let body = 0; body < 3; body += 1) {
  processor.onEmit({ body, attributes: {}, severityNumber: 9 } as never);
}
if (scenario === 'outage') {
  // Its retries wait on timers that keep nothing alive, for longer than this budget.
  Math.random = () => 0.999;
  void processor.forceFlush({ timeoutMillis: 0 });
  await processor.shutdown({ timeoutMillis: 200 });
}
