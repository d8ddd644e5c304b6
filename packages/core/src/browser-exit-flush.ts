import type { ExitFlushTarget } from './node-exit-flush.ts';

/** Stands for `node-exit-flush.ts` in bundles for pages, which have no process that ends; see `page-lifecycle.ts`. */
export function flushBeforeExit(_target: ExitFlushTarget): () => void {
  return () => {};
}

export function onBeforeExit(_callback: () => void): () => void {
  return () => {};
}

export function onExit(_callback: () => void): () => void {
  return () => {};
}

export type { ExitFlushTarget };
