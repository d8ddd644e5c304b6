/** Total time that flushing may delay the end of the process, in milliseconds, however often its event loop runs empty. */
const BUDGET_MILLIS = 5000;

/** What is flushed when the event loop runs empty. */
export interface ExitFlushTarget {
  /** How many records have come so far: unless it has grown there is nothing new to flush. */
  readonly entered: number;
  /** Resolves within the timeout; keeps the process alive until then. */
  forceFlush(options: { readonly timeoutMillis: number }): Promise<void>;
}

/** Callbacks of one event behind one listener, so that many of them are no leak warning. */
class Listeners {
  readonly #callbacks = new Set<() => void>();
  readonly #listen: (listener: () => void) => () => void;
  #stop: (() => void) | undefined;

  /** @param listen begins to listen, and answers how to stop */
  constructor(listen: (listener: () => void) => () => void) {
    this.#listen = listen;
  }

  add(callback: () => void): () => void {
    if (this.#callbacks.size === 0) this.#stop = this.#listen(() => this.#callAll());
    this.#callbacks.add(callback);
    return () => {
      if (this.#callbacks.delete(callback) && this.#callbacks.size === 0) this.#stop?.();
    };
  }

  /** The latest first: a decorator is made after its delegate, which must find what the decorator hands on. */
  #callAll(): void {
    for (const callback of [...this.#callbacks].toReversed()) callback();
  }
}

const beforeExit = new Listeners((listener) => {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (typeof process?.on !== 'function') return () => {};
  process.on('beforeExit', listener);
  return () => process.removeListener?.('beforeExit', listener);
});

const exit = new Listeners((listener) => {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (typeof process?.on !== 'function') return () => {};
  process.on('exit', listener);
  return () => process.removeListener?.('exit', listener);
});

const pageHidden = new Listeners((listener) => {
  if (typeof document !== 'object' || typeof document.addEventListener !== 'function') return () => {};
  const page = document;
  const onChange = (): void => {
    if (page.visibilityState === 'hidden') listener();
  };
  page.addEventListener('visibilitychange', onChange);
  return () => page.removeEventListener('visibilitychange', onChange);
});

/** Calls back when nothing else is left for the process to do. Answers how to stop that. */
export function onBeforeExit(callback: () => void): () => void {
  return beforeExit.add(callback);
}

/** Calls back when the process ends, whatever ends it but a signal: nothing asynchronous happens any more. Answers how to stop that. */
export function onExit(callback: () => void): () => void {
  return exit.add(callback);
}

/** Calls back when the page is hidden, which is the last that many pages are told of. Answers how to stop that. */
export function onPageHidden(callback: () => void): () => void {
  return pageHidden.add(callback);
}

/**
 * Flushes the target when nothing else is left for the process to do: once for each time that something has come, for 5 s
 * in all. Answers how to stop that.
 */
export function flushBeforeExit(target: ExitFlushTarget): () => void {
  let remainingMillis = BUDGET_MILLIS;
  let flushedUpTo = 0;
  return onBeforeExit(() => {
    if (target.entered === flushedUpTo || remainingMillis <= 0) return;
    flushedUpTo = target.entered;
    const begin = performance.now();
    const onEnd = (): void => {
      remainingMillis -= performance.now() - begin;
    };
    // How a flush ends is for the target to tell.
    target.forceFlush({ timeoutMillis: remainingMillis }).then(onEnd, onEnd);
  });
}
