import { describe, expect, test, vi } from 'vitest';

import { payloadBytes, TakenOverPayloadError } from '../../src/index.ts';
import { CLAIM_KINDS, LEASE_MILLIS, numbered, TestOrigin, type TestPage } from './test-origin.ts';

describe.each(CLAIM_KINDS)('With %s, a page', (kind) => {
  const openTwo = (): { origin: TestOrigin; one: TestPage; other: TestPage } => {
    const origin = new TestOrigin(kind);
    return { origin, one: origin.open(), other: origin.open() };
  };

  test('never takes over what a page has put that lives', async () => {
    const { one, other } = openTwo();
    await one.put(1, 2);
    await other.put(3);
    expect(await other.adoptNumbers()).toEqual([]);
    expect(await one.adoptNumbers()).toEqual([]);
    expect([await one.read(1), await one.read(2), await other.read(3)]).toEqual([1, 2, 3]);
    expect(await other.read(1)).toBe('lost');
  });

  test('takes over what a page has left that was closed', async () => {
    const { one, other } = openTwo();
    await one.put(1, 2);
    await one.outbox.close();
    const adopted = await other.adopt();
    expect(adopted.map(({ id, tenant, isOwn, bytes, wireBytes }) => [id, tenant, isOwn, bytes, wireBytes])).toEqual([
      [-1, '1', false, payloadBytes(numbered(1)), 10],
      [-2, '2', false, payloadBytes(numbered(2)), 10],
    ]);
    expect(await other.outbox.read(-2)).toEqual(numbered(2));
    expect(await other.adoptNumbers()).toEqual([]);
  });

  test('takes over what a page has left that ended without a word', async () => {
    const { one, other } = openTwo();
    await one.put(1);
    expect(await other.adoptNumbers()).toEqual([]);
    one.crash();
    expect(await other.adoptNumbers()).toEqual([1]);
    expect(await other.read(-1)).toBe(1);
  });

  test('is the only one that takes it over, where two want to at once', async () => {
    const { origin, one, other } = openTwo();
    const third = origin.open();
    await one.put(1, 2);
    await other.adopt();
    await third.adopt();
    await one.outbox.close();
    const both = await Promise.all([other.adoptNumbers(), third.adoptNumbers()]);
    expect(both.toSorted((a, b) => a.length - b.length)).toEqual([[], [1, 2]]);
  });

  test('gives a session back once all of it is removed that it had taken over', async () => {
    const { origin, one, other } = openTwo();
    await one.put(1, 2);
    await one.outbox.put(3, numbered(3, { backendId: 'other' }));
    await one.outbox.close();
    expect(await other.adoptNumbers({ accepts: (id) => id === 'lines' })).toEqual([1, 2]);
    const third = origin.open();
    await other.outbox.remove(-1);
    expect(await third.adoptNumbers()).toEqual([]);
    await other.outbox.remove(-2);
    expect(await third.adoptNumbers()).toEqual([3]);
    await third.outbox.remove(-1);
    expect(await origin.storedKeys()).toEqual([]);
    expect(await origin.storedKeys('bodies')).toEqual([]);
  });

  test('leaves a session to others of which it takes nothing', async () => {
    const { one, other } = openTwo();
    await one.put(1);
    await one.outbox.close();
    expect(await other.adoptNumbers({ accepts: () => false })).toEqual([]);
    expect(await other.adoptNumbers({ maxBytes: 100, isEmpty: false })).toEqual([]);
    expect(await other.adoptNumbers({ maxPayloads: 0, isEmpty: false })).toEqual([]);
    expect(await other.adoptNumbers()).toEqual([1]);
  });

  test('takes over the oldest sessions first, whole ones, while there is room', async () => {
    const origin = new TestOrigin(kind);
    const [late, early, middle] = [origin.open(), origin.open(), origin.open()];
    await late.outbox.put(1, numbered(1, { takenAtMillis: origin.epochMillis + 3 }));
    await early.outbox.put(1, numbered(2, { takenAtMillis: origin.epochMillis + 1 }));
    await middle.put(3, 4, 5);
    await middle.outbox.put(3, numbered(3, { takenAtMillis: origin.epochMillis + 2 }));
    for (const page of [late, early, middle]) await page.outbox.close();
    const [one, other] = [origin.open(), origin.open()];
    const bytes = payloadBytes(numbered(1));
    // The middle one begins before the others.
    expect(await one.adoptNumbers({ maxPayloads: 2, isEmpty: false })).toEqual([]);
    expect(await one.adoptNumbers({ maxBytes: bytes, isEmpty: true })).toEqual([3, 4, 5]);
    expect(await other.adoptNumbers({ maxBytes: bytes, isEmpty: false })).toEqual([2]);
    expect(await other.adoptNumbers({ maxBytes: 2 * bytes - 1, isEmpty: false })).toEqual([1]);
  });

  test('that is away leaves what it has put to others, and is told so when it is back', async () => {
    const { one, other } = openTwo();
    await one.put(1, 2);
    one.away();
    expect(await other.adoptNumbers()).toEqual([1, 2]);
    one.active();
    expect([await one.read(1), await one.read(2)]).toEqual(['taken over', 'taken over']);
    await expect(one.outbox.read(1)).rejects.toThrow(TakenOverPayloadError);
    await one.outbox.remove(1);
    expect(await one.read(1)).toBe('lost');
    expect([await other.read(-1), await other.read(-2)]).toEqual([1, 2]);
  });

  test('that was away has what nobody has taken over', async () => {
    const { one, other } = openTwo();
    await one.put(1);
    one.away();
    one.active();
    expect(await other.adoptNumbers()).toEqual([]);
    await one.put(2);
    expect([await one.read(1), await one.read(2)]).toEqual([1, 2]);
    await one.outbox.close();
    expect(await other.adoptNumbers()).toEqual([1, 2]);
  });

  test('begins anew where somebody else has what it had put', async () => {
    const { origin, one, other } = openTwo();
    await one.put(1);
    one.away();
    await other.adopt();
    one.active();
    await one.put(2);
    expect(await one.read(2)).toBe(2);
    expect(await origin.storedKeys()).toEqual([
      ['page1-1', 1],
      ['page1-2', 2],
    ]);
    expect(await other.adoptNumbers()).toEqual([]);
  });

  test('is told of each payload that another one has sent while it was away and has ended since', async () => {
    const { one, other } = openTwo();
    await one.put(1, 2);
    one.away();
    await other.adopt();
    await other.outbox.remove(-1);
    await other.outbox.close();
    one.active();
    await one.put(3);
    expect([await one.read(1), await one.read(2), await one.read(3)]).toEqual(['taken over', 2, 3]);
  });

  test('calls lost what is gone without anybody having had it', async () => {
    const { origin, one } = openTwo();
    await one.put(1);
    one.away();
    one.active();
    await one.put(2);
    for (const key of await origin.storedKeys()) {
      await origin.inDatabase(['heads'], (transaction) => transaction.objectStore('heads').delete(key));
    }
    expect([await one.read(1), await one.read(2)]).toEqual(['taken over', 'lost']);
  });

  test('that had taken over something loses it in its turn while it is away', async () => {
    const { origin, one, other } = openTwo();
    await one.put(1);
    await one.outbox.close();
    expect(await other.adoptNumbers()).toEqual([1]);
    other.away();
    expect(await origin.open().adoptNumbers()).toEqual([1]);
    other.active();
    expect(await other.read(-1)).toBe('taken over');
  });

  test('may be told again and again that it is away or active', async () => {
    const { one, other } = openTwo();
    one.active();
    await one.put(1);
    one.active();
    expect(await other.adoptNumbers()).toEqual([]);
    one.away();
    one.away();
    one.active();
    one.active();
    one.away();
    one.active();
    expect(await one.read(1)).toBe(1);
    expect(await other.adoptNumbers()).toEqual([]);
  });

  test('waits with what it is asked until it is back', async () => {
    const { origin, one } = openTwo();
    await one.put(1, 2);
    one.away();
    const answers = [one.read(1), one.put(3), one.outbox.remove(2), one.adoptNumbers()];
    // It may not be back: what it logs all the same is stored at once.
    await answers[1];
    expect(await origin.storedKeys()).toHaveLength(3);
    one.active();
    expect(await Promise.all(answers)).toEqual([1, undefined, undefined, []]);
    expect(await origin.storedKeys()).toEqual([
      ['page1-1', 1],
      ['page1-1', 3],
    ]);
  });

  test('is told that somebody else has what it was reading when it went away', async () => {
    const { one, other } = openTwo();
    await one.put(1);
    vi.spyOn(IDBObjectStore.prototype, 'get').mockImplementationOnce(function (this: IDBObjectStore, key) {
      one.away();
      return this.get(key);
    });
    const reading = one.read(1);
    expect(await other.adoptNumbers()).toEqual([1]);
    one.active();
    expect(await reading).toBe('taken over');
  });

  test('removes nothing that is in the hands of another one', async () => {
    const { one, other } = openTwo();
    await one.put(1);
    one.away();
    const removed = one.outbox.remove(1);
    await other.adopt();
    one.active();
    await removed;
    expect(await other.read(-1)).toBe(1);
  });

  test('can be closed while it is away, and leaves no claim', async () => {
    const { origin, one, other } = openTwo();
    await one.put(1);
    one.away();
    const waiting = one.read(1);
    await Promise.all([one.outbox.close(), expect(waiting).rejects.toThrow('closed')]);
    expect(one.isListening).toBe(false);
    expect([origin.locks.heldNames, await origin.storedKeys('leases')]).toEqual([[], []]);
    expect(await other.adoptNumbers()).toEqual([1]);
  });

  test('removes before it is closed what was to be removed', async () => {
    const { origin, one } = openTwo();
    await one.put(1, 2);
    void one.outbox.remove(1);
    await one.outbox.close();
    expect(await origin.storedKeys()).toEqual([['page1-1', 2]]);
    await expect(one.put(3)).rejects.toThrow('closed');
    expect(() => one.outbox.putNow(new Map())).toThrow('closed');
    expect(await one.adoptNumbers()).toEqual([]);
  });
});

