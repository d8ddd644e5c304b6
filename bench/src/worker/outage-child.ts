import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { fileOutbox } from '@spillway/delivery';
import { LokiLogRecordExporter } from '@spillway/exporter-loki';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { endWith, tellWarm, told } from '../measured-child.ts';
import { otel } from '../contenders.ts';
import { recordOf } from '../records.ts';

/** What an outage has cost, and how it ended; told to the parent process. */
export interface OutageFigures {
  readonly baselineRssMiB: number;
  readonly peakRssMiB: number;
  readonly diskMiB: number;
  readonly seconds: number;
  readonly held: number;
  readonly dropped: number;
}

export interface DrainFigures {
  readonly waitSeconds: number;
  readonly drainSeconds: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly peakRssMiB: number;
  readonly diskMiB: number;
}

/** So many that V8 and the allocator have what they need at this rate, which is far above that of an application. */
const WARM_UP = 2_000_000;
const PER_TURN = 500;
/** Records that wait in the processor at most: far below its bound, so that it drops none. */
const ENOUGH_QUEUED = 10_000;
const SAMPLE_MILLIS = 20;
const MIB = 2 ** 20;

const [url = '', directory = '', records = '0'] = process.argv.slice(2);
mkdirSync(directory, { mode: 0o700 });
const outbox = fileOutbox({ directory, maxBytes: 512 * MIB });
const exporter = new LokiLogRecordExporter({ url, outbox });
const hybrid = new HybridLogRecordProcessor({ exporter });
const { emit, flush } = contender();

function contender(): { readonly emit: (index: number) => void; readonly flush: () => Promise<void> } {
  const made = otel(hybrid);
  return { emit: (index) => made.emit(recordOf(index)), flush: () => made.flush() };
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const rssMiB = (): number => process.memoryUsage.rss() / MIB;

let peakRssMiB = 0;
let diskMiB = 0;
let samples = 0;
setInterval(() => {
  peakRssMiB = Math.max(peakRssMiB, rssMiB());
  samples += 1;
  if (samples % 10 === 0) diskMiB = Math.max(diskMiB, sizeOnDisk());
}, SAMPLE_MILLIS).unref();

/** Space that the files take, as the file system counts it. */
function sizeOnDisk(): number {
  const files = readdirSync(directory).map((name) => statSync(join(directory, name), { throwIfNoEntry: false }));
  return files.reduce((sum, file) => sum + (file?.blocks ?? 0) * 512, 0) / MIB;
}

/** Emits as fast as the pipeline takes records. */
async function emitAll(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    emit(index);
    if (index % PER_TURN < PER_TURN - 1) continue;
    await new Promise((resolve) => setImmediate(resolve));
    while (hybrid.queueSize > ENOUGH_QUEUED) await pause(1);
  }
}

function dropped(): number {
  const counts = [hybrid.stats(), exporter.stats()].flatMap((stats) => Object.values(stats.dropped));
  return counts.reduce((sum, count) => sum + count, 0);
}

await emitAll(WARM_UP);
await flush();
await pause(2000);
const warm = exporter.stats().passed;
const baselineRssMiB = rssMiB();
await tellWarm();

peakRssMiB = 0;
const startedAt = performance.now();
await emitAll(Number(records));
while (exporter.stats().held < Number(records) && dropped() === 0) await pause(5);
const seconds = (performance.now() - startedAt) / 1000;
await pause(500);
const outage: OutageFigures = {
  baselineRssMiB,
  peakRssMiB,
  diskMiB,
  seconds,
  held: exporter.stats().held,
  dropped: dropped(),
};
process.send?.(outage);
await told();

peakRssMiB = 0;
const upAt = performance.now();
while (exporter.stats().passed === warm) await pause(5);
const firstAt = performance.now();
while (exporter.stats().held > 0) await pause(5);
const drainSeconds = (performance.now() - firstAt) / 1000;
const waitSeconds = (firstAt - upAt) / 1000;
const drain: DrainFigures = {
  waitSeconds,
  drainSeconds,
  delivered: exporter.stats().passed - warm,
  dropped: dropped(),
  peakRssMiB,
  diskMiB,
};
endWith(drain);
