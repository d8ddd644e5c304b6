import { Listeners } from './listeners.ts';

/** Total time that flushing may delay the end of the process, in milliseconds, however often its event loop runs empty. */
const BUDGET_MILLIS = 5000;

/** What is flushed when the event loop runs empty. */
export interface ExitFlushTarget {
  /** How many records have come so far: unless it has grown there is nothing new to flush. */
  readonly entered: number;
  /** Resolves within the timeout; keeps the process alive until then. */
  forceFlush(options: { readonly timeoutMillis: number }): Promise<void>;
}

const beforeExit = new Listeners<'beforeExit'>((emit) => listenToProcess('beforeExit', () => emit('beforeExit')));
const exit = new Listeners<'exit'>((emit) => listenToProcess('exit', () => emit('exit')));

function listenToProcess(event: 'beforeExit' | 'exit', listener: () => void): () => void {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  if (typeof process?.on !== 'function') return () => {};
  process.on(event as 'exit', listener);
  return () => process.removeListener?.(event, listener);
}

/** Calls back when nothing else is left for the process to do. Answers how to stop that. */
export function onBeforeExit(callback: () => void): () => void {
  return beforeExit.add('beforeExit', callback);
}

/** Calls back when the process ends, whatever ends it but a signal: nothing asynchronous happens any more. Answers how to stop that. */
export function onExit(callback: () => void): () => void {
  return exit.add('exit', callback);
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
