import { describe, expect, test } from 'vitest';
import { payloadBytes } from '@spillway/delivery';
import { noBackoff, openDelivery } from './open-delivery.ts';
import { type Answer, encodeLines, ERROR, INFO, line, LineServer } from './test-backend.ts';
import { answered, pass, stopTime, until } from './test-clock.ts';
import { SlowOutbox, writeAheadOutbox } from './test-outbox.ts';
import { testPayload } from './test-payload.ts';

const hung: Answer = () => {};
const DEBUG = 5;

/** Bytes of `count` payloads of one such line in the outbox. */
function room(count: number, text = 'a 00'): number {
  const { body, recordOffsets } = encodeLines([line(text)]);
  return count * payloadBytes(testPayload({ body, recordOffsets }));
}

describe.each([
  ['memory', (maxBytes: number) => writeAheadOutbox({ maxBytes })],
  ['asynchronous', (maxBytes: number) => new SlowOutbox(maxBytes)],
])('a full outbox (%s)', (_name, create) => {
  test('drops the least severe, then the oldest, and never what is being sent', async () => {
    const server = await LineServer.start(() => hung);
    const deliveryOptions = {
      outbox: create(room(6)),
      compression: 'none' as const,
      maxConcurrentRequests: 2,
      backoff: noBackoff,
    };
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
    await opened.export(line('d 00', DEBUG));
    await server.received(1);
    await opened.export(line('i 01'), line('d 02', DEBUG), line('e 03', ERROR), line('d 04', DEBUG), line('i 05'));
    expect(opened.drops).toEqual([]);
    const left: string[] = [];
    for (const [text, severity] of [
      ['i 06', INFO],
      ['i 07', INFO],
      ['i 08', INFO],
      ['d 09', DEBUG],
      ['e 10', ERROR],
      ['f 11', 21],
    ] as const) {
      await opened.export(line(text, severity));
      left.push(text);
    }
    expect(opened.destination.stats()).toMatchObject({ received: 12, dropped: { outbox_full: 6 }, held: 6 });
    expect(opened.delivery.stats().outboxBytes).toBe(room(6));
    server.answer = () => 204;
    server.dropConnections();
    await opened.destination.forceFlush();
    expect(server.stored.toSorted()).toEqual(['d 00', 'e 03', 'e 10', 'f 11', 'i 07', 'i 08']);
    expect(opened.destination.stats()).toMatchObject({ passed: 6, held: 0 });
    expect(opened.delivery.stats().outboxBytes).toBe(0);
  });

  test('takes nothing that is less severe than all it has', async () => {
    const server = await LineServer.start(() => 401);
    const deliveryOptions = { outbox: create(room(2)), compression: 'none' as const };
    const opened = openDelivery(server, { recordsPerPayload: 1, deliveryOptions });
    await opened.export(line('e 01', ERROR), line('e 02', ERROR));
    await until(() => opened.delivery.stats().requestsInFlight === 0);
    await opened.export(line('i 03', INFO));
    await until(() => opened.drops.length === 1);
    server.answer = () => 204;
    await opened.destination.forceFlush();
    expect(server.stored.toSorted()).toEqual(['e 01', 'e 02']);
  });

  test('takes nothing that is larger than itself', async () => {
    const server = await LineServer.start();
    const opened = openDelivery(server, { deliveryOptions: { outbox: create(2000), compression: 'none' } });
    expect(await opened.export('x'.repeat(3000))).toBe(0);
    expect(opened.drops).toEqual([{ count: 1, reason: 'outbox_full' }]);
    expect(opened.delivery.stats().outboxBytes).toBe(0);
  });

  test('never holds more than its bound, whatever comes at once', async () => {
    const server = await LineServer.start((_request, index) => (index % 3 === 0 ? 503 : 204));
    const outbox = create(room(10));
    const opened = openDelivery(server, {
      recordsPerPayload: 1,
      deliveryOptions: { outbox, compression: 'none', backoff: noBackoff },
    });
    let most = 0;
    for (let round = 0; round < 10; round += 1) {
      await opened.export(...Array.from({ length: 15 }, (_, index) => line(`a ${10 + index}`, 1 + ((index * 7) % 24))));
      most = Math.max(most, opened.delivery.stats().outboxBytes);
    }
    await until(() => opened.destination.stats().held === 0);
    const { passed, droppedTotal } = opened.destination.stats();
    expect(most).toBeLessThanOrEqual(room(10));
    expect(passed + droppedTotal).toBe(150);
    expect(opened.drops.every(({ reason }) => reason === 'outbox_full')).toBe(true);
  });
});

describe('an outbox that fails', () => {
  test('to take a payload: dropped with the error, and the export is answered', async () => {
    const server = await LineServer.start();
    for (const put of [
      () => Promise.reject(new Error('disk full')),
      () => {
        throw new Error('disk full');
      },
    ]) {
      const outbox = Object.assign(writeAheadOutbox(), { put });
      const opened = openDelivery(server, { deliveryOptions: { outbox } });
      expect(await opened.export('a', 'b')).toBe(0);
      expect(opened.drops).toMatchObject([{ count: 2, reason: 'outbox_full', error: { name: 'OutboxError' } }]);
      expect(opened.drops[0]?.error?.cause).toEqual(new Error('disk full'));
      expect(opened.delivery.stats().outboxBytes).toBe(0);
    }
  });

  test('to remove a payload: it is delivered all the same', async () => {
    const outbox = Object.assign(new SlowOutbox(), { remove: () => Promise.reject(new Error('read only')) });
    const server = await LineServer.start();
    const opened = openDelivery(server, { deliveryOptions: { outbox } });
    await opened.export('a');
    await opened.destination.forceFlush();
    expect(opened.destination.stats()).toMatchObject({ passed: 1, held: 0 });
  });

  test('to give one payload: the others are delivered, and it is given up in the end', async () => {
    const outbox = new SlowOutbox();
    const server = await LineServer.start();
    stopTime();
    const opened = openDelivery(server, { deliveryOptions: { outbox, random: () => 0.5 } });
    const exported = opened.export('lost');
    await until(() => outbox.payloads.size === 1);
    outbox.payloads.clear();
    await exported;
    for (let i = 0; i < 1000 && opened.destination.stats().held > 0; i += 1) {
      await opened.export(`more ${i}`);
      await pass(5000);
      await answered(opened.delivery);
    }
    expect(opened.drops).toMatchObject([{ count: 1, reason: 'retry_exhausted', error: { name: 'OutboxError' } }]);
    expect(server.stored).toHaveLength(opened.destination.stats().passed);
  });

  test('to give one for a while: nothing is lost', async () => {
    const outbox = new SlowOutbox();
    const read = outbox.read.bind(outbox);
    let failures = 3;
    outbox.read = (id) => (failures-- > 0 ? Promise.reject(new Error('EMFILE')) : read(id));
    const server = await LineServer.start();
    const opened = openDelivery(server, { deliveryOptions: { outbox, backoff: noBackoff } });
    await opened.export('a');
    await until(() => opened.destination.stats().passed === 1);
    expect([server.stored, opened.drops]).toEqual([['a'], []]);
  });

  test('to close: shutdown ends all the same', async () => {
    const outbox = writeAheadOutbox();
    for (const close of [
      () => Promise.reject(new Error('x')),
      () => {
        throw new Error('x');
      },
    ]) {
      const opened = openDelivery(undefined, { deliveryOptions: { outbox: Object.assign(outbox, { close }) } });
      await expect(opened.destination.shutdown()).resolves.toBeUndefined();
    }
  });
});
