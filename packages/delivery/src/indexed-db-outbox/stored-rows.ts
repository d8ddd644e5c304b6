import type { Payload } from '../payload.ts';
import type { OutboxDatabase, RowKey } from './outbox-connection.ts';
import { headOf, payloadOf, piecesOf } from './payload-rows.ts';
import type { OnBegun } from './pending-puts.ts';
import { againIfCleared, AREAS, type Area, clearTheWay, mayGiveWay, STORES } from './store-areas.ts';
import { writeIn } from './write-transaction.ts';

/** Where a payload is. */
export interface RowPlace {
  readonly area: Area;
  readonly key: RowKey;
}

/** A head as it was found, which may be anything. */
export interface FoundHead extends RowPlace {
  readonly head: unknown;
}

/**
 * Puts payloads in one transaction, which begins before this returns, and resolves when it is complete: then all of them
 * are there, and otherwise none. In the area for the last moment it is committed at once: Chromium keeps nothing else of a
 * page that ends right after.
 *
 * @param onBegun what it throws ends the transaction
 */
export function putRows(
  database: OutboxDatabase,
  area: Area,
  session: string,
  payloads: ReadonlyMap<number, Payload>,
  onBegun?: OnBegun,
): Promise<void> {
  const { heads, bodies } = STORES[area];
  if (area === 'last') clearTheWay(database);
  return writeIn(database, [heads, bodies], function* (transaction) {
    onBegun?.(transaction);
    for (const [id, payload] of payloads) {
      yield transaction.objectStore(heads).put(headOf(payload), [session, id]);
      for (const [index, piece] of piecesOf(payload).entries()) {
        yield transaction.objectStore(bodies).put(piece, [session, id, index]);
      }
    }
    if (area === 'last') transaction.commit();
  });
}

/** Undefined where it is not there, or is not what was put. */
export function readRow(database: OutboxDatabase, { area, key }: RowPlace): Promise<Payload | undefined> {
  const { heads, bodies } = STORES[area];
  return againIfCleared(database, async (isAgain) => {
    const transaction = database.transaction([heads, bodies], 'readonly');
    const found = Promise.all([
      transaction.objectStore(heads).get(key),
      transaction.objectStore(bodies).getAll(piecesRange(key)),
      transaction.done,
    ]);
    endOrGiveWay(database, transaction, area, isAgain);
    const [head, pieces] = await found;
    return payloadOf(head, pieces);
  });
}

export async function removeRows(database: OutboxDatabase, places: readonly RowPlace[]): Promise<void> {
  for (const area of AREAS) {
    const keys = places.filter((place) => place.area === area).map(({ key }) => key);
    const { heads, bodies } = STORES[area];
    if (keys.length === 0) continue;
    const remove = (isAgain: boolean): Promise<void> =>
      writeIn(database, [heads, bodies], function* (transaction) {
        for (const key of keys) {
          yield transaction.objectStore(heads).delete(key);
          yield transaction.objectStore(bodies).delete(piecesRange(key));
        }
        endOrGiveWay(database, transaction, area, isAgain);
      });
    await againIfCleared(database, remove);
  }
}

/**
 * Lets Chromium find out how much room there is, which it then knows for half a minute: where it has to ask when the last is
 * put, the page can be gone before the answer, and the transaction with it. Nothing is written.
 */
export function askForRoom(database: OutboxDatabase): void {
  const transaction = database.transaction('leases', 'readwrite');
  const put = transaction.store.put({ holder: '', aliveAtMillis: 0 }, '');
  transaction.abort();
  for (const undone of [put, transaction.done]) undone.catch(() => {});
}

/** Sessions of which there is something, by skipping from one to the next. */
export async function listSessions(database: OutboxDatabase): Promise<string[]> {
  const sessions = new Set<string>();
  for (const area of AREAS) {
    await againIfCleared(database, async () => {
      const transaction = database.transaction(STORES[area].heads, 'readonly');
      if (area === 'last') mayGiveWay(database, transaction);
      const read = async (): Promise<void> => {
        let cursor = await transaction.store.openKeyCursor(IDBKeyRange.lowerBound(['']));
        while (cursor !== null && typeof cursor.key[0] === 'string') {
          const [session] = cursor.key;
          sessions.add(session);
          cursor = await cursor.continue(firstBehind(session));
        }
      };
      await Promise.all([read(), transaction.done]);
    });
  }
  return [...sessions];
}

/** Heads of a session, in the order of their numbers within each area. */
export async function listHeads(database: OutboxDatabase, session: string): Promise<FoundHead[]> {
  const found: FoundHead[] = [];
  const range = IDBKeyRange.bound([session], firstBehind(session), false, true);
  for (const area of AREAS) {
    const [keys, heads] = await againIfCleared(database, (isAgain) => {
      const transaction = database.transaction(STORES[area].heads, 'readonly');
      const { store, done } = transaction;
      const rows = Promise.all([store.getAllKeys(range), store.getAll(range), done]);
      endOrGiveWay(database, transaction, area, isAgain);
      return rows;
    });
    found.push(...keys.map((key, index) => ({ area, key, head: heads[index] })));
  }
  return found;
}

/**
 * Ends a transaction of which all has been asked for. Of a page that is frozen it would stay open otherwise, and what other
 * pages want of the same stores would wait, until Chromium ends the page for it. What is ended so cannot give way: where the
 * last is put it has to be able to, until it had to.
 */
function endOrGiveWay(
  database: OutboxDatabase,
  transaction: Parameters<typeof mayGiveWay>[1] & { readonly commit: () => void },
  area: Area,
  isAgain: boolean,
): void {
  if (area === 'last' && !isAgain) mayGiveWay(database, transaction);
  else transaction.commit();
}

/** Keys of all pieces of a payload. */
function piecesRange(key: RowKey): IDBKeyRange {
  return IDBKeyRange.bound(key, [...key, []]);
}

/** The least key that is behind all of a session. */
function firstBehind(session: string): RowKey {
  return [`${session}\0`] as unknown as RowKey;
}
