import type { MessagePort, Worker } from 'node:worker_threads';

import { type Deadline, MAX_TIMER_MILLIS } from '@spillway/core';
import { startTimer } from '@spillway/retry';

import { namedError } from '../named-error.ts';
import { inheritedArguments } from './inherited-arguments.ts';
import type { FromWorker, ToWorker, WorkerSettings, WorkerStart } from './messages.ts';

export interface ThreadEvents {
  onMessage(message: FromWorker): void;
  /**
   * The worker has died: whatever it was told has to be told anew to the next one. Says whether there is to be one.
   */
  onDied(error: Error): boolean;
  /** A new worker is there, and knows nothing yet. */
  onStarted(): void;
}

/** A worker that dies is followed by another one after this time, doubled each time until one lives for a while. */
const FIRST_RESTART_MILLIS = 100;
const MAX_RESTART_MILLIS = 30_000;
/** A worker that has lived so long was not broken from the beginning. */
const HEALTHY_MILLIS = 10_000;

/** A thread that is started again when it dies, and the channel to it. Keeps the process alive only while somebody waits. */
export class WorkerThread {
  readonly #url: URL;
  readonly #settings: WorkerSettings;
  readonly #events: ThreadEvents;
  readonly #threads = process.getBuiltinModule('node:worker_threads');
  readonly #finished = new Int32Array(new SharedArrayBuffer(4));
  #worker: Worker | undefined;
  #port: MessagePort | undefined;
  #ticket = 0;
  #lastName = 0;
  #restartMillis = FIRST_RESTART_MILLIS;
  #startedAt = 0;
  #cancelRestart: (() => void) | undefined;
  #hasEnded = false;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(url: URL, settings: WorkerSettings, events: ThreadEvents) {
    this.#url = url;
    this.#settings = settings;
    this.#events = events;
  }

  /** Whether there is a worker now, or will be soon. */
  get isStarted(): boolean {
    return this.#worker !== undefined || this.#cancelRestart !== undefined;
  }

  /** Whether there is a file to run: a process that ends at once would not live to see that there is none. */
  get hasProgram(): boolean {
    if (this.#url.protocol !== 'file:') return true;
    return process.getBuiltinModule('node:fs').existsSync(this.#url);
  }

  /** A number that names nothing else that goes to this thread. */
  nextName(): number {
    this.#lastName += 1;
    return this.#lastName;
  }

  post(message: ToWorker): void {
    this.#port?.postMessage(message);
  }

  start(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    try {
      this.#run();
    } catch (error) {
      // There may be no room for another thread.
      this.#onDeath(error);
      return;
    }
    this.#events.onStarted();
  }

  /** Takes what the worker has said while this thread was blocked. */
  drain(): void {
    const port = this.#port;
    if (port === undefined) return;
    for (;;) {
      const received = this.#threads.receiveMessageOnPort(port);
      if (received === undefined) return;
      this.#events.onMessage(received.message);
    }
  }

  /** Blocks this thread until the worker has stored and sent what it has, for `timeoutMillis` at most. */
  flushSync(timeoutMillis: number): void {
    if (this.#worker === undefined && !this.#hasEnded) this.start();
    if (this.#worker === undefined) return;
    const ticket = (this.#ticket += 1);
    const deadline = performance.now() + timeoutMillis;
    this.post({ kind: 'flush-sync', ticket, timeoutMillis });
    for (;;) {
      const finished = Atomics.load(this.#finished, 0);
      const remaining = deadline - performance.now();
      if (finished >= ticket || remaining <= 0) break;
      Atomics.wait(this.#finished, 0, finished, remaining);
    }
    this.drain();
  }

  /** Ends the worker at once, for good. */
  stop(): void {
    this.#hasEnded = true;
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    void this.#worker?.terminate();
  }

  /** Lets the worker end by itself within the time, then ends it. Resolves when it has ended. */
  async close({ remainingMillis }: Deadline): Promise<void> {
    this.#hasEnded = true;
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    this.post({ kind: 'close' });
    const timer = setTimeout(() => void worker.terminate(), Math.min(remainingMillis, MAX_TIMER_MILLIS));
    await this.#ended;
    clearTimeout(timer);
  }

  #run(): void {
    const { MessageChannel, Worker } = this.#threads;
    const { port1, port2 } = new MessageChannel();
    const workerData = {
      settings: this.#settings,
      port: port2,
      finished: this.#finished.buffer,
    } as unknown as WorkerStart;
    // What an application preloads, such as its instrumentation, must not run once more in here.
    const options = {
      name: 'spillway-delivery',
      workerData,
      transferList: [port2],
      env: { ...process.env, NODE_OPTIONS: '' },
    };
    const worker = new Worker(this.#url, { ...options, execArgv: inheritedArguments(this.#url) });
    this.#worker = worker;
    this.#port = port1;
    this.#startedAt = performance.now();
    port1.on('message', (message: FromWorker) => this.#events.onMessage(message));
    port1.unref();
    worker.unref();
    let cause: unknown;
    worker.on('error', (error) => (cause = error));
    const closed = new Promise<void>((resolve) => port1.on('close', resolve));
    const exited = new Promise<void>((resolve) => {
      worker.on('exit', () => {
        this.#onExit(worker, port1, cause);
        resolve();
      });
    });
    this.#ended = Promise.all([exited, closed]);
  }

  #onExit(worker: Worker, port: MessagePort, cause: unknown): void {
    // What it said before is still on its way.
    if (this.#worker === worker) this.drain();
    port.close();
    this.#worker = undefined;
    this.#port = undefined;
    if (!this.#hasEnded) this.#onDeath(cause);
  }

  #onDeath(cause: unknown): void {
    const why = cause instanceof Error ? `: ${cause.message}` : '.';
    if (!this.#events.onDied(namedError('WorkerError', `The worker of a delivery has ended${why}`, cause))) return;
    if (performance.now() - this.#startedAt > HEALTHY_MILLIS) this.#restartMillis = FIRST_RESTART_MILLIS;
    this.#cancelRestart = startTimer(() => this.start(), this.#restartMillis);
    this.#restartMillis = Math.min(this.#restartMillis * 2, MAX_RESTART_MILLIS);
  }
}
