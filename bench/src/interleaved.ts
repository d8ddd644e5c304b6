import { median } from './median.ts';

/** Work to be timed. */
export interface Timed {
  /** Comes before each run and is not counted. */
  readonly prepare?: () => void;
  readonly run: () => void | Promise<void>;
}

/** Milliseconds of a run. */
export interface Figures {
  readonly best: number;
  readonly median: number;
}

/**
 * Times each in turn, round after round, so that whatever else the machine does hits all of them alike.
 * A fifth of the rounds comes before, and is not counted.
 */
export async function timeInterleaved(contenders: readonly Timed[], rounds: number): Promise<readonly Figures[]> {
  const samples = contenders.map((): number[] => []);
  for (let round = -Math.ceil(rounds / 5); round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const millis = await timeOnce(contender);
      if (round >= 0) samples[index]?.push(millis);
    }
  }
  return samples.map((some) => ({ best: Math.min(...some), median: median(some) }));
}

async function timeOnce({ prepare, run }: Timed): Promise<number> {
  prepare?.();
  const begin = performance.now();
  const done = run();
  // Waiting for what is done already would be counted.
  if (done !== undefined) await done;
  return performance.now() - begin;
}
