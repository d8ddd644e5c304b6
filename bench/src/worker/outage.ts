import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { machineLine, printTable } from '../table.ts';
import type { DrainFigures, OutageFigures } from './outage-child.ts';
import type { SinkCommand, SinkCount } from './outage-sink.ts';

/**
 * An outage of ten minutes at 10,000 records a second, in a file outbox of 512 MiB: its records come as fast as the pipeline
 * takes them, its bytes are real. Then the backend comes back.
 */
const RATE_PER_SECOND = 10_000;
const records = Number(process.argv[2] ?? 6_000_000);

function start(file: string, args: readonly string[]): ChildProcess {
  const extra = (process.env['SPILLWAY_BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
  const execArgv = ['--conditions=dev', ...(file === 'outage-child.ts' ? extra : [])];
  return fork(new URL(file, import.meta.url), args, { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [answer] = (await once(child, 'message')) as [T];
  return answer;
}

const sink = start('outage-sink.ts', []);
async function tellSink<T = number>(command: SinkCommand): Promise<T> {
  const answer = answerOf<T>(sink);
  sink.send(command);
  return answer;
}

const directory = mkdtempSync(join(tmpdir(), 'spillway-outage-'));
const port = await tellSink({ kind: 'up' });
const child = start('outage-child.ts', [`http://127.0.0.1:${port}`, join(directory, 'outbox'), String(records)]);
child.once('exit', (code) => {
  if (code !== 0) process.exit(1);
});
await answerOf(child);
await tellSink({ kind: 'down' });
child.send('emit');
const outage = await answerOf<OutageFigures>(child);
process.stderr.write(`held after ${outage.seconds.toFixed(0)} s\n`);
await tellSink({ kind: 'up' });
child.send('drain');
const drain = await answerOf<DrainFigures>(child);
const came = await tellSink<SinkCount>({ kind: 'count', maxRecords: records });
sink.disconnect();
rmSync(directory, { recursive: true });

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const drainRate = drain.delivered / drain.drainSeconds;
console.log(`${machineLine()}\n`);
printTable(
  [`${whole(records)} records in an outage`, 'figure'],
  [
    ['emitted and stored per second', whole(records / outage.seconds)],
    ['held at its end', whole(outage.held)],
    ['disk, peak MiB', whole(Math.max(outage.diskMiB, drain.diskMiB))],
    ['RSS before, MiB', whole(outage.baselineRssMiB)],
    ['RSS above it in the outage, peak MiB', whole(outage.peakRssMiB - outage.baselineRssMiB)],
    ['RSS above it while it drains, peak MiB', whole(drain.peakRssMiB - outage.baselineRssMiB)],
    ['dropped', whole(drain.dropped)],
    ['seconds until the first delivery', drain.waitSeconds.toFixed(1)],
    ['seconds to drain', drain.drainSeconds.toFixed(1)],
    ['drained per second', whole(drainRate)],
    ['by the rate of ingest', (drainRate / RATE_PER_SECOND).toFixed(1)],
    ['requests', whole(came.requests)],
    ['bytes per record', (came.bytes / came.lines).toFixed(1)],
    ['lines that arrived', whole(came.lines)],
    ['different records that arrived', whole(came.distinct)],
  ],
);
