import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

import { median } from '../median.ts';
import { machineLine, printTable } from '../table.ts';
import type { ServerFigures } from './tail-server.ts';
import type { ClientCount, WatcherCommand } from './tail-watchers.ts';

/**
 * A burst while ten clients watch, one of which does not read: what it costs the process that logs, what the others get, and
 * what the one gets when it reads on. The naive tail is written to without regard for what clients take.
 */
const records = Number(process.argv[2] ?? 200_000);
const rounds = Number(process.argv[3] ?? 3);
const KINDS = ['spillway', 'naive'] as const;
const SETTLE_MILLIS = 1000;

interface Run extends ServerFigures {
  readonly fast: readonly number[];
  readonly stalled: ClientCount;
}

function start(file: string, args: readonly string[]): ChildProcess {
  const execArgv = ['--conditions=dev', '--expose-gc'];
  return fork(new URL(file, import.meta.url), args, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

async function tell(watchers: ChildProcess, command: WatcherCommand): Promise<ClientCount[]> {
  const answer = answerOf<ClientCount[]>(watchers);
  watchers.send(command);
  return answer;
}

/** Counts once nothing comes any more. */
async function settled(watchers: ChildProcess): Promise<ClientCount[]> {
  let [before, counts] = [await tell(watchers, 'count'), [] as ClientCount[]];
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MILLIS));
    counts = await tell(watchers, 'count');
    if (JSON.stringify(counts) === JSON.stringify(before)) return counts;
    before = counts;
  }
}

async function run(kind: (typeof KINDS)[number]): Promise<Run> {
  const server = start('tail-server.ts', [kind, String(records)]);
  const watchers = start('tail-watchers.ts', [await answerOf<string>(server)]);
  await answerOf(watchers);
  const warm = answerOf(server);
  server.send('warm up');
  await warm;
  const before = await settled(watchers);
  await tell(watchers, 'stall');
  const measured = answerOf<ServerFigures>(server);
  server.send('go');
  const figures = await measured;
  const fast = (await settled(watchers))
    .slice(1)
    .map((count, index) => count.records - (before[index + 1]?.records ?? 0));
  await tell(watchers, 'read on');
  const [last] = await settled(watchers);
  const [first] = before;
  const stalled = {
    records: (last?.records ?? 0) - (first?.records ?? 0),
    missed: (last?.missed ?? 0) - (first?.missed ?? 0),
  };
  server.send('end');
  await once(server, 'exit');
  watchers.kill();
  return { ...figures, fast, stalled };
}

const runs = new Map<string, Run[]>(KINDS.map((kind) => [kind, []]));
for (let round = 0; round < rounds; round += 1) {
  for (const kind of KINDS) {
    runs.get(kind)?.push(await run(kind));
    process.stderr.write(`round ${round + 1}/${rounds}: ${kind}\n`);
  }
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const FIGURES: readonly (readonly [name: string, read: (run: Run) => number, digits: number])[] = [
  ['memory held above what it was before, MiB', ({ heldMiB }) => heldMiB, 1],
  ['RSS while all read, peak MiB', ({ warmRssMiB }) => warmRssMiB, 0],
  ['RSS in the burst, peak MiB', ({ peakRssMiB }) => peakRssMiB, 0],
  ['RSS above, peak MiB', ({ warmRssMiB, peakRssMiB }) => peakRssMiB - warmRssMiB, 1],
  ['each fast client got, fewest records', ({ fast }) => Math.min(...fast), 0],
  ['the stalled one got when it read on', ({ stalled }) => stalled.records, 0],
  ['and was told are missing', ({ stalled }) => stalled.missed, 0],
  ['records of it unaccounted for', ({ stalled }) => records - stalled.records - stalled.missed, 0],
  ['dropped before the tail', ({ evicted }) => evicted, 0],
  ['CPU of the process, µs/record', ({ cpuMicrosPerRecord }) => cpuMicrosPerRecord, 1],
  ['seconds', ({ seconds }) => seconds, 1],
];

console.log(`${machineLine()}\n`);
printTable(
  [`${whole(records)} records, ten clients, medians of ${rounds}`, ...KINDS, 'ratio'],
  FIGURES.map(([name, read, digits]) => {
    const values = KINDS.map((kind) => median((runs.get(kind) ?? []).map(read)));
    const [ours = Number.NaN, theirs = Number.NaN] = values;
    const texts = values.map((value) => value.toLocaleString('en', { maximumFractionDigits: digits }));
    return [name, ...texts, Number.isFinite(ours / theirs) ? (ours / theirs).toFixed(2) : '–'];
  }),
);
