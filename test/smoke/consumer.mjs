// An application of its own, on the packages as they are published: records through all stages and both lanes to a backend.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { diag, DiagLogLevel } from '@opentelemetry/api';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { fileOutbox, workerDelivery } from '@spillway/delivery';
import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { PagerDutyLogRecordExporter } from '@spillway/exporter-pagerduty';
import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';
import {
  BurstDropLogRecordProcessor,
  FanOutLogRecordProcessor,
  HybridLogRecordProcessor,
  RingBufferLogRecordProcessor,
  SamplingLogRecordProcessor,
} from '@spillway/processors';

const RECORDS = 1000;
const lines = new Set();
const backend = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { streams } = JSON.parse(gunzipSync(Buffer.concat(chunks)).toString());
    for (const { values } of streams) for (const [, line] of values) lines.add(line);
    response.writeHead(204).end();
  });
});
await new Promise((resolve) => backend.listen(0, '127.0.0.1', resolve));

const url = `http://127.0.0.1:${backend.address().port}`;
const exporter = new LokiLogRecordExporter({ url });
const hybrid = new HybridLogRecordProcessor({ exporter });
const sampling = new SamplingLogRecordProcessor({ delegate: hybrid, severityRatios: { TRACE: 0.5 } });
const burstDrop = new BurstDropLogRecordProcessor({ delegate: sampling });
const recorder = new RingBufferLogRecordProcessor({ delegate: burstDrop, holdBelowSeverity: 9 });
const counting = new PrometheusLogRecordExporter();
const counter = new HybridLogRecordProcessor({ exporter: counting });
const paging = new PagerDutyLogRecordExporter({
  routingKey: '0123456789abcdef0123456789abcdef',
  rules: [{ name: 'errors', when: { minSeverity: 17 } }],
  fetch: async () => new Response('', { status: 202 }),
});
const pager = new HybridLogRecordProcessor({ exporter: paging });
const delegates = [counter, pager, recorder];
const provider = new LoggerProvider({ processors: [new FanOutLogRecordProcessor({ delegates })] });
const logger = provider.getLogger('smoke');
logger.emit({ severityNumber: 5, body: 'held until the first error' });
assert.equal(recorder.stats().held, 1);
for (let index = 0; index < RECORDS; index += 1) {
  logger.emit({ severityNumber: index % 100 === 0 ? 17 : 9, body: `line ${index}`, attributes: { index } });
}
await provider.forceFlush();
await provider.shutdown();

const all = RECORDS + 1;
assert.equal(lines.size, all);
const { received, passed, droppedTotal, held } = exporter.stats();
assert.deepEqual({ received, passed, droppedTotal, held }, { received: all, passed: all, droppedTotal: 0, held: 0 });

const { body } = counting.metrics();
assert.match(body, new RegExp(`^log_records_total\\{scope="smoke",severity="INFO"\\} ${RECORDS * 0.99}$`, 'm'));
assert.equal(paging.stats().pages.passed, 1);

// The same from a worker: its program and its backends are modules of these packages.
const directory = mkdtempSync(join(tmpdir(), 'spillway-smoke-'));
for (const options of [
  { worker: workerDelivery() },
  { outbox: fileOutbox({ directory: join(directory, 'outbox') }) },
]) {
  const errors = [];
  diag.setLogger({ ...console, error: (...texts) => errors.push(texts), verbose() {} }, DiagLogLevel.ERROR);
  lines.clear();
  const inWorker = new LokiLogRecordExporter({ url, ...options });
  const workerProvider = new LoggerProvider({ processors: [new HybridLogRecordProcessor({ exporter: inWorker })] });
  for (let index = 0; index < RECORDS; index += 1) workerProvider.getLogger('smoke').emit({ body: `line ${index}` });
  await workerProvider.shutdown();
  assert.equal(lines.size, RECORDS);
  assert.equal(inWorker.stats().passed, RECORDS);
  assert.deepEqual(errors, []);
  diag.disable();
}
rmSync(directory, { recursive: true });
backend.close();
backend.closeAllConnections();

// Whoever watches by server-sent events gets the records.
const tail = new LiveTailLogRecordExporter({ port: 0 });
const [address, token] = (await tail.listening()).split('#token=');
const headers = { authorization: `Bearer ${token}` };
const { body: events } = await fetch(new URL('events', address), { headers });
const tailProvider = new LoggerProvider({ processors: [new HybridLogRecordProcessor({ exporter: tail })] });
for (let index = 0; index < RECORDS; index += 1) tailProvider.getLogger('smoke').emit({ body: `line ${index}` });
await tailProvider.shutdown();
const stream = (await Array.fromAsync(events.pipeThrough(new TextDecoderStream()))).join('');
assert.equal(stream.match(/^event: record$/gm).length, RECORDS);
assert.match(stream, /"reason":"shutdown"/);

// CommonJS applications load the same files with require().
const require = createRequire(import.meta.url);
assert.equal(require('@spillway/processors').HybridLogRecordProcessor, HybridLogRecordProcessor);
const { version } = JSON.parse(readFileSync('node_modules/@opentelemetry/sdk-logs/package.json', 'utf8'));
console.log(`${all} records on sdk-logs ${version}, Node ${process.version}`);
