/**
 * What a log record costs an application that pages, in ns, best and median of many rounds, by what becomes of it, beside the
 * SDK's own `emit`; and what a million distinct failures take of the heap. The clients for PagerDuty on npm send what they are
 * told to and look at no record, so that there is no peer. Run with `--expose-gc`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { LoggerProvider, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { PagerDutyLogRecordExporter } from '@spillway/exporter-pagerduty';

import { type Timed, timeInterleaved } from '../interleaved.ts';
import { memoryBytes } from '../memory.ts';
import { machineLine, printTable } from '../table.ts';

const RECORDS = 500;
const ROUNDS = 300;
const DISTINCT = 1_000_000;
const NANOS_PER_MILLI = 1e6;
const KIB = 1024;
const ROUTING_KEY = '0123456789abcdef0123456789abcdef';

const RULES = [
  { name: 'fatal', when: { minSeverity: 21 } },
  { name: 'payments', when: { minSeverity: 17, scope: 'payments' } },
  { name: 'data-loss', when: { eventName: 'data.lost' } },
] as const;

const ignore = (): void => {};
const noProcessor: LogRecordProcessor = { onEmit: ignore, forceFlush: async () => {}, shutdown: async () => {} };

const pagerDuty = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(202).end());
});
await new Promise<void>((resolve) => pagerDuty.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(pagerDuty.address() as AddressInfo).port}`;
const exporters: PagerDutyLogRecordExporter[] = [];

function makeExporter(): PagerDutyLogRecordExporter {
  const exporter = new PagerDutyLogRecordExporter({ routingKey: ROUTING_KEY, url, rules: RULES });
  exporters.push(exporter);
  return exporter;
}

const resource = { attributes: { 'service.name': 'shop', 'service.instance.id': 'shop-1' } };
const instrumentationScope = { name: 'orders' };

function record(severityNumber: number, body: string): ReadableLogRecord {
  const hrTime = [1_795_224_243, 0];
  const attributes = { 'http.route': '/orders/:id', 'http.request.method': 'POST', 'order.id': 'a1b2' };
  const fields = { severityNumber, body, attributes, resource, instrumentationScope, droppedAttributesCount: 0 };
  return { ...fields, hrTime, hrTimeObserved: hrTime } as unknown as ReadableLogRecord;
}

/** Some 110 characters, as most messages have. */
function paymentBody(index: number): string {
  return `Payment ${index} of order ${(index * 7919).toString(16)}-9f1e failed after ${index % 977} ms: gateway 10.0.0.${index % 250} said "declined"`;
}

/** Words that no other body has: no mask makes them one. */
function distinctBody(index: number): string {
  const letters = index.toString(26).replaceAll(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '');
  return `The replication of the ${letters} shard to the standby of the second data centre has failed with an unknown error`;
}

function exportCase(name: string, make: (index: number) => ReadableLogRecord): Timed & { readonly name: string } {
  const exporter = makeExporter();
  let next = 0;
  let records: ReadableLogRecord[] = [];
  return {
    name,
    prepare: () => {
      records = Array.from({ length: RECORDS }, () => make((next += 1)));
    },
    run: () => {
      for (const one of records) exporter.export([one], ignore);
    },
  };
}

const logger = new LoggerProvider({ processors: [noProcessor] }).getLogger('orders');
const sdk = {
  name: 'SDK `logger.emit()`, no-op processor',
  run: () => {
    for (let index = 0; index < RECORDS; index += 1) {
      logger.emit({
        severityNumber: 9,
        body: 'order taken',
        attributes: { 'order.id': index, 'http.route': '/orders' },
      });
    }
  },
};
const equal = paymentBody(1);
const cases = [
  sdk,
  exportCase('meets none of three rules', (index) => record(9, paymentBody(index))),
  exportCase('belongs to an open incident, equal body', () => record(21, equal)),
  exportCase('belongs to an open incident, body that masks alike', (index) => record(21, paymentBody(index))),
  exportCase('beyond the limits, distinct body', (index) => record(21, distinctBody(index))),
];

console.log(`${machineLine()}\n`);
const figures = await timeInterleaved(cases, ROUNDS);
const nanos = (millis: number): string => Math.round((millis / RECORDS) * NANOS_PER_MILLI).toLocaleString('en');
printTable(
  ['a record', 'best ns', 'median ns'],
  cases.map(({ name }, index) => {
    const { best = Number.NaN, median = Number.NaN } = figures[index] ?? {};
    return [name, nanos(best), nanos(median)];
  }),
);

const storm = makeExporter();
const flood = (from: number, to: number): void => {
  for (let index = from; index < to; index += 1) storm.export([record(21, distinctBody(index))], ignore);
};
flood(0, 10_000);
const before = memoryBytes();
flood(10_000, DISTINCT);
printTable(
  ['distinct failures', 'heap KiB more', 'incidents'],
  [
    [
      DISTINCT.toLocaleString('en'),
      Math.round((memoryBytes() - before) / KIB).toLocaleString('en'),
      String(storm.stats().openIncidents),
    ],
  ],
);

await Promise.all(exporters.map((exporter) => exporter.shutdown()));
pagerDuty.close();
