import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { poll } from './poll.ts';

const MAX_OUTPUT_CHARACTERS = 20_000;
const MAX_WAIT_FOR_END_MILLIS = 10_000;

const running = new Set<ChildProcess>();
// A test run that is broken off leaves nothing running either.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A program of this machine that serves HTTP, from its start until it has ended. */
export class Program {
  readonly #command: string;
  readonly #arguments: readonly string[];
  readonly #readyUrl: string;
  #child: ChildProcess | undefined;
  #output = '';
  #failure: Error | undefined;

  /** @param readyUrl answers 200 once the program is ready */
  constructor(command: string, arguments_: readonly string[], readyUrl: string) {
    this.#command = command;
    this.#arguments = arguments_;
    this.#readyUrl = readyUrl;
  }

  /** Resolves once the program is ready. Rejects where it is not installed, ends, or takes too long. */
  async start(): Promise<void> {
    const child = spawn(this.#command, this.#arguments, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#failure = undefined;
    running.add(child);
    child.once('error', (error) => this.#onEnd(child, error));
    child.once('exit', (code, signal) => this.#onEnd(child, new Error(`It ended: ${code ?? signal}`)));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => this.#note(String(data)));
    const failure = await poll(`The start of ${this.#command}`, () => this.#isStarted());
    if (failure === null) return;
    throw new Error(`${this.#command} did not start: ${failure.message}\n${this.#output}`, { cause: failure });
  }

  /** Ends the program, as a service manager does, and waits until it has ended. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !running.has(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), MAX_WAIT_FOR_END_MILLIS);
    await ended;
    clearTimeout(timer);
  }

  /** Ends the program without any warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !running.has(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** Null once it is ready, the error once it has failed, undefined before. */
  async #isStarted(): Promise<Error | null | undefined> {
    if (this.#failure !== undefined) return this.#failure;
    const { ok } = await fetch(this.#readyUrl);
    return ok ? null : undefined;
  }

  #note(text: string): void {
    this.#output = (this.#output + text).slice(-MAX_OUTPUT_CHARACTERS);
  }

  #onEnd(child: ChildProcess, error: Error): void {
    running.delete(child);
    this.#failure = error;
  }
}
