import { Sink } from '../delivery-run.ts';
import { machineLine, printTable } from '../table.ts';
import { median, spread } from '../median.ts';
import { type PlacementRun, runPlacements } from './placement-runs.ts';

/**
 * How late the event loop is at 20,000 records a second. The floor is the SDK's batch processor with an exporter that does
 * nothing. Delays are those of a timer of 1 ms, which is among them: an idle loop has 1.1 ms.
 */
const FLOOR = 'SDK batch, no-op exporter';
const NAMES = [FLOOR, 'SDK batch, OTLP JSON', 'inline', 'worker', 'worker, file', 'inline, file'];
const RECORDS = 100_000;

const rounds = Number(process.argv[2] ?? 5);
const chosen = process.argv.length > 3 ? process.argv.slice(3) : NAMES;

const sink = await Sink.start();
const settings = { workload: 'steady', records: RECORDS, watchesDelay: true } as const;
const runs = await runPlacements(chosen, rounds, sink, settings);
sink.stop();

const floorRuns = runs.get(FLOOR) ?? [];
const p99 = ({ delayP99Millis }: PlacementRun): number => delayP99Millis;
console.log(`${machineLine()}\nMedians of ${rounds} interleaved rounds, 20,000 records/s for 5 s\n`);
printTable(
  ['loop delay, ms', 'p50', 'p99', 'spread', 'p99 by the floor', 'max', 'delivered'],
  [...runs].map(([name, some]) => [
    name,
    median(some.map(({ delayP50Millis }) => delayP50Millis)).toFixed(2),
    median(some.map(p99)).toFixed(2),
    spread(some.map(p99)),
    median(some.map((run, round) => p99(run) / p99(floorRuns[round] ?? run))).toFixed(2),
    median(some.map(({ delayMaxMillis }) => delayMaxMillis)).toFixed(1),
    Math.min(...some.map(({ delivered }) => delivered)).toLocaleString('en'),
  ]),
);
