import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

import { diag } from '@opentelemetry/api';

/** Says a line to the test, at once: what was said has been said, however the process ends. */
export function tell(line: string): void {
  let rest = Buffer.from(`${line}\n`);
  while (rest.byteLength > 0) rest = rest.subarray(writeSome(rest));
}

/** The pipe is full while the test is busy. */
function writeSome(bytes: Buffer): number {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return 0;
  }
}

/** Hears what the test says, which does not keep the process alive. */
export function onSaid(listener: (line: string) => void): void {
  createInterface(process.stdin).on('line', listener);
  // A pipe keeps a process alive even while nobody reads it.
  (process.stdin as unknown as Socket).unref();
}

function tellOf(level: string): (text: string, ...causes: unknown[]) => void {
  return (text, ...causes) => tell(`diag ${level} ${[text, ...causes].map(String).join(' ').replaceAll('\n', ' ')}`);
}

function unheard(): void {}

/** Tells the test what an operator would read. */
export function tellDiag(): void {
  diag.setLogger({
    error: tellOf('error'),
    warn: tellOf('warn'),
    info: tellOf('info'),
    debug: unheard,
    verbose: unheard,
  });
}
