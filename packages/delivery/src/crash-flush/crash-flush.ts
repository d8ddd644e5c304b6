import { ExitListeners } from './exit-listeners.ts';
import { type HostListener, type HostProcess, markListener, type Member } from './host-process.ts';
import type { ProcessorFlush } from './processor-flush.ts';
import { SignalEnding } from './signal-ending.ts';

/**
 * Flushes before an exit, at most: a flush may itself be what the event loop runs for again, and cannot be told from work
 * of the application, which may have logged.
 */
const MAX_FLUSHES_BEFORE_EXIT = 4;

/** Listens to everything that a process can end with, and flushes. */
export class CrashFlush {
  readonly #host: HostProcess;
  readonly #flush: ProcessorFlush;
  readonly #exit: ExitListeners;
  readonly #signals: SignalEnding;
  readonly #listeners: ReadonlyMap<string, HostListener>;
  /** Left for flushes that block, in milliseconds. A crash and the exit that follows it are one end. */
  #syncMillis: number;
  /** Left for flushes before an exit, in milliseconds, however often the event loop runs empty. */
  #beforeExitMillis: number;
  #flushesBeforeExit = 0;

  constructor(host: HostProcess, flush: ProcessorFlush, timeoutMillis: number) {
    this.#host = host;
    this.#flush = flush;
    this.#syncMillis = timeoutMillis;
    this.#beforeExitMillis = timeoutMillis;
    const member: Member = { phase: 'idle', signal: '', isLeft: false };
    this.#exit = new ExitListeners(host, member, () => this.#flushSync());
    this.#signals = new SignalEnding(host, member, flush, timeoutMillis);
    this.#listeners = new Map([
      ['uncaughtExceptionMonitor', markListener(() => this.#onUncaught(), member)],
      ['beforeExit', markListener(() => this.#onBeforeExit(), member)],
    ]);
  }

  /** Begins to listen, and answers how to stop. */
  start(): () => void {
    for (const [event, listener] of this.#listeners) this.#host.on(event, listener);
    this.#exit.start();
    this.#signals.start();
    return () => this.#stop();
  }

  #stop(): void {
    for (const [event, listener] of this.#listeners) this.#host.off(event, listener);
    this.#exit.stop();
    this.#signals.stop();
  }

  #onUncaught(): void {
    // What the application catches ends nothing: blocking it would only be a stall.
    if (this.#host.listenerCount('uncaughtException') > 0) return;
    if (this.#host.hasUncaughtExceptionCaptureCallback?.() === true) return;
    this.#flushSync();
  }

  #onBeforeExit(): void {
    if (this.#beforeExitMillis <= 0 || this.#flushesBeforeExit >= MAX_FLUSHES_BEFORE_EXIT) return;
    this.#flushesBeforeExit += 1;
    const begin = performance.now();
    void this.#flush.forceFlush(this.#beforeExitMillis).then(() => {
      this.#beforeExitMillis -= performance.now() - begin;
    });
  }

  #flushSync(): void {
    const begin = performance.now();
    this.#flush.flushSync(this.#syncMillis);
    this.#syncMillis = Math.max(0, this.#syncMillis - (performance.now() - begin));
  }
}
