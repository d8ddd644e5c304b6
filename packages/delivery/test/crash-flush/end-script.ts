import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { flushOnCrash } from '@spillway/delivery';

import { type Answer, StubProcessor } from './stub-processor.ts';

// A program that comes to the end that it is told to. `live` keeps it alive until a signal ends it.
const [, , scenario, answer = 'at-once', timeout = '1000'] = process.argv;
const tell = (line: string): void => void writeSync(1, `${line}\n`);
const timeoutMillis = Number(timeout);

function start(name: string, millis = timeoutMillis, onAsked = (): void => {}): () => void {
  const processor = new StubProcessor((line) => {
    tell(line);
    onAsked();
  }, name);
  processor.answer = answer as Answer;
  return flushOnCrash({ processors: [processor], timeoutMillis: millis });
}

function live(): void {
  setInterval(() => {}, 60_000);
  tell('ready');
}

const scenarios: Record<string, () => void> = {
  exit: () => {
    start('a');
    process.exit(3);
  },
  'exit-listeners': () => {
    start('a');
    process.on('exit', () => tell('app logs'));
    setImmediate(() => process.exit(3));
  },
  'exit-in-exit': () => {
    start('a');
    process.on('exit', () => process.exit(4));
    setImmediate(() => process.exit(3));
  },
  throw: () => {
    start('a');
    throw new Error('crash');
  },
  rejection: () => {
    start('a');
    void Promise.reject(new Error('crash'));
  },
  'throw-in-exit': () => {
    start('a');
    process.on('exit', () => {
      throw new Error('crash');
    });
  },
  caught: () => {
    start('a');
    process.once('uncaughtException', () => tell('app catches'));
    setImmediate(() => tell('app goes on'));
    throw new Error('crash');
  },
  'rejection-caught': () => {
    start('a');
    process.once('unhandledRejection', () => tell('app catches'));
    void Promise.reject(new Error('crash'));
  },
  worker: () => {
    const worker = new Worker(new URL(import.meta.url), { argv: ['throw'] });
    worker.on('error', () => tell('worker ended'));
  },
  empties: () => {
    start('a');
  },
  signal: () => {
    start('a');
    live();
  },
  'signal-without-work': () => {
    const work = setInterval(() => {}, 60_000);
    start('a', timeoutMillis, () => clearInterval(work));
    tell('ready');
  },
  two: () => {
    start('a');
    start('b', timeoutMillis / 2);
    live();
  },
  'app-decides': () => {
    start('a');
    process.once('SIGTERM', () => {
      tell('app handles');
      setTimeout(() => process.exit(5), 2 * timeoutMillis);
    });
    live();
  },
  'app-goes-on': () => {
    start('a');
    process.on('SIGINT', () => tell('app handles'));
    live();
  },
  stopped: () => {
    const stop = start('a');
    stop();
    stop();
    live();
  },
};
scenarios[scenario ?? '']?.();
