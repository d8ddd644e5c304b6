import { recordOf } from './records.ts';

type Emit = (record: ReturnType<typeof recordOf>) => void;

/** How records come, by name. */
export const workloads = { burst, steady } as const;
export type Workload = keyof typeof workloads;

const PER_TURN = 1000;
const RATE_PER_SECOND = 20_000;
const TICK_MILLIS = 5;

/** As fast as they can be made: 1,000 in each turn of the event loop. */
async function burst(emit: Emit, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    emit(recordOf(index));
    if (index % PER_TURN === PER_TURN - 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** 20,000 a second, some 100 at a time. */
async function steady(emit: Emit, count: number): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < count;) {
    const due = Math.min(count, ((performance.now() - startedAt) / 1000) * RATE_PER_SECOND);
    for (; index < due; index += 1) emit(recordOf(index));
    await new Promise((resolve) => setTimeout(resolve, TICK_MILLIS));
  }
}
