import { type HostProcess, otherListenerCount } from './host-process.ts';

/** Where signal-exit keeps its state: version 4 in the global object, version 3 in the process. Read in 4.1.0 and 3.0.7. */
const SIGNAL_EXIT_4 = Symbol.for('signal-exit emitter');
const SIGNAL_EXIT_3 = '__signal_exit_emitter__';

/**
 * Whether the application listens to a signal, and so decides how the process ends.
 *
 * The listeners of signal-exit, which many packages bring along, do not count. They raise a signal again only where they
 * are alone, as ours do: each would leave the ending to the other. Ours go first, then it is alone.
 */
export function applicationListens(host: HostProcess, signal: string): boolean {
  return otherListenerCount(host, signal) > signalExitListenerCount(host);
}

/** How many listeners of signal-exit each signal has: one for each copy that is in use. */
function signalExitListenerCount(host: HostProcess): number {
  const states: unknown[] = [Reflect.get(globalThis, SIGNAL_EXIT_4), Reflect.get(host, SIGNAL_EXIT_3)];
  let sum = 0;
  for (const state of states) {
    const { count } = (state ?? {}) as { count?: unknown };
    if (typeof count === 'number' && count > 0) sum += count;
  }
  return sum;
}
