/**
 * What it costs to count a record in three metrics with two labels each, in ns, best and median of many rounds: Spillway's
 * exporter beside exporters that do the same by hand with other libraries. All series have been seen before.
 *
 * "export" is the exporter alone, with records that are made anew for each round, as no text of an application has been
 * looked up before; the making is not counted. "emit" is the whole `logger.emit()` of the SDK with a simple processor,
 * and what it leaves to be done in the same turn of the event loop.
 */
import { setImmediate as nextMacrotask } from 'node:timers/promises';

import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { type LogRecordExporter, type LogRecordProcessor, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';

import { type MetricsContender, metricsContenders } from '../metrics/contenders.ts';
import { type Figures, timeInterleaved, type Timed } from '../interleaved.ts';
import { emitRecord, makeLogger, RecordSource, traceContexts } from '../metrics/records.ts';
import { machineLine, printTable } from '../table.ts';
import { COUNTERS, EXEMPLARS, HISTOGRAM, type MetricsWorkload } from '../metrics/workload.ts';

const RECORDS = 500;
const ROUNDS = 500;
const NANOS_PER_MILLI = 1e6;

const noProcessor: LogRecordProcessor = { onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} };
const noExporter: LogRecordExporter = {
  export: (_records, onResult) => onResult({ code: 0 }),
  forceFlush: async () => {},
  shutdown: async () => {},
};

const contexts = traceContexts(RECORDS);
const source = new RecordSource();
const ignore = (): void => {};

interface Case extends Timed {
  readonly name: string;
}

/** Exports one at a time, as a simple processor does, or all at once. */
function exportCase(name: string, exporter: LogRecordExporter, contextsOfRecords: readonly Context[], size = 1): Case {
  let records = source.make(RECORDS, contextsOfRecords);
  return {
    name,
    prepare: () => {
      records = source.make(RECORDS, contextsOfRecords);
    },
    run: () => {
      if (size > 1) exporter.export(records, ignore);
      else for (const record of records) exporter.export([record], ignore);
    },
  };
}

function emitCase(name: string, processor: LogRecordProcessor): Case {
  const logger = makeLogger(processor);
  return {
    name,
    run: () => {
      for (let index = 0; index < RECORDS; index += 1) emitRecord(logger, index, ROOT_CONTEXT);
      // Promises of the processor are settled before this, the clock is read after it.
      return nextMacrotask();
    },
  };
}

async function measure(cases: readonly Case[]): Promise<readonly (readonly [name: string, figures: Figures])[]> {
  const figures = await timeInterleaved(cases, ROUNDS);
  return cases.map(({ name }, index) => [name, figures[index] as Figures]);
}

const nanos = (millis: number): string => ((millis * NANOS_PER_MILLI) / RECORDS).toFixed(0);

async function measureExport(workload: MetricsWorkload): Promise<void> {
  const contextsOfRecords = workload.hasExemplars ? contexts : [];
  const contenders = metricsContenders(workload);
  const batched = metricsContenders(workload)[0] as MetricsContender;
  const results = await measure([
    ...contenders.map(({ name, exporter }) => exportCase(name, exporter, contextsOfRecords)),
    exportCase(`Spillway, ${RECORDS} at once`, batched.exporter, contextsOfRecords, RECORDS),
  ]);
  console.log(`${workload.name}, ns per record\n`);
  const [[, { median: ours }]] = results as [[string, Figures]];
  printTable(
    ['export', 'best', 'median', 'of Spillway'],
    results.map(([name, { best, median }]) => [name, nanos(best), nanos(median), `${(median / ours).toFixed(2)} ×`]),
  );
  await checkAgreement(contenders);
}

/** Who counted less than the others has done less. */
async function checkAgreement(contenders: readonly MetricsContender[]): Promise<void> {
  const sums = await Promise.all(contenders.map(async ({ text }) => recordsIn(await text())));
  if (new Set(sums).size > 1) throw new Error(`Expected equal counts, got ${sums.join(', ')}.`);
}

function recordsIn(text: string): number {
  let sum = 0;
  for (const [, value] of text.matchAll(/^log_records_total\{.*?\} (\d+)/gm)) sum += Number(value);
  return sum;
}

async function measureEmit(workload: MetricsWorkload): Promise<void> {
  const results = await measure([
    emitCase('no processor', noProcessor),
    emitCase('simple processor, no exporter', new SimpleLogRecordProcessor({ exporter: noExporter })),
    ...metricsContenders(workload).map(({ name, exporter }) =>
      emitCase(name, new SimpleLogRecordProcessor({ exporter })),
    ),
  ]);
  const [, [, floor]] = results as [unknown, [string, Figures]];
  console.log(`${workload.name}, ns per record\n`);
  printTable(
    ['emit', 'best', 'median', 'above no exporter'],
    results.map(([name, { best, median }]) => [name, nanos(best), nanos(median), nanos(median - floor.median)]),
  );
}

console.log(`${machineLine()}; ${ROUNDS} interleaved rounds of ${RECORDS} records\n`);
for (const workload of [COUNTERS, HISTOGRAM, EXEMPLARS]) await measureExport(workload);
await measureEmit(HISTOGRAM);
