import { Deadline, type FlushOptions, readTimeoutMillis, workUntilDeadline } from '../deadline.ts';
import type { Delegate } from './delegate.ts';

/** As long as the SDK's providers wait. */
const FLUSH_TIMEOUT_MILLIS = 30_000;
/** Shorter than the 10 s that container runtimes leave between SIGTERM and SIGKILL. */
const SHUTDOWN_TIMEOUT_MILLIS = 5000;
/** Of a shutdown of several delegates: so much may one that hangs in its flush cost the others. */
const FLUSH_SHARE = 0.5;

/** What a decorator does before its delegates are told. */
export interface LifeHooks {
  /** Hands on what it has not handed on yet, as far as a flush is about that. */
  readonly beforeFlush?: () => void;
  /** Lets go of everything, for good. */
  readonly beforeShutdown?: () => void;
}

/** Flush and end of a decorator: each delegate is told, once, within one budget. Nothing here throws or rejects. */
export class DecoratorLife {
  readonly #delegates: readonly Delegate[];
  readonly #hooks: LifeHooks;
  #isShutDown = false;
  #shutdown: Promise<void> | undefined;

  constructor(delegates: readonly Delegate[], hooks: LifeHooks) {
    this.#delegates = delegates;
    this.#hooks = hooks;
  }

  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  /** Resolves when all delegates have flushed, or when the time is over (30 s by default). */
  async forceFlush(options: FlushOptions | undefined): Promise<void> {
    const deadline = new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS));
    if (this.#shutdown !== undefined) return workUntilDeadline(deadline, this.#shutdown);
    this.#hooks.beforeFlush?.();
    return this.#flush(deadline);
  }

  /** Shuts all delegates down, within 5 s by default; a second call gets the same promise. */
  shutdown(options: FlushOptions | undefined): Promise<void> {
    this.#isShutDown = true;
    this.#shutdown ??= this.#close(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS));
    return this.#shutdown;
  }

  /** Lets all delegates keep what they hold, without asynchronous work. */
  flushSync(deadlineMillis: number): void {
    if (this.#isShutDown) return;
    const deadline = new Deadline(readTimeoutMillis({ timeoutMillis: deadlineMillis }, 0));
    this.#hooks.beforeFlush?.();
    for (const delegate of this.#delegates) delegate.flushSync(deadline);
  }

  async #close(timeoutMillis: number): Promise<void> {
    const deadline = new Deadline(timeoutMillis);
    // A delegate that shuts us down while it is told something must find the promise of this call.
    await Promise.resolve();
    this.#hooks.beforeShutdown?.();
    // A shutdown flushes by itself. Where there are several, none ends before all have flushed.
    if (this.#delegates.length > 1) await this.#flush(new Deadline(timeoutMillis * FLUSH_SHARE));
    await Promise.all(this.#delegates.map((delegate) => delegate.shutdown(deadline)));
  }

  async #flush(deadline: Deadline): Promise<void> {
    await Promise.all(this.#delegates.map((delegate) => delegate.forceFlush(deadline)));
  }
}
