import { monitorEventLoopDelay } from 'node:perf_hooks';

import { contenders } from './contenders.ts';
import { endWith, tellWarm } from './measured-child.ts';
import { workloads } from './workloads.ts';

/** Figures of one run of one contender, told to the parent process. */
export interface RunFigures {
  readonly cpuMicrosPerRecord: number;
  readonly emitMillis: number;
  readonly totalMillis: number;
  readonly delayP99Millis: number;
  readonly peakRssMiB: number;
}

const RECORDS = 200_000;
/** Enough for the compiler to have seen everything, and for every contender the same. */
const WARM_UP = 100_000;

const [name = '', url = ''] = process.argv.slice(2);
const create = contenders[name];
if (create === undefined) throw new Error(`There is no contender "${name}".`);
const contender = await create(url);
const emit: typeof contender.emit = (record) => contender.emit(record);
await workloads.burst(emit, WARM_UP);
await contender.flush();
await tellWarm();

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const cpu = process.cpuUsage();
const startedAt = performance.now();
await workloads.burst(emit, RECORDS);
const emittedAt = performance.now();
await contender.flush();
const used = process.cpuUsage(cpu);
delay.disable();
const figures: RunFigures = {
  cpuMicrosPerRecord: (used.user + used.system) / RECORDS,
  emitMillis: emittedAt - startedAt,
  totalMillis: performance.now() - startedAt,
  delayP99Millis: delay.percentile(99) / 1e6,
  peakRssMiB: process.resourceUsage().maxRSS / 1024,
};
endWith(figures);
