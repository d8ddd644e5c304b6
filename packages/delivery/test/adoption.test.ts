import { type AdoptedPayload, type AdoptionRequest, MemoryOutbox, type Outbox } from '@spillway/delivery';
import { expect, test, vi } from 'vitest';
import { openDelivery } from './open-delivery.ts';
import { encodeLines, line, LineServer } from './test-backend.ts';
import { until } from './test-clock.ts';
import { testPayload } from './test-payload.ts';

/** An outbox in which an earlier process has left one payload for each of these lines. */
class LeftOutbox extends MemoryOutbox {
  readonly writesAhead = true;
  readonly requests: AdoptionRequest[] = [];
  #left: AdoptedPayload[];
  #nextId = -1;

  constructor(lines: readonly string[], values: Partial<AdoptedPayload> = {}) {
    super();
    this.#left = lines.map((text) => this.#leave(text, values));
  }

  adopt(request: AdoptionRequest): readonly AdoptedPayload[] {
    this.requests.push(request);
    const left = this.#left;
    this.#left = [];
    return left;
  }

  #leave(text: string, values: Partial<AdoptedPayload>): AdoptedPayload {
    const { body, recordOffsets } = encodeLines([line(text)]);
    const payload = testPayload({ body, recordOffsets, takenAtMillis: Date.now(), ...values });
    const id = this.#nextId--;
    this.put(id, payload);
    return { ...payload, id, wireBytes: body.byteLength, bytes: 600, isOwn: false, ...values };
  }
}

const options = (outbox: Outbox): Parameters<typeof openDelivery>[1] => ({
  deliveryOptions: { outbox, maxConcurrentRequests: 1, compression: 'none' },
});

test('what an earlier process has left is delivered, oldest first, before anything new, and counted as recovered', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, options(new LeftOutbox(['a', 'b', 'c'])));
  await until(() => opened.destination.stats().recovered === 3);
  await opened.export('new');
  await opened.destination.forceFlush();
  expect(server.stored).toEqual(['a', 'b', 'c', 'new']);
  expect(opened.destination.stats()).toMatchObject({ received: 1, recovered: 3, passed: 4, held: 0 });
});

test('what this process itself has put there is in the ledger already', async () => {
  const server = await LineServer.start();
  const opened = openDelivery(server, options(new LeftOutbox(['a'], { isOwn: true })));
  // As if it had been taken through another outbox before.
  opened.destination.onRecovered(1);
  await until(() => server.stored.length === 1);
  await opened.destination.forceFlush();
  expect(opened.destination.stats()).toMatchObject({ recovered: 1, passed: 1, held: 0 });
});

test('what is too old is dropped at once, and counted', async () => {
  const server = await LineServer.start();
  const outbox = new LeftOutbox(['a'], { takenAtMillis: Date.now() - 7 * 24 * 3600 * 1000 });
  const opened = openDelivery(server, options(outbox));
  await until(() => opened.destination.stats().recovered === 1);
  expect(opened.destination.stats()).toMatchObject({ dropped: { expired: 1 }, held: 0 });
  expect(() => outbox.read(-1)).toThrow('no payload');
  expect(opened.delivery.stats().outboxBytes).toBe(0);
});

test('it goes to the destination that it came from, or to another of its backend; others are not asked for', async () => {
  const [first, second] = [await LineServer.start(), await LineServer.start()];
  const outbox = new LeftOutbox(['a'], { destinationId: 'lines#2' });
  const { delivery } = openDelivery(first, options(outbox));
  const { destination } = openDelivery(second, { delivery });
  await until(() => second.stored.length === 1);
  await destination.forceFlush();
  expect(first.stored).toEqual([]);
  expect(outbox.requests[0]?.accepts('lines')).toBe(true);
  expect(outbox.requests[0]?.accepts('loki')).toBe(false);
  const third = await LineServer.start();
  const other = openDelivery(third, options(new LeftOutbox(['b'], { destinationId: 'lines#9' })));
  await until(() => third.stored.length === 1);
  await other.destination.forceFlush();
});

test('it looks again each second, and no more after shutdown', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const outbox = new LeftOutbox([]);
    const opened = openDelivery(undefined, options(outbox));
    await vi.advanceTimersByTimeAsync(2500);
    expect(outbox.requests).toHaveLength(3);
    await opened.destination.shutdown();
    await vi.advanceTimersByTimeAsync(5000);
    expect(outbox.requests).toHaveLength(3);
  } finally {
    vi.useRealTimers();
  }
});

test('what is in a durable outbox at shutdown stays held, and in the outbox', async () => {
  const server = await LineServer.start(() => 503);
  const outbox = new LeftOutbox([]);
  const opened = openDelivery(server, { ...options(outbox), isLeftHeld: true });
  await opened.export('a');
  await opened.destination.shutdown({ timeoutMillis: 20 });
  expect(opened.destination.stats()).toMatchObject({ received: 1, droppedTotal: 0, held: 1 });
});

test('a payload that is gone or damaged is dropped as invalid, and holds nothing up', async () => {
  const server = await LineServer.start();
  const outbox = new LeftOutbox(['a', 'b']);
  outbox.remove(-1);
  const opened = openDelivery(server, options(outbox));
  await until(() => server.stored.length === 1);
  await opened.destination.forceFlush();
  expect(opened.destination.stats()).toMatchObject({ recovered: 2, passed: 1, dropped: { invalid: 1 } });
});

test('flushSync puts what is on the way into a durable outbox, and answers for it, before it returns', async () => {
  const server = await LineServer.start();
  const outbox = new LeftOutbox([]);
  const put = vi.spyOn(outbox, 'put');
  const opened = openDelivery(server, { ...options(outbox), deliveryOptions: { outbox, compression: 'gzip' } });
  const codes: number[] = [];
  opened.destination.export([line('a')], ({ code }) => codes.push(code));
  await Promise.resolve();
  opened.destination.export([line('b')], ({ code }) => codes.push(code));
  opened.destination.flushSync(1000);
  // The first is being stored: it is answered when that is known.
  expect(put).toHaveBeenCalledTimes(2);
  expect(opened.destination.stats().received).toBe(2);
  expect(codes).toEqual([0, 0]);
  await opened.destination.forceFlush();
  expect(server.stored.toSorted()).toEqual(['a', 'b']);
  expect(put).toHaveBeenCalledTimes(2);
});
