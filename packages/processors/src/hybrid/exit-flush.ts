/** Total time that flushing may delay the end of the process, in milliseconds, however often its event loop runs empty. */
const BUDGET_MILLIS = 5000;

/** What is flushed when the event loop runs empty. */
export interface ExitFlushTarget {
  /** How many records have come so far: unless it has grown there is nothing new to flush. */
  readonly entered: number;
  /** Resolves within the timeout; keeps the process alive until then. */
  forceFlush(options: { readonly timeoutMillis: number }): Promise<void>;
}

/** Ways to be told of the end; all registered flushes share one listener, so that many of them are no leak warning. */
const flushes = new Set<() => void>();
const onBeforeExit = (): void => {
  for (const flush of flushes) flush();
};

/** Flushes the target when nothing else is left for the process to do. Answers how to stop that. */
export function flushBeforeExit(target: ExitFlushTarget): () => void {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (typeof process?.on !== 'function') return () => {};
  let remainingMillis = BUDGET_MILLIS;
  let flushedUpTo = 0;
  const flush = (): void => {
    if (target.entered === flushedUpTo || remainingMillis <= 0) return;
    flushedUpTo = target.entered;
    const begin = performance.now();
    void target.forceFlush({ timeoutMillis: remainingMillis }).then(() => {
      remainingMillis -= performance.now() - begin;
    });
  };
  if (flushes.size === 0) process.on('beforeExit', onBeforeExit);
  flushes.add(flush);
  return () => {
    if (flushes.delete(flush) && flushes.size === 0) process.removeListener?.('beforeExit', onBeforeExit);
  };
}

/** Calls back when the page is hidden, which is the last that many pages are told of. Answers how to stop that. */
export function onPageHidden(callback: () => void): () => void {
  if (typeof document !== 'object' || typeof document.addEventListener !== 'function') return () => {};
  const page = document;
  const listener = (): void => {
    if (page.visibilityState === 'hidden') callback();
  };
  page.addEventListener('visibilitychange', listener);
  return () => page.removeEventListener('visibilitychange', listener);
}
