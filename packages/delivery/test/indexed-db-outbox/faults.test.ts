import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { indexedDbOutbox, type Payload } from '../../src/index.ts';
import { collectDiag } from '../diag-lines.ts';
import { CLAIM_KINDS, numbered, requested, TestOrigin } from './test-origin.ts';

const rejections: unknown[] = [];
const onRejection = (reason: unknown): void => void rejections.push(reason);

beforeEach(() => void process.on('unhandledRejection', onRejection));
afterEach(async () => {
  await new Promise((resolve) => setImmediate(resolve));
  process.off('unhandledRejection', onRejection);
  expect(rejections.splice(0)).toEqual([]);
});

describe.each(CLAIM_KINDS)('With %s, an IndexedDB outbox', (kind) => {
  test('takes payloads at the last moment once it is open, also when it is away already, and not before', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    const payloads = new Map([2, 3].map((id) => [id, numbered(id)]));
    expect(() => one.outbox.putNow(payloads)).toThrow('not open');
    await one.adopt();
    const taken = one.outbox.putNow(payloads);
    one.away();
    const last = one.outbox.putNow(new Map([[4, numbered(4)]]));
    expect(await origin.open().adoptNumbers()).toEqual([2, 3, 4]);
    await Promise.all([taken, last]);
  });

  test('commits at the last moment before it returns', async () => {
    const one = new TestOrigin(kind).open();
    await one.adopt();
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    const taken = one.outbox.putNow(new Map([[1, numbered(1)]]));
    expect(commit).toHaveBeenCalledTimes(1);
    await taken;
  });

  test('commits what it reads and removes once all of it is asked for: a page that is frozen holds up no other', async () => {
    const one = new TestOrigin(kind).open();
    await one.put(1);
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    expect(await one.read(1)).toBe(1);
    expect(commit).toHaveBeenCalledTimes(1);
    await one.outbox.remove(1);
    expect(commit.mock.calls.length).toBeGreaterThanOrEqual(2);
  });

  test('does not commit what it reads where the last is put, which must not wait, until that has been put', async () => {
    const one = new TestOrigin(kind).open();
    await one.adopt();
    await one.outbox.putNow(new Map([[1, numbered(1)]]));
    const commit = vi.spyOn(IDBTransaction.prototype, 'commit');
    expect(await one.read(1)).toBe(1);
    expect(commit).toHaveBeenCalledTimes(0);
    const begun = onceBegun('lastHeads', 'readonly');
    const read = one.read(1);
    await begun;
    const put = one.outbox.putNow(new Map([[2, numbered(2)]]));
    expect(commit).toHaveBeenCalledTimes(1);
    expect(await read).toBe(1);
    expect(commit).toHaveBeenCalledTimes(2);
    await put;
  });

  test('keeps nothing of what the storage has no room for', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.put(1);
    // oxlint-disable-next-line typescript/unbound-method -- called on the store that it was called on
    const { put } = IDBObjectStore.prototype;
    const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, ...args) {
      const request = put.apply(this, args);
      if (/bodies/i.test(this.name)) this.transaction.abort();
      return request;
    });
    await expect(one.put(2)).rejects.toThrow('does not take');
    await expect(one.outbox.putNow(new Map([[3, numbered(3)]]))).rejects.toThrow('does not take');
    full.mockRestore();
    expect(await origin.storedKeys()).toEqual([['page1-1', 1]]);
    expect([await one.read(1), await one.read(2), await one.read(3)]).toEqual([1, 'lost', 'lost']);
    await one.put(2);
    expect(await one.read(2)).toBe(2);
  });

  test('keeps nothing of several where one cannot be stored', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.put(1);
    const broken = numbered(3, { destinationId: (() => {}) as unknown as string });
    const payloads = new Map<number, Payload>([
      [2, numbered(2)],
      [3, broken],
    ]);
    await expect(one.outbox.putNow(payloads)).rejects.toThrow('DataCloneError');
    expect(await origin.storedKeys()).toHaveLength(1);
  });

  test('lets the database be deleted, and makes it again after a second', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.put(1);
    await requested(indexedDB.deleteDatabase('outbox'));
    await expect(one.put(2)).rejects.toThrow('has asked to close');
    expect(() => one.outbox.putNow(new Map())).toThrow('not open');
    expect(await one.adoptNumbers()).toEqual([]);
    one.nowMillis += 1000;
    await one.put(2);
    expect([await one.read(1), await one.read(2)]).toEqual(['lost', 2]);
  });

  test('opens the database again that the browser has closed', async () => {
    const opened = vi.spyOn(IDBFactory.prototype, 'open');
    const one = new TestOrigin(kind).open();
    await one.put(1);
    forceCloseDatabase(opened.mock.results[0]?.value.result);
    await expect.poll(() => one.put(2).catch(String)).toContain('The browser has closed the database');
    one.nowMillis += 1000;
    expect(await one.read(1)).toBe(1);
  });

  test('does not wait for ever while somebody keeps the database from being opened', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    const blocking = await requested(indexedDB.open('outbox'));
    const deletion = indexedDB.deleteDatabase('outbox');
    await new Promise((resolve) => (deletion.onblocked = resolve));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const put = one.put(1);
    await Promise.all([expect(put).rejects.toThrow('5000 ms'), vi.advanceTimersByTimeAsync(5000)]);
    await expect(one.put(1)).rejects.toThrow('5000 ms');
    one.nowMillis += 1000;
    blocking.close();
    await one.put(1);
    expect(await one.read(1)).toBe(1);
  });

  test('removes later what could not be removed', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.put(1);
    const broken = vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(() => {
      throw new DOMException('It is broken.', 'UnknownError');
    });
    await one.outbox.remove(1);
    expect(await one.read(1)).toBe('lost');
    broken.mockRestore();
    await one.adopt();
    expect(await origin.storedKeys()).toEqual([]);
  });

  test('deletes what nobody sends in time, tells how many, and leaves the rest', async () => {
    const origin = new TestOrigin(kind);
    const [one, other] = [origin.open(), origin.open({ maxAgeMillis: 1000 })];
    const millis = origin.epochMillis;
    await one.outbox.put(1, numbered(1, { backendId: 'other', takenAtMillis: millis - 1001 }));
    await one.outbox.put(2, numbered(2, { backendId: 'other', takenAtMillis: millis - 1000 }));
    await one.outbox.put(3, numbered(3, { takenAtMillis: millis - 5000 }));
    await other.adopt();
    expect(other.expired).toEqual([]);
    await one.outbox.close();
    expect(await other.adoptNumbers({ accepts: isLines, maxBytes: 0, isEmpty: false })).toEqual([]);
    expect(other.expired).toEqual([1]);
    expect(await other.adoptNumbers({ accepts: isLines })).toEqual([3]);
    await other.outbox.remove(-1);
    expect(await origin.storedKeys()).toEqual([['page1-1', 2]]);
    origin.epochMillis += 1;
    other.nowMillis += 60_000;
    await other.adoptNumbers({ accepts: isLines });
    expect(other.expired).toEqual([1, 1]);
    expect([await origin.storedKeys(), await origin.storedKeys('bodies')]).toEqual([[], []]);
  });

  test('does not send what is not a payload of this version, and deletes it in time', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.put(1, 2, 3);
    const head = await origin.inDatabase(['heads'], (stores) => stores.objectStore('heads').get(['page1-1', 1]));
    await origin.store('heads', ['page1-1', 1], { ...head, recordCount: Number.NaN });
    await origin.store('heads', ['page1-1', 4], { ...head, schemaVersion: 2 });
    await origin.store('heads', ['page1-1', 5], 'nothing that an outbox writes');
    await origin.store('bodies', ['page1-1', 2, 0], new Uint8Array(3));
    await origin.store('heads', ['page1-1\0', []], { ...head });
    expect([await one.read(1), await one.read(2), await one.read(3)]).toEqual(['lost', 'lost', 3]);
    await one.outbox.close();
    const other = origin.open();
    expect((await other.adoptNumbers()).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
    expect(other.expired).toEqual([1]);
    expect(await origin.storedKeys()).toContainEqual(['page1-1', 4]);
  });

  test('does not look into what it has left where it is more than once a minute', async () => {
    const origin = new TestOrigin(kind);
    const [one, other] = [origin.open(), origin.open()];
    await one.put(1);
    await one.outbox.close();
    const getAll = vi.spyOn(IDBObjectStore.prototype, 'getAll');
    const readHeads = (): number =>
      getAll.mock.contexts.filter((store) => (store as IDBObjectStore).name === 'heads').length;
    for (let asked = 0; asked < 3; asked += 1) await other.adoptNumbers({ accepts: () => false });
    expect(readHeads()).toBe(1);
    other.nowMillis += 60_000;
    await other.adoptNumbers({ accepts: () => false });
    expect(readHeads()).toBe(2);
  });

  test('says why what pages have left cannot be taken over, and takes it over later', async () => {
    const origin = new TestOrigin(kind);
    const [one, other] = [origin.open(), origin.open()];
    await one.put(1);
    await one.outbox.close();
    await other.adoptNumbers({ accepts: () => false });
    const broken = vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore) {
      throw new DOMException('It is broken.', 'UnknownError');
    });
    expect(await other.adoptNumbers()).toEqual([]);
    expect(other.problems).toHaveLength(1);
    expect(other.problems[0]).toContain('It is broken.');
    broken.mockRestore();
    expect(await other.adoptNumbers()).toEqual([1]);
  });

  test('finds out at first and every 20 s how much room there is, and writes nothing for it', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put');
    const asked = (): number => put.mock.calls.filter(([, key]) => key === '').length;
    await one.adoptNumbers();
    one.nowMillis += 19_999;
    await one.adoptNumbers();
    expect(asked()).toBe(1);
    one.nowMillis += 1;
    await one.adoptNumbers();
    expect(asked()).toBe(2);
    expect(await origin.storedKeys('leases')).not.toContain('');
    expect(one.problems).toEqual([]);
  });

  test('stores no more of a buffer than is a payload’s', async () => {
    const origin = new TestOrigin(kind);
    const one = origin.open();
    await one.outbox.put(1, numbered(1, { body: new Uint8Array(1000).subarray(10, 20) }));
    const bytes = await origin.inDatabase(['bodies'], (stores) => stores.objectStore('bodies').get(['page1-1', 1, 0]));
    expect([bytes.byteLength, bytes.buffer.byteLength]).toEqual([14, 14]);
  });
});

