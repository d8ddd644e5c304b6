/** A script that counts and ends: what becomes of its last values is the subject of `exit-flush.test.ts`. */
import { writeSync } from 'node:fs';

import { LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

const SPEED = 100;
const [, , scenario, url = ''] = process.argv;

if (scenario === 'silent') {
  // Time runs faster, so that nobody has to wait for the budget.
  const { setTimeout: start } = globalThis;
  Object.assign(globalThis, {
    setTimeout: (callback: () => void, millis = 0, ...rest: unknown[]) => start(callback, millis / SPEED, ...rest),
  });
}

const exporter = new PrometheusLogRecordExporter({
  metrics: [{ name: 'rows', type: 'counter', help: 'Rows.' }],
  // The budget alone has to end a request that nobody answers.
  pushgateway: { url, job: 'script', timeoutMillis: 2 ** 31 - 1 },
});
process.once('exit', () => {
  const { succeeded, failed, running } = exporter.stats().pushgateway ?? {};
  writeSync(1, JSON.stringify({ succeeded, failed, running }));
});

const provider = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] });
const logger = provider.getLogger('script');
if (scenario !== 'nothing') for (let row = 0; row < 3; row += 1) logger.emit({ body: row });
if (scenario === 'flushed') await exporter.forceFlush();
if (scenario === 'shut down') await provider.shutdown();
if (scenario === 'late') process.once('beforeExit', () => setImmediate(() => logger.emit({ body: 'late' })));
