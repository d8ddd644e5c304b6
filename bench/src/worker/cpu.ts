import { Sink } from '../delivery-run.ts';
import { machineLine, printTable } from '../table.ts';
import { median, spread } from '../median.ts';
import { type PlacementRun, runPlacements, type RunSettings } from './placement-runs.ts';
import type { Workload } from '../workloads.ts';

/**
 * What logging costs the thread that logs, and the process, by where delivery is placed. Ratios are of runs of the same
 * round, the median of them.
 */
const YARDSTICK = 'inline';
const FLOOR = 'SDK, no-op processor';
const NAMES = [FLOOR, 'inline', 'worker', 'worker, file', 'inline, file'];
const WORKLOADS: readonly Omit<RunSettings, 'watchesDelay'>[] = [
  { workload: 'steady', records: 100_000 },
  { workload: 'burst', records: 200_000 },
];

const rounds = Number(process.argv[2] ?? 5);
const chosen = process.argv.length > 3 ? process.argv.slice(3) : NAMES;

const sink = await Sink.start();
console.log(`${machineLine()}\nMedians of ${rounds} interleaved rounds\n`);
for (const settings of WORKLOADS) {
  print(settings.workload, await runPlacements(chosen, rounds, sink, { ...settings, watchesDelay: false }));
}
sink.stop();

function print(workload: Workload, runs: ReadonlyMap<string, readonly PlacementRun[]>): void {
  const of = (name: string): readonly PlacementRun[] => runs.get(name) ?? [];
  const ratio = (name: string, read: (run: PlacementRun, round: number) => number): string =>
    median(of(name).map((run, round) => read(run, round) / read(of(YARDSTICK)[round] ?? run, round))).toFixed(2);
  const floorOf = (round: number): number => of(FLOOR)[round]?.mainMicros ?? Number.NaN;
  printTable(
    [
      workload,
      'ns/record, main thread',
      'spread',
      'ratio',
      'ratio above floor',
      'ns/record, process',
      'ratio',
      'requests',
      'delivered',
    ],
    [...runs].map(([name, some]) => [
      name,
      (median(some.map(({ mainMicros }) => mainMicros)) * 1000).toFixed(0),
      spread(some.map(({ mainMicros }) => mainMicros)),
      ratio(name, (run) => run.mainMicros),
      ratio(name, (run, round) => run.mainMicros - floorOf(round)),
      (median(some.map(({ processMicros }) => processMicros)) * 1000).toFixed(0),
      ratio(name, (run) => run.processMicros),
      median(some.map(({ requests }) => requests)).toFixed(0),
      Math.min(...some.map(({ delivered }) => delivered)).toLocaleString('en'),
    ]),
  );
}
