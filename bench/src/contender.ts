import { monitorEventLoopDelay } from 'node:perf_hooks';

import { contenders } from './contenders.ts';
import { recordOf } from './records.ts';

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
const PER_TURN = 1000;

/** Emits in turns of the event loop, as requests come in: 1,000 records, then whatever else is due. */
async function burst(emit: (index: number) => void, from: number, count: number): Promise<void> {
  for (let index = from; index < from + count; index += 1) {
    emit(index);
    if (index % PER_TURN === PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

const [name = '', url = ''] = process.argv.slice(2);
const create = contenders[name];
if (create === undefined) throw new Error(`There is no contender "${name}".`);
const contender = await create(url);
await burst((index) => contender.emit(recordOf(index)), 0, WARM_UP);
await contender.flush();
process.send?.('warm');
await new Promise((resolve) => process.once('message', resolve));

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
const cpu = process.cpuUsage();
const startedAt = performance.now();
await burst((index) => contender.emit(recordOf(index)), 0, RECORDS);
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
process.send?.(figures);
process.exit(0);