describe('With leases, a page', () => {
  test('that slept through its lease has what nobody has taken over', async () => {
    const origin = new TestOrigin('leases');
    const one = origin.open();
    await one.put(1);
    origin.epochMillis += 2 * LEASE_MILLIS;
    await one.put(2);
    expect([await one.read(1), await one.read(2)]).toEqual([1, 2]);
    expect(await origin.open().adoptNumbers()).toEqual([]);
  });

  test('that slept through its lease is told what others have taken over', async () => {
    const origin = new TestOrigin('leases');
    const [one, other] = [origin.open(), origin.open()];
    await one.put(1);
    origin.epochMillis += 2 * LEASE_MILLIS;
    expect(await other.adoptNumbers()).toEqual([1]);
    expect(await one.read(1)).toBe('taken over');
  });

  test('removes leases of pages that have ended and left nothing', async () => {
    const origin = new TestOrigin('leases');
    const [one, other] = [origin.open(), origin.open()];
    await one.adopt();
    await other.put(1);
    origin.epochMillis += 2 * LEASE_MILLIS;
    const third = origin.open();
    await third.adopt();
    expect(await origin.storedKeys('leases')).toEqual(['page2-1', 'page3-1']);
  });
});

test('With locks, a page takes over what is there once it has the lock, not what it saw before', async () => {
  const origin = new TestOrigin('locks');
  const [one, other, third] = [origin.open(), origin.open(), origin.open()];
  await one.put(1, 2);
  await one.outbox.close();
  await Promise.all([other, third].map((page) => page.adopt({ accepts: () => false })));
  const take = origin.locks.take.bind(origin.locks);
  vi.spyOn(origin.locks, 'take').mockImplementationOnce(async (...request) => {
    expect(await third.adoptNumbers()).toEqual([1, 2]);
    await third.outbox.remove(-1);
    await third.outbox.close();
    return take(...request);
  });
  expect(await other.adoptNumbers()).toEqual([2]);
});

test('With locks, a page from which somebody steals its lock is told what it has lost', async () => {
  const origin = new TestOrigin('locks');
  const [one, other] = [origin.open(), origin.open()];
  await one.put(1);
  one.crash();
  expect(await other.adoptNumbers()).toEqual([1]);
  expect(await one.read(1)).toBe('taken over');
  await one.put(2);
  expect(await one.read(2)).toBe(2);
});
