/** What one push of 1,000 series by remote write takes, step by step, in ms. Each series has got new values and an exemplar. */
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type FamilySnapshot, PrometheusLogRecordExporter } from '@spillway/exporter-prometheus';

/* oxlint-disable eslint/no-restricted-imports -- What is measured here is no part of the package's API. */
import { SampleSequence } from '../../../packages/exporter-prometheus/src/remote-write/sample-sequence.ts';
import { snappyCompress } from '../../../packages/exporter-prometheus/src/remote-write/snappy-compress.ts';
import type { TimeSeries } from '../../../packages/exporter-prometheus/src/remote-write/time-series.ts';
import { encodeWriteRequests } from '../../../packages/exporter-prometheus/src/remote-write/write-requests.ts';
/* oxlint-enable eslint/no-restricted-imports */

import { type Timed, timeInterleaved } from '../interleaved.ts';
import { recordsOfCounter, recordsOfHistogram, START_SECONDS } from '../metrics/plain-records.ts';
import { machineLine, printTable } from '../table.ts';
import { HISTOGRAM, rulesOf } from '../metrics/workload.ts';

const SERIES = 1000;
const ROUNDS = 200;
const INTERVAL_SECONDS = 15;
/** The defaults of remote write. */
const LIMITS = { maxSamples: 2000, maxBytes: 2 ** 20 };

const STEPS = ['snapshot', 'time series', 'protobuf', 'snappy'];

/** A push, each step of which takes up what the one before has left. */
class PushRun {
  /** In the order of {@link STEPS}. */
  readonly steps: readonly Timed[] = [
    { prepare: () => this.#count(), run: () => void (this.#families = this.#exporter.families()) },
    { run: () => void (this.#series = this.#next()) },
    {
      run: () => void (this.#bodies = encodeWriteRequests(this.#series, LIMITS).map(({ body }) => body)),
    },
    { run: () => void (this.#compressed = this.#bodies.map((body) => snappyCompress(body))) },
  ];
  readonly #exporter = new PrometheusLogRecordExporter({ metrics: rulesOf(HISTOGRAM) });
  readonly #sequence = new SampleSequence([
    ['instance', 'worker-1'],
    ['job', 'orders'],
  ]);
  readonly #records: ReadableLogRecord[];
  #seconds = START_SECONDS;
  #families: readonly FamilySnapshot[] = [];
  #series: readonly TimeSeries[] = [];
  #bodies: readonly Uint8Array[] = [];
  #compressed: readonly Uint8Array[] = [];

  constructor(records: ReadableLogRecord[]) {
    this.#records = records;
  }

  get sizes(): readonly number[] {
    return [this.#series.length, this.#bodies.length, bytesOf(this.#bodies), bytesOf(this.#compressed)];
  }

  /** Time passes from push to push, and each series has a record of it. */
  #count(): void {
    this.#seconds += INTERVAL_SECONDS;
    for (const { hrTime } of this.#records) hrTime[0] = this.#seconds;
    this.#exporter.export(this.#records, () => {});
  }

  #next(): readonly TimeSeries[] {
    const series = this.#sequence.next(this.#families, 1000 * this.#seconds);
    if (series === undefined) throw new Error('Expected a push.');
    return series;
  }
}

function bytesOf(bodies: readonly Uint8Array[]): number {
  return bodies.reduce((sum, { length }) => sum + length, 0);
}

const rows: string[][] = [];
const runs = [
  { name: 'a counter', run: new PushRun(recordsOfCounter(SERIES)) },
  { name: 'a histogram', run: new PushRun(recordsOfHistogram(SERIES)) },
];
for (const { name, run } of runs) {
  const figures = await timeInterleaved(run.steps, ROUNDS);
  const millis = figures.map(({ best, median }) => `${best.toFixed(2)} / ${median.toFixed(2)}`);
  rows.push([name, ...millis, ...run.sizes.map((size) => size.toLocaleString('en'))]);
}
console.log(`${machineLine()}; ms, best / median of ${ROUNDS} rounds\n`);
printTable(['a push of 1,000 series', ...STEPS, 'samples', 'requests', 'bytes', 'bytes, compressed'], rows);
