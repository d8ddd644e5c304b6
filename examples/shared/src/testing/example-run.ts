import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { onTestFinished } from 'vitest';

/** Several programs start one after the other, also on a machine that has much to do. */
export const EXAMPLE_TIMEOUT_MILLIS = 60_000;

interface Manifest {
  readonly scripts: { readonly start: string };
}

/** An example that runs as its `start` script says, in a process group of its own, as in a terminal. */
export class ExampleRun {
  /** What it has printed so far, on both streams. */
  readonly lines: string[] = [];
  /** Its exit code, when all of its output has come. */
  readonly exitCode: Promise<number | null>;
  readonly #process: ChildProcess;
  #waiting: { readonly pattern: RegExp; readonly resolve: (match: RegExpExecArray) => void }[] = [];

  /** @param folder of the example's package.json */
  constructor(folder: URL, args: readonly string[] = [], environment: Readonly<Record<string, string>> = {}) {
    const { scripts } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as Manifest;
    // `node` is the one that runs the test.
    const [, ...words] = scripts.start.split(' ');
    const child = spawn(process.execPath, [...words, ...args], {
      cwd: fileURLToPath(folder),
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Node 22 says of several things that they are experimental. Nothing is sent beyond this machine.
      env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning', LOKI_URL: '', ...environment },
    });
    this.#process = child;
    onTestFinished(() => void this.#signal('SIGKILL'));
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => this.#onLine(line));
    }
    this.exitCode = once(child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves with the match of the first line that has one. */
  async match(pattern: RegExp): Promise<RegExpExecArray> {
    const known = this.lines.map((line) => pattern.exec(line)).find((match) => match !== null);
    if (known !== undefined) return known;
    return new Promise((resolve) => this.#waiting.push({ pattern, resolve }));
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#signal('SIGINT');
  }

  /** Whether any process of it is there. */
  get isRunning(): boolean {
    return this.#signal(0);
  }

  #signal(signal: NodeJS.Signals | 0): boolean {
    try {
      return process.kill(-(this.#process.pid as number), signal);
    } catch {
      return false;
    }
  }

  #onLine(line: string): void {
    this.lines.push(line);
    this.#waiting = this.#waiting.filter(({ pattern, resolve }) => {
      const match = pattern.exec(line);
      if (match !== null) resolve(match);
      return match === null;
    });
  }
}
