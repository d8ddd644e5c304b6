import { LiveTailLogRecordExporter } from '@spillway/exporter-live-tail';
import { HybridLogRecordProcessor } from '@spillway/processors';

import { otel } from '../contenders.ts';
import { endWith, tellWarm, told } from '../measured-child.ts';
import { memoryBytes } from '../memory.ts';
import { recordOf } from '../records.ts';
import { naiveExporter } from './naive-exporter.ts';

/** What a burst has cost the process that logs, told to the parent process. */
export interface ServerFigures {
  /** Memory that something refers to, above what it was before. */
  readonly heldMiB: number;
  /** Peaks, while all clients read and in the burst. */
  readonly warmRssMiB: number;
  readonly peakRssMiB: number;
  readonly seconds: number;
  readonly cpuMicrosPerRecord: number;
  readonly evicted: number;
}

/** So many that V8 and the allocator have what they need for this. */
const WARM_UP = 400_000;
const PER_TURN = 500;
/** Records that wait in the processor at most: far below its bound, so that it drops none. */
const ENOUGH_QUEUED = 2000;
const SAMPLE_MILLIS = 10;
const MIB = 2 ** 20;

const [kind = '', records = '0'] = process.argv.slice(2);
const { exporter, url } = kind === 'naive' ? await naiveExporter() : await spillway();
const hybrid = new HybridLogRecordProcessor({ exporter });
const contender = otel(hybrid);

async function spillway(): Promise<{ exporter: LiveTailLogRecordExporter; url: string }> {
  const made = new LiveTailLogRecordExporter({ port: 0 });
  return { exporter: made, url: await made.listening() };
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
const rssMiB = (): number => process.memoryUsage.rss() / MIB;

/** Emits as fast as the pipeline takes records. */
async function emitAll(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    contender.emit(recordOf(index));
    if (index % PER_TURN < PER_TURN - 1) continue;
    await new Promise((resolve) => setImmediate(resolve));
    while (hybrid.queueSize > ENOUGH_QUEUED) await pause(1);
  }
  await contender.flush();
}

process.send?.(url);
await told();
let peakRssMiB = 0;
const sampler = setInterval(() => (peakRssMiB = Math.max(peakRssMiB, rssMiB())), SAMPLE_MILLIS);
await emitAll(WARM_UP);
await pause(1000);
await tellWarm();

const heldBefore = memoryBytes();
const warmRssMiB = peakRssMiB;
peakRssMiB = 0;
const startedAt = performance.now();
const cpu = process.cpuUsage();
await emitAll(Number(records));
const { user, system } = process.cpuUsage(cpu);
const seconds = (performance.now() - startedAt) / 1000;
await pause(500);
clearInterval(sampler);
const heldMiB = (memoryBytes() - heldBefore) / MIB;
const figures: ServerFigures = {
  heldMiB,
  warmRssMiB,
  peakRssMiB,
  seconds,
  cpuMicrosPerRecord: (user + system) / Number(records),
  evicted: hybrid.stats().droppedTotal,
};
process.send?.(figures);
await told();
endWith({});
