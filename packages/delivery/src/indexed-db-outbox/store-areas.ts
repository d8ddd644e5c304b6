import type { OutboxDatabase } from './outbox-connection.ts';

/**
 * Two places for the same: a transaction that still waits for another one when its page ends is forgotten by Chromium, also
 * where it was committed, and only transactions of the same stores wait for each other. What is put at the last moment
 * therefore goes where there is little else, and what this page does there gives way.
 */
export const AREAS = ['ordinary', 'last'] as const;
export type Area = (typeof AREAS)[number];

export const STORES = {
  ordinary: { heads: 'heads', bodies: 'bodies' },
  last: { heads: 'lastHeads', bodies: 'lastBodies' },
} as const;

interface Abortable {
  readonly done: Promise<void>;
  abort(): void;
}

/** What a page does that can be done again, and how often that had to give way. */
interface Givers {
  readonly running: Set<Abortable>;
  clearings: number;
}

const givers = new WeakMap<OutboxDatabase, Givers>();

/** Notes a transaction that gives way to what is put at the last moment. */
export function mayGiveWay(database: OutboxDatabase, transaction: Abortable): void {
  const { running } = giversOf(database);
  running.add(transaction);
  const end = (): void => void running.delete(transaction);
  transaction.done.then(end, end);
}

/** Aborts what gives way. */
export function clearTheWay(database: OutboxDatabase): void {
  const own = giversOf(database);
  own.clearings += 1;
  for (const transaction of own.running) {
    try {
      transaction.abort();
    } catch {
      // It has ended.
    }
  }
}

/**
 * Does something, and again where it had to give way: nothing of it has happened then.
 * @param work is told whether it is done again, when the page may be about to be frozen
 */
export async function againIfCleared<T>(database: OutboxDatabase, work: (isAgain: boolean) => Promise<T>): Promise<T> {
  const own = giversOf(database);
  for (let isAgain = false; ; isAgain = true) {
    const { clearings } = own;
    try {
      return await work(isAgain);
    } catch (error) {
      if (own.clearings === clearings) throw error;
    }
  }
}

function giversOf(database: OutboxDatabase): Givers {
  const known = givers.get(database);
  if (known !== undefined) return known;
  const made: Givers = { running: new Set(), clearings: 0 };
  givers.set(database, made);
  return made;
}
