import type { AsyncLocalStorage } from 'node:async_hooks';

import { withTracingSuppressed } from '@spillway/core';

/**
 * Recognises what handlers log themselves: handed to them again, it would lead to more of it without end.
 *
 * What a handler logs before it returns is recognised everywhere, what it logs later in Node, and elsewhere where the
 * application has registered a context manager.
 */
export class OwnDoing {
  readonly #storage = asyncStorage();
  #isRunning = false;

  /** Whether the code that runs now was caused by one of the calls. */
  get isActive(): boolean {
    return this.#isRunning || this.#storage?.getStore() === true;
  }

  /** Runs what may log. */
  run<T>(call: () => T): T {
    const wasRunning = this.#isRunning;
    this.#isRunning = true;
    try {
      const suppressed = (): T => withTracingSuppressed(call);
      return this.#storage === undefined ? suppressed() : this.#storage.run(true, suppressed);
    } finally {
      this.#isRunning = wasRunning;
    }
  }
}

/** Undefined in a browser. */
function asyncStorage(): AsyncLocalStorage<boolean> | undefined {
  const { process } = globalThis as { process?: Partial<NodeJS.Process> };
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  return hooks && new hooks.AsyncLocalStorage<boolean>();
}
