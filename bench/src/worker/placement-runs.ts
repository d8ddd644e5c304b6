import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Sink } from '../delivery-run.ts';
import type { PlacementFigures } from './placement-child.ts';
import type { Workload } from '../workloads.ts';

/** One run: what it used, and what arrived. */
export interface PlacementRun extends PlacementFigures {
  readonly delivered: number;
  readonly requests: number;
}

export interface RunSettings {
  readonly workload: Workload;
  readonly records: number;
  readonly watchesDelay: boolean;
}

/** Runs each placement in turn, round after round, so that a slow moment of the machine meets all of them alike. */
export async function runPlacements(
  names: readonly string[],
  rounds: number,
  sink: Sink,
  settings: RunSettings,
): Promise<ReadonlyMap<string, readonly PlacementRun[]>> {
  const runs = new Map<string, PlacementRun[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) {
      const run = await runPlacement(name, sink, settings);
      runs.get(name)?.push(run);
      const micros = `${run.mainMicros.toFixed(2)} of ${run.processMicros.toFixed(2)} µs`;
      process.stderr.write(
        `${settings.workload}, round ${round + 1}/${rounds}: ${name}: ${micros}, ${run.delivered}\n`,
      );
    }
  }
  return runs;
}

async function runPlacement(name: string, sink: Sink, settings: RunSettings): Promise<PlacementRun> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const child = start(name, sink.url, directory, settings);
  try {
    await once(child, 'message');
    await sink.result();
    const exited = once(child, 'exit');
    child.send('go');
    const [figures] = (await once(child, 'message')) as [PlacementFigures];
    await exited;
    const { records: delivered, requests } = await sink.result();
    return { ...figures, delivered, requests };
  } finally {
    child.kill();
    rmSync(directory, { recursive: true });
  }
}

/** Options for Node, such as `--cpu-prof`, come by SPILLWAY_BENCH_NODE_OPTIONS: they are the child's only. */
function start(name: string, url: string, directory: string, settings: RunSettings): ChildProcess {
  const { workload, records, watchesDelay } = settings;
  const extra = (process.env['SPILLWAY_BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
  const args = [name, url, directory, workload, String(records), watchesDelay ? 'delay' : 'cpu'];
  return fork(new URL('placement-child.ts', import.meta.url), args, {
    execArgv: ['--conditions=dev', ...extra],
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
