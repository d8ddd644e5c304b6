import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';

import type { Answer } from './stub-processor.ts';

const script = fileURLToPath(new URL('end-script.ts', import.meta.url));
const TIMEOUT_MILLIS = 20_000;

interface RunOptions {
  readonly answer?: Answer;
  readonly timeoutMillis?: number;
  /** The signals to send, each when the program has said this line. */
  readonly signals?: readonly (readonly [line: string, signal: NodeJS.Signals])[];
}

/** How a program ended, what it said until then, and how long that took from the first signal on. */
interface Ending {
  readonly lines: readonly string[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly millis: number;
}

async function run(scenario: string, options: RunOptions = {}): Promise<Ending> {
  const { answer = 'at-once', timeoutMillis = 1000, signals = [] } = options;
  const child = spawn(process.execPath, ['--conditions=dev', script, scenario, answer, String(timeoutMillis)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const waiting = [...signals];
  const lines: string[] = [];
  let begin = NaN;
  createInterface(child.stdout).on('line', (line) => {
    lines.push(inHundreds(line));
    if (line !== waiting[0]?.[0]) return;
    if (Number.isNaN(begin)) begin = performance.now();
    child.kill(waiting.shift()?.[1]);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { lines, code, signal, millis: performance.now() - begin };
}

/** A budget in whole hundreds of milliseconds: some of it is spent before a processor is told, on a busy machine more. */
function inHundreds(line: string): string {
  return line.replace(/\d+$/, (millis) => String(Math.ceil(Number(millis) / 100) * 100));
}

/** Without the milliseconds, where only the order matters. */
const calls = ({ lines }: Ending): string[] => lines.map((line) => line.replace(/ \d+$/, ''));

describe('a process that ends by itself', { timeout: TIMEOUT_MILLIS }, () => {
  test('flushes at process.exit(), and keeps the code', async () => {
    expect(await run('exit')).toMatchObject({ lines: ['a flushSync 1000'], code: 3 });
  });

  test('flushes before exit listeners and after them, also those that were added later', async () => {
    const ending = await run('exit-listeners');
    expect(calls(ending)).toEqual(['a flushSync', 'app logs', 'a flushSync']);
    expect(ending.code).toBe(3);
  });

  test('has flushed before an exit listener ends it', async () => {
    expect(await run('exit-in-exit')).toMatchObject({ lines: ['a flushSync 1000'], code: 4 });
  });

  test.each(['throw', 'rejection'])('flushes at a crash, by %s, within one budget with the exit', async (how) => {
    const ending = await run(how);
    expect(calls(ending)).toEqual(['a flushSync', 'a flushSync']);
    expect(ending.lines[0]).toBe('a flushSync 1000');
    expect(ending.code).toBe(1);
  });

  test('flushes at a crash of a worker thread', async () => {
    const ending = await run('worker');
    expect(ending.lines[0]).toBe('a flushSync 1000');
    expect(ending.lines.at(-1)).toBe('worker ended');
    expect(ending.code).toBe(0);
  });

  test('flushes what was logged until an exit listener throws', async () => {
    const ending = await run('throw-in-exit');
    expect(calls(ending)).toEqual(['a forceFlush', 'a flushSync', 'a flushSync']);
    expect(ending.code).not.toBe(0);
  });

  test.each(['caught', 'rejection-caught'])(
    'goes on without a stall where the application catches (%s)',
    async (how) => {
      const ending = await run(how);
      const goesOn = how === 'caught' ? ['app goes on'] : [];
      expect(calls(ending)).toEqual(['app catches', ...goesOn, 'a forceFlush', 'a flushSync']);
      expect(ending.code).toBe(0);
    },
  );

  test('flushes when nothing is left to do', async () => {
    expect(calls(await run('empties'))).toEqual(['a forceFlush', 'a flushSync']);
  });

  test('is not kept alive by flushes that take a turn of the event loop', async () => {
    const ending = await run('empties', { answer: 'next-turn', timeoutMillis: 60_000 });
    expect(calls(ending)).toEqual([...Array<string>(4).fill('a forceFlush'), 'a flushSync']);
  });

  test('is not kept alive by a flush that never ends', async () => {
    const ending = await run('empties', { answer: 'never', timeoutMillis: 100 });
    expect(calls(ending)).toEqual(['a forceFlush', 'a flushSync']);
    expect(ending.code).toBe(0);
  });
});

describe('a signal', { timeout: TIMEOUT_MILLIS }, () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('%s flushes and ends the process as that signal', async (signal) => {
    const ending = await run('signal', { signals: [['ready', signal]] });
    expect(ending).toMatchObject({ lines: ['ready', 'a forceFlush 1000', 'a flushSync 300'], code: null, signal });
  });

  test.each(['rejects', 'throws'] as const)('ends the process though forceFlush %s', async (answer) => {
    const ending = await run('signal', { answer, signals: [['ready', 'SIGTERM']] });
    expect(ending).toMatchObject({ lines: ['ready', 'a forceFlush 1000', 'a flushSync 300'], signal: 'SIGTERM' });
  });

  test('ends the process at the deadline though forceFlush never answers', async () => {
    const ending = await run('signal', { answer: 'never', signals: [['ready', 'SIGTERM']] });
    expect(ending).toMatchObject({ lines: ['ready', 'a forceFlush 1000', 'a flushSync 300'], signal: 'SIGTERM' });
    expect(ending.millis).toBeGreaterThan(900);
    expect(ending.millis).toBeLessThan(5000);
  });

  test('keeps a process alive that has nothing else to do until it has flushed', async () => {
    const ending = await run('signal-without-work', {
      answer: 'never',
      timeoutMillis: 100,
      signals: [['ready', 'SIGTERM']],
    });
    expect(ending).toMatchObject({ lines: ['ready', 'a forceFlush 100', 'a flushSync 100'], signal: 'SIGTERM' });
  });

  test('a second one ends the process at once', async () => {
    const ending = await run('signal', {
      answer: 'never',
      timeoutMillis: 60_000,
      signals: [
        ['ready', 'SIGINT'],
        ['a forceFlush 60000', 'SIGINT'],
      ],
    });
    expect(ending).toMatchObject({ lines: ['ready', 'a forceFlush 60000', 'a flushSync 300'], signal: 'SIGINT' });
  });

  test('ends the process once all who flush have done so', async () => {
    const ending = await run('two', { answer: 'never', timeoutMillis: 600, signals: [['ready', 'SIGTERM']] });
    expect(ending.lines).toEqual([
      'ready',
      'b forceFlush 300',
      'a forceFlush 600',
      'b flushSync 300',
      'a flushSync 300',
    ]);
    expect(ending.signal).toBe('SIGTERM');
  });

  test('that the application listens to is its to handle, once, and it flushes again on exit', async () => {
    const ending = await run('app-decides', { timeoutMillis: 100, signals: [['ready', 'SIGTERM']] });
    expect(ending.lines).toEqual(['ready', 'a forceFlush 100', 'app handles', 'a flushSync 100', 'a flushSync 100']);
    expect(ending).toMatchObject({ code: 5, signal: null });
  });

  test('that the application listens to does not end it, however often', async () => {
    const ending = await run('app-goes-on', {
      signals: [
        ['ready', 'SIGINT'],
        ['a flushSync 300', 'SIGINT'],
        ['a flushSync 300', 'SIGTERM'],
      ],
    });
    const handled = ['a forceFlush 1000', 'app handles', 'a flushSync 300'];
    expect(ending.lines).toEqual(['ready', ...handled, ...handled, 'a forceFlush 1000', 'a flushSync 300']);
    expect(ending.signal).toBe('SIGTERM');
  });

  test('after a stop does what it always does', async () => {
    expect(await run('stopped', { signals: [['ready', 'SIGTERM']] })).toMatchObject({
      lines: ['ready'],
      signal: 'SIGTERM',
    });
  });
});
