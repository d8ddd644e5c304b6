import { monitorEventLoopDelay } from 'node:perf_hooks';

import { endWith, tellWarm } from '../measured-child.ts';
import { placements } from './placements.ts';
import { type Workload, workloads } from '../workloads.ts';

/** Figures of one run, told to the parent process. CPU times are microseconds per record. */
export interface PlacementFigures {
  /** Of the thread that logs. */
  readonly mainMicros: number;
  /** Of all threads. */
  readonly processMicros: number;
  /** Percentiles of the event loop's delay; NaN where it was not watched: watching takes CPU of the thread. */
  readonly delayP50Millis: number;
  readonly delayP99Millis: number;
  readonly delayMaxMillis: number;
}

const WARM_UP = 100_000;
const WARM_UP_STEADY = 20_000;

const [name = '', url = '', directory = '', workload = '', records = '0', watching] = process.argv.slice(2);
const create = placements[name];
if (create === undefined) throw new Error(`There is no placement "${name}".`);
const contender = create(url, directory);
const emit: typeof contender.emit = (record) => contender.emit(record);
const count = Number(records);
await workloads.burst(emit, WARM_UP);
await contender.flush();
await workloads.steady(emit, WARM_UP_STEADY);
await contender.flush();
await tellWarm();

const delay = monitorEventLoopDelay({ resolution: 1 });
if (watching === 'delay') delay.enable();
const thread = process.threadCpuUsage();
const whole = process.cpuUsage();
await workloads[workload as Workload](emit, count);
await contender.flush();
const usedByThread = process.threadCpuUsage(thread);
const used = process.cpuUsage(whole);
delay.disable();
const millis = (nanos: number): number => (delay.count > 0 ? nanos / 1e6 : Number.NaN);
const figures: PlacementFigures = {
  mainMicros: (usedByThread.user + usedByThread.system) / count,
  processMicros: (used.user + used.system) / count,
  delayP50Millis: millis(delay.percentile(50)),
  delayP99Millis: millis(delay.percentile(99)),
  delayMaxMillis: millis(delay.max),
};
endWith(figures);
