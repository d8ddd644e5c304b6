import { writeSync } from 'node:fs';
import { type Backend, Delivery } from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

// A program that exports one record to a backend that fails, and comes to its end: with or without a shutdown.
const [, , url, how] = process.argv;
const backend: Backend = {
  id: 'failing',
  contentType: 'text/plain',
  classify: ({ status }) => ({ outcome: 'retryable', throttled: false, error: new Error(String(status)) }),
  split: () => [],
};
const payload = {
  body: new Uint8Array(9),
  recordOffsets: new Uint32Array(1),
  highestSeverity: 9,
  oldestTimeMillis: Date.now(),
};
const destination = new Delivery().attach({
  backend,
  url,
  encode: () => ({ payloads: [payload], drops: [] }),
  namespace: 'test',
  componentType: 'TestExporter',
});

destination.export([{} as ReadableLogRecord], () => {});
await destination.forceFlush({ timeoutMillis: 100 });
if (how === 'shutdown') await destination.shutdown({ timeoutMillis: 100 });

// An aborted request needs a moment for its socket. The pipe is where this goes to; everything else would be ours.
const isActive = (): boolean => process.getActiveResourcesInfo().some((name) => name !== 'PipeWrap');
if (how === 'shutdown') while (isActive()) await new Promise((resolve) => setImmediate(resolve));
writeSync(1, `held ${destination.stats().held}`);
