/**
 * What a scrape of 1,000 series takes, in ms: the text as bytes, and the whole scrape over HTTP on the loopback, as it is
 * and with gzip, which is done by hand around the libraries that have none. Client and server are in one process, so that
 * the client's work is in all figures. In OpenMetrics each series has an exemplar, of a histogram in one bucket.
 */
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { type MetricsContender, metricsContenders } from '../metrics/contenders.ts';
import { timeInterleaved } from '../interleaved.ts';
import { recordsOfCounter, recordsOfHistogram } from '../metrics/plain-records.ts';
import { ScrapeServer } from '../metrics/scrape-server.ts';
import { machineLine, printTable } from '../table.ts';
import { EXEMPLARS, HISTOGRAM, type MetricsWorkload } from '../metrics/workload.ts';

const SERIES = 1000;
const ROUNDS = 100;
const TEXT = 'text/plain';
const OPEN_METRICS = 'application/openmetrics-text';

interface Scraped {
  readonly title: string;
  readonly records: ReadableLogRecord[];
  readonly workload: MetricsWorkload;
}

async function measure({ title, records, workload }: Scraped): Promise<void> {
  const contenders = metricsContenders(workload);
  for (const { exporter } of contenders) exporter.export(records, () => {});
  const servers = await Promise.all(contenders.map((contender) => ScrapeServer.start(contender)));
  const headers = { accept: workload.hasExemplars ? OPEN_METRICS : TEXT };
  const zipped = { ...headers, 'accept-encoding': 'gzip' };
  const texts = await timeInterleaved(
    // As bytes: a text that was only put together would be copied later, by whoever sends it.
    contenders.map(({ text }) => ({ run: async () => void Buffer.from(await text()) })),
    ROUNDS,
  );
  const plain = await timeInterleaved(
    servers.map((server) => ({ run: async () => void (await server.scrape(headers)) })),
    ROUNDS,
  );
  const gzipped = await timeInterleaved(
    servers.map((server) => ({ run: async () => void (await server.scrape(zipped)) })),
    ROUNDS,
  );
  const sizes = await Promise.all(contenders.map((contender, index) => sizesOf(contender, servers[index], zipped)));
  for (const server of servers) server.stop();
  printTable(
    [title, 'text, best', 'median', 'HTTP, best', 'median', 'with gzip, best', 'median', 'lines', 'bytes', 'gzip'],
    contenders.map(({ name }, index) => [
      name,
      ...[texts, plain, gzipped].flatMap((some) => [millis(some[index]?.best), millis(some[index]?.median)]),
      ...(sizes[index] ?? []).map((size) => size.toLocaleString('en')),
    ]),
  );
}

function millis(value: number | undefined): string {
  return value?.toFixed(2) ?? '';
}

async function sizesOf(
  { text }: MetricsContender,
  server: ScrapeServer | undefined,
  zipped: Readonly<Record<string, string>>,
): Promise<readonly number[]> {
  const body = await text();
  const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  return [lines, Buffer.byteLength(body), (await server?.scrape(zipped)) ?? 0];
}

const counters = recordsOfCounter(SERIES);
const histograms = recordsOfHistogram(SERIES);

console.log(`${machineLine()}; ms, ${ROUNDS} interleaved rounds\n`);
await measure({ title: 'a counter, text', records: counters, workload: HISTOGRAM });
await measure({ title: 'a counter, OpenMetrics', records: counters, workload: EXEMPLARS });
await measure({ title: 'a histogram, text', records: histograms, workload: HISTOGRAM });
await measure({ title: 'a histogram, OpenMetrics', records: histograms, workload: EXEMPLARS });
