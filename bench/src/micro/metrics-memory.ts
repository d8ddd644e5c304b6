/**
 * What metrics take of the heap after 100,000 records that each have a value of a label that no other has, scraped after
 * every 1,000 of them: run with `--expose-gc`.
 */
import { PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

import { type MetricsContender, metricsContenders } from '../metrics/contenders.ts';
import { memoryBytes } from '../memory.ts';
import { recordOfTenant } from '../metrics/plain-records.ts';
import { machineLine, printTable } from '../table.ts';
import { HISTOGRAM, rulesOf } from '../metrics/workload.ts';

const RECORDS = 100_000;
const RECORDS_PER_SCRAPE = 1000;
const KIB = 2 ** 10;

async function count({ exporter, text }: MetricsContender, records: number): Promise<number> {
  let scrapedBytes = 0;
  for (let index = 0; index < records; index += 1) {
    exporter.export([recordOfTenant(index)], () => {});
    if ((index + 1) % RECORDS_PER_SCRAPE === 0) scrapedBytes = (await text()).length;
  }
  return scrapedBytes;
}

function uncapped(): MetricsContender {
  const metrics = rulesOf(HISTOGRAM).map((rule) => ({ ...rule, maxSeries: RECORDS }));
  const exporter = new PrometheusLogRecordExporter({ metrics });
  return { name: `Spillway, \`maxSeries: ${RECORDS}\``, exporter, text: async () => exporter.metrics().body };
}

function contenders(): readonly MetricsContender[] {
  const [ours, ...others] = metricsContenders(HISTOGRAM);
  return [{ ...(ours as MetricsContender), name: 'Spillway, defaults' }, uncapped(), ...others];
}

// Compiled code is there once, however many series there are.
for (const contender of contenders()) await count(contender, 10 * RECORDS_PER_SCRAPE);

const rows: string[][] = [];
for (const contender of contenders()) {
  const before = memoryBytes();
  const scrapedBytes = await count(contender, RECORDS);
  const kib = (bytes: number): string => Math.round(bytes / KIB).toLocaleString('en');
  rows.push([contender.name, kib(memoryBytes() - before), kib(scrapedBytes)]);
}
console.log(`${machineLine()}\n`);
printTable(['100,000 values of a label', 'heap KiB', 'last scrape KiB'], rows);
