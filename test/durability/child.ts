import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { onTestFinished } from 'vitest';

import type { ApplicationOptions } from './application-options.ts';
import { programOf } from './programs.ts';

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  /** What it wrote to its error output, diagnostics included. */
  readonly errors: string;
  readonly endedAt: number;
}

export interface ChildOptions {
  /** Called with every line as it comes. */
  readonly onLine?: (line: string, child: Child) => void;
  /** Another user, for what root may always do. */
  readonly user?: number;
  /** Runs before the program in the same process, such as `ulimit`. */
  readonly shell?: string;
  readonly onFinished?: (clean: () => void | Promise<void>) => void;
}

/** An application in a process of its own. It ends with the test at the latest. */
export class Child {
  readonly lines: string[] = [];
  readonly ended: Promise<Ending>;
  readonly #process: ChildProcess;
  #errors = '';
  #waiting: { readonly prefix: string; readonly resolve: (line: string) => void }[] = [];

  constructor(script: string, application: ApplicationOptions, options: ChildOptions = {}) {
    const { onLine, user, shell, onFinished = onTestFinished } = options;
    // Node 22 says of its SQLite that it is experimental.
    const argv = ['--disable-warning=ExperimentalWarning', programOf(script), JSON.stringify(application)];
    const command =
      shell === undefined
        ? [process.execPath, ...argv]
        : ['sh', '-c', `${shell}; exec "$@"`, 'sh', process.execPath, ...argv];
    const child = spawn(command[0] as string, command.slice(1), {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '' },
      ...(user !== undefined && { uid: user, gid: user }),
    });
    this.#process = child;
    onFinished(() => void child.kill('SIGKILL'));
    createInterface(child.stdout).on('line', (line) => {
      this.#onLine(line);
      onLine?.(line, this);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    // It may have ended before it is told to.
    child.stdin.on('error', () => {});
    this.ended = this.#end();
  }

  /** Resolves with the first line that begins so, which may have come already; rejects when the process ends without it. */
  async line(prefix: string): Promise<string> {
    const known = this.lines.find((line) => line.startsWith(prefix));
    if (known !== undefined) return known;
    const coming = new Promise<string>((resolve) => this.#waiting.push({ prefix, resolve }));
    const gone = this.ended.then(({ code, signal, errors }) => {
      throw new Error(`Ended with ${code ?? signal} without the line ${prefix}: ${errors}`);
    });
    return Promise.race([coming, gone]);
  }

  /** Lines that come from now on only. */
  forgetLines(): void {
    this.lines.length = 0;
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Says a line to the application. */
  say(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  #onLine(line: string): void {
    this.lines.push(line);
    for (const { prefix, resolve } of this.#waiting) if (line.startsWith(prefix)) resolve(line);
    this.#waiting = this.#waiting.filter(({ prefix }) => !line.startsWith(prefix));
  }

  async #end(): Promise<Ending> {
    let endedAt = NaN;
    this.#process.on('exit', () => (endedAt = performance.now()));
    const [code, signal] = (await once(this.#process, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal, lines: this.lines, errors: this.#errors, endedAt };
  }
}
