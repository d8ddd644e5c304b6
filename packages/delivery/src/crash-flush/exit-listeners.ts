import {
  type HostListener,
  type HostProcess,
  markListener,
  type Member,
  memberOf,
  otherListenerCount,
} from './host-process.ts';

/**
 * Calls back when the process exits, before its other exit listeners and after them: those may log, and one that throws
 * or calls `process.exit()` again ends the process at its place. Where there are no others, it calls back once.
 */
export class ExitListeners {
  readonly #host: HostProcess;
  readonly #first: HostListener;
  readonly #last: HostListener;
  readonly #onNewListener: HostListener;
  #isMoving = false;
  #isStopped = false;

  constructor(host: HostProcess, member: Member, onExit: () => void) {
    this.#host = host;
    let isNeededTwice = false;
    this.#first = markListener(() => {
      // Asked now: by the time of the second call, listeners for one time are gone.
      isNeededTwice = otherListenerCount(host, 'exit') > 0;
      onExit();
    }, member);
    this.#last = markListener(() => {
      if (isNeededTwice) onExit();
    }, member);
    this.#onNewListener = markListener((event: unknown, listener: unknown) => {
      if (event === 'exit' && memberOf(listener) === undefined) this.#moveSoon();
    }, member);
  }

  start(): void {
    this.#host.prependListener('exit', this.#first);
    this.#host.on('exit', this.#last);
    this.#host.on('newListener', this.#onNewListener);
  }

  stop(): void {
    this.#isStopped = true;
    this.#host.off('newListener', this.#onNewListener);
    this.#host.off('exit', this.#first);
    this.#host.off('exit', this.#last);
  }

  /** Becomes the last listener again: not at once, as Node tells of a listener before it adds it. */
  #moveSoon(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    queueMicrotask(() => {
      this.#isMoving = false;
      if (this.#isStopped) return;
      this.#host.off('exit', this.#last);
      this.#host.on('exit', this.#last);
    });
  }
}
