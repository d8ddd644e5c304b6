import type { IDBPTransaction, StoreNames } from 'idb';

import type { OutboxDatabase, OutboxSchema } from './outbox-connection.ts';

type Names = readonly StoreNames<OutboxSchema>[];

/**
 * Begins a transaction before it returns, and resolves when it is complete; where anything of it fails, nothing of it is
 * done. All that it rejects is handled.
 * @param work makes its requests, one by one
 */
export async function writeIn<Stores extends Names>(
  database: OutboxDatabase,
  stores: Stores,
  work: (transaction: IDBPTransaction<OutboxSchema, Stores, 'readwrite'>) => Iterable<Promise<unknown>>,
): Promise<void> {
  const transaction = database.transaction(stores, 'readwrite', { durability: 'relaxed' });
  const promises: Promise<unknown>[] = [transaction.done];
  try {
    for (const request of work(transaction)) promises.push(request);
  } catch (error) {
    const settled = Promise.allSettled(promises);
    abort(transaction);
    await settled;
    throw error;
  }
  await Promise.all(promises);
}

/** Otherwise the half of it that was asked for before something was thrown would be kept. */
function abort(transaction: { readonly abort: () => void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended.
  }
}