/** Resolves when a transaction of a store has begun. */
function onceBegun(store: string, mode: IDBTransactionMode): Promise<void> {
  // oxlint-disable-next-line typescript/unbound-method -- called on the database that it was called on
  const begin = IDBDatabase.prototype.transaction;
  return new Promise((resolve) => {
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      if ([args[0]].flat().includes(store) && args[1] === mode) queueMicrotask(resolve);
      return begin.apply(this, args);
    });
  });
}

describe('indexedDbOutbox', () => {
  test('names an option that is wrong', () => {
    expect(() => indexedDbOutbox(null as never)).toThrow(TypeError);
    expect(() => indexedDbOutbox({ databaseName: 1 as never })).toThrow(/databaseName/);
    expect(() => indexedDbOutbox({ databaseName: '' })).toThrow(/databaseName/);
    expect(() => indexedDbOutbox({ maxBytes: 1023 })).toThrow(/maxBytes/);
    expect(() => indexedDbOutbox({ maxAgeMillis: 0 })).toThrow(/maxAgeMillis/);
    expect(() => indexedDbOutbox({ maxByte: 1 } as never)).toThrow(/maxByte/);
  });

  test('has bounds of its own', () => {
    const { maxBytes, maxAgeMillis, writesAhead, worker, recipe } = indexedDbOutbox();
    expect([maxBytes, maxAgeMillis, writesAhead]).toEqual([16 * 1024 * 1024, 86_400_000, true]);
    expect([worker, recipe]).toEqual([undefined, undefined]);
  });

  const refusals: [name: string, indexedDb: PropertyDescriptor][] = [
    ['has none', { value: undefined }],
    [
      'throws where it is asked for one',
      {
        get: () => {
          throw new DOMException('Not allowed here.', 'SecurityError');
        },
      },
    ],
    [
      'throws where one is opened',
      {
        value: {
          open: () => {
            throw new DOMException('Not allowed here.', 'SecurityError');
          },
        },
      },
    ],
  ];

  test.each(refusals)('rejects what is put in a browser that %s', async (_name, indexedDb) => {
    const kept = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB');
    Object.defineProperty(globalThis, 'indexedDB', { ...indexedDb, configurable: true });
    onTestFinished(() => void Object.defineProperty(globalThis, 'indexedDB', kept ?? { value: undefined }));
    vi.stubGlobal('navigator', {});
    onTestFinished(() => void vi.unstubAllGlobals());
    const lines = collectDiag();
    const outbox = indexedDbOutbox();
    await expect(outbox.put(1, numbered(1))).rejects.toThrow('cannot be opened');
    await expect(outbox.put(1, numbered(1))).rejects.toThrow('cannot be opened');
    expect(await outbox.adopt?.({ accepts: () => true, maxBytes: 1, maxPayloads: 1, isEmpty: true })).toEqual([]);
    expect(() => outbox.putNow?.(new Map())).toThrow('not open');
    await outbox.close();
    expect(lines).toEqual([]);
  });

  test('rejects what is put where locks are refused', async () => {
    TestOrigin.begin('locks');
    vi.stubGlobal('navigator', { locks: { request: refuse, query: refuse } });
    const outbox = indexedDbOutbox();
    await expect(outbox.put(1, numbered(1))).rejects.toThrow('Not allowed here.');
    await outbox.close();
  });

  test('tells once that payloads were deleted that nobody has sent', async () => {
    TestOrigin.begin('leases');
    vi.stubGlobal('navigator', {});
    const lines = collectDiag();
    const one = indexedDbOutbox();
    for (const id of [1, 2]) await one.put(id, numbered(id, { takenAtMillis: 0 }));
    await one.close();
    const other = indexedDbOutbox();
    const request = { accepts: () => false, maxBytes: Infinity, maxPayloads: Infinity, isEmpty: true };
    await other.adopt?.(request);
    await other.adopt?.(request);
    expect(lines).toEqual([expect.stringMatching(/^warn @spillway\/delivery .*deleted: 2\.$/)]);
    await other.close();
  });
});

function isLines(backendId: string): boolean {
  return backendId === 'lines';
}

function refuse(): Promise<void> {
  return Promise.reject(new DOMException('Not allowed here.', 'SecurityError'));
}
