import { contenders } from './contenders.ts';
import { median } from './median.ts';
import { type Run, runContender, Sink } from './delivery-run.ts';
import { machineLine, printTable } from './table.ts';

const FLOOR = 'sdk, no-op processor';
const YARDSTICK = 'otlp protobuf, lossless';

const rounds = Number(process.argv[2] ?? 5);
const names = process.argv.length > 3 ? process.argv.slice(3) : Object.keys(contenders);

const sink = await Sink.start();
const runs = new Map<string, Run[]>(names.map((name) => [name, []]));
// Interleaved, so that a slow moment of the machine meets all contenders alike.
for (let round = 0; round < rounds; round += 1) {
  for (const name of names) {
    runs.get(name)?.push(await runContender(name, sink));
    process.stderr.write(`round ${round + 1}/${rounds}: ${name}\n`);
  }
}
sink.stop();

const figure = (name: string, field: keyof Run): number => median((runs.get(name) ?? []).map((run) => run[field]));

const cpuOf = (name: string, round: number): number => runs.get(name)?.[round]?.cpuMicrosPerRecord ?? Number.NaN;

/** CPU above the floor relative to the yardstick's, of the same round each time; the median of the rounds. */
function relativeCpu(name: string): number {
  const ratios = Array.from({ length: rounds }, (_, round) => {
    const floor = cpuOf(FLOOR, round);
    return (cpuOf(name, round) - floor) / (cpuOf(YARDSTICK, round) - floor);
  });
  return median(ratios);
}

console.log(machineLine());
console.log(`200,000 records a run after a warm-up of 100,000, medians of ${rounds} interleaved rounds\n`);
printTable(
  [
    'contender',
    'delivered',
    'CPU µs/record',
    'above floor, relative',
    'bytes/record',
    'requests',
    'loop delay p99 ms',
    'peak RSS MiB',
  ],
  names.map((name) => [
    name,
    figure(name, 'delivered').toLocaleString('en'),
    figure(name, 'cpuMicrosPerRecord').toFixed(2),
    relativeCpu(name).toFixed(2),
    figure(name, 'bytesPerRecord').toFixed(0),
    figure(name, 'requests').toFixed(0),
    figure(name, 'delayP99Millis').toFixed(1),
    figure(name, 'peakRssMiB').toFixed(0),
  ]),
);
