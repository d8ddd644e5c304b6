import {
  Deadline,
  type DeadlineOptions,
  FLUSH_TIMEOUT_MILLIS,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  workUntilDeadline,
} from '@spillway/core';
import type { Delegate } from './delegate.ts';

/** What a decorator does around what its delegates are told. */
export interface LifeHooks {
  /** Hands on what it has not handed on yet, as far as a flush is about that. */
  readonly beforeFlush?: () => void;
  /** Flushes what the flush of the delegates has brought about, within what is left. Must not reject. */
  readonly afterFlush?: (deadline: Deadline) => Promise<void>;
  /** Lets go of everything, for good. */
  readonly beforeShutdown?: () => void;
}

/** Flush and end of a decorator: each delegate is told, once, within one budget. Nothing here throws or rejects. */
export class DecoratorLife {
  readonly #hooks: LifeHooks;
  readonly #delegates: Delegate[] = [];
  #last: Delegate | undefined;
  #isShutDown = false;
  #hasLetGo = false;
  #isClosed = false;
  #shutdown: Promise<void> | undefined;

  constructor(hooks: LifeHooks) {
    this.#hooks = hooks;
  }

  /** Whether a shutdown has begun. */
  get isShutDown(): boolean {
    return this.#isShutDown;
  }

  add(delegate: Delegate): void {
    this.#delegates.push(delegate);
  }

  /** Adds the one that is still needed while the others are shut down. It is flushed with them. */
  addLast(delegate: Delegate): void {
    this.#last = delegate;
  }

  /** Resolves when all delegates have flushed, or when the time is over (30 s by default). */
  async forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    const deadline = new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS));
    if (this.#shutdown !== undefined) return workUntilDeadline(deadline, this.#shutdown);
    this.#hooks.beforeFlush?.();
    await this.#flush(deadline);
    if (!this.#isShutDown) await this.#hooks.afterFlush?.(deadline);
    return undefined;
  }

  /** Shuts all delegates down, within 5 s by default; a second call gets the same promise. */
  shutdown(options: DeadlineOptions | undefined): Promise<void> {
    this.#isShutDown = true;
    this.#shutdown ??= this.#close(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  /** Lets all delegates keep what they hold, without asynchronous work: also while a shutdown runs, which a crash ends. */
  flushSync(deadlineMillis: number): void {
    if (this.#isClosed) return;
    const deadline = new Deadline(readTimeoutMillis({ timeoutMillis: deadlineMillis }, 0));
    if (this.#isShutDown) this.#letGo();
    else this.#hooks.beforeFlush?.();
    const all = this.#all;
    // They share what is left, so that one that takes all of its time leaves the next theirs.
    all.forEach((delegate, index) => delegate.flushSync(deadline.remainingMillis / (all.length - index)));
  }

  async #close(deadline: Deadline): Promise<void> {
    // A delegate that shuts us down while it is told something must find the promise of this call.
    await Promise.resolve();
    this.#letGo();
    // A shutdown flushes by itself. Where there are several, none ends before all have flushed.
    if (this.#all.length > 1) await this.#flush(stepOf(deadline));
    const step = this.#last === undefined ? deadline : stepOf(deadline);
    await Promise.all(this.#delegates.map((delegate) => delegate.shutdown(step)));
    await this.#last?.shutdown(deadline);
    this.#isClosed = true;
  }

  /** A crash may not leave the time for the microtask that a shutdown begins with. */
  #letGo(): void {
    if (this.#hasLetGo) return;
    this.#hasLetGo = true;
    this.#hooks.beforeShutdown?.();
  }

  async #flush(deadline: Deadline): Promise<void> {
    await Promise.all(this.#all.map((delegate) => delegate.forceFlush(deadline)));
  }

  get #all(): readonly Delegate[] {
    return this.#last === undefined ? this.#delegates : [...this.#delegates, this.#last];
  }
}

/**
 * The end of a step of a shutdown that others follow: half of what is left, so that whatever hangs costs no other its
 * turn; of an endless budget as much as a flush gets.
 */
function stepOf({ remainingMillis }: Deadline): Deadline {
  return new Deadline(Math.min(remainingMillis / 2, FLUSH_TIMEOUT_MILLIS));
}
