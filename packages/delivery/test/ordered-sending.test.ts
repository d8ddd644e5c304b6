import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Backend, type EncodedPayload, type Payload } from '@spillway/delivery';
import { noBackoff, openDelivery, type OpenOptions, type Opened } from './open-delivery.ts';
import { type Answer, line, lineBackend, LineServer } from './test-backend.ts';
import { answered, nextTurn, pass, stopTime, until } from './test-clock.ts';
import { SlowOutbox } from './test-outbox.ts';

const orderedBackend: Backend = {
  ...lineBackend,
  isOrdered: true,
  classify: (response, payload) =>
    ({
      422: { outcome: 'split', reason: 'rejected', error: new Error('The answer was 422.') } as const,
      502: { outcome: 'retryable', throttled: false, isUnavailable: true, error: new Error('down') } as const,
    })[response.status] ?? lineBackend.classify(response, payload),
};

const deliveryOptions = { random: (): number => 0.5 };

/** Takes every third payload later than those after it. */
class UnevenOutbox extends SlowOutbox {
  override async put(id: number, payload: Payload): Promise<void> {
    for (let turns = id % 3 === 1 ? 5 : 0; turns > 0; turns -= 1) await nextTurn();
    await super.put(id, payload);
  }
}

function explode(): void {
  throw new Error('boom');
}

/** A way to a server that wants payloads in order. */
function openOrdered(server: LineServer, options: OpenOptions = {}): Opened {
  const destinationOptions = { ...options.destinationOptions, backend: orderedBackend };
  return openDelivery(server, { deliveryOptions, ...options, destinationOptions });
}

function lines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${String(index).padStart(4, '0')}`);
}

/** Lets time go on until nothing is held. */
async function drain({ destination, delivery }: Opened): Promise<void> {
  for (let i = 0; i < 1000 && destination.stats().held > 0; i += 1) {
    await pass(5000);
    await answered(delivery);
    await nextTurn();
  }
}

describe('payloads of an ordered backend', () => {
  test('go one at a time, also past urgent ones and beside others', async () => {
    const waiting: (() => void)[] = [];
    const server = await LineServer.start(() => (response) => {
      waiting.push(() => response.writeHead(204).end());
    });
    const ordered = openOrdered(server, { recordsPerPayload: 1 });
    const other = openDelivery(server, { delivery: ordered.delivery });
    await ordered.export(line('first'), line('second', 17), line('third', 24));
    await other.export('beside');
    for (const count of [2, 3, 4]) {
      await until(() => waiting.length > 0 && server.requests.length === count);
      for (const answer of waiting.splice(0)) answer();
    }
    await ordered.destination.forceFlush();
    const sent = server.requests.flatMap((request) => request.lines);
    expect(sent.filter((text) => text !== 'beside')).toEqual(['first', 'second', 'third']);
    expect(sent.slice(0, 2)).toContain('beside');
  });

  test('stay in order where the outbox takes some of them sooner than others', async () => {
    const server = await LineServer.start();
    const ordered = openOrdered(server, { recordsPerPayload: 1, deliveryOptions: { outbox: new UnevenOutbox() } });
    for (const text of lines(20)) {
      void ordered.export(text);
      await Promise.resolve();
    }
    await ordered.export('last');
    await ordered.destination.forceFlush();
    expect(server.stored).toEqual([...lines(20), 'last']);
  });

  test('wait for a backend that says it is down, however long, and are in order afterwards', async () => {
    const server = await LineServer.start(() => 502);
    stopTime();
    const ordered = openOrdered(server, { recordsPerPayload: 1 });
    await ordered.export(...lines(20));
    for (let i = 0; i < 100; i += 1) {
      await pass(60_000);
      await answered(ordered.delivery);
    }
    server.answer = () => 204;
    await drain(ordered);
    expect(server.stored).toEqual(lines(20));
  });

  test('are in order whatever the backend answers, but for single ones that were answered with errors', async () => {
    stopTime();
    const server = await LineServer.start();
    const answers: Record<string, Answer> = {
      down: 503,
      throttled: 429,
      tooLarge: 413,
      reset: (response) => response.socket?.resetAndDestroy(),
      stored: 204,
    };
    const script = fc.array(fc.constantFrom(...Object.keys(answers)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 6 }), async (names, recordsPerPayload) => {
        server.stored.length = 0;
        const failedAlone = new Set<string>();
        server.answer = (request) => {
          const name = names.shift() ?? 'stored';
          if (request.lines.length === 1 && name !== 'stored') failedAlone.add(request.lines[0] ?? '');
          return answers[name] ?? 204;
        };
        const ordered = openOrdered(server, { recordsPerPayload });
        await ordered.export(...lines(10));
        await ordered.export(...lines(20).slice(10));
        await drain(ordered);
        expect(ordered.destination.stats()).toMatchObject({ received: 20, held: 0 });
        const inOrder = server.stored.filter((text) => !failedAlone.has(text));
        expect(inOrder).toEqual(inOrder.toSorted());
        expect(ordered.destination.stats().passed).toBe(new Set(server.stored).size);
        await ordered.destination.shutdown();
        server.events.removeAllListeners();
      }),
      { numRuns: 30 },
    );
  }, 30_000);
});

describe('a record of an ordered backend that always gets a 500', () => {
  test('is cut out at its place, given up soon, and named', async () => {
    const server = await LineServer.start((request) => (request.lines.includes('line 0005') ? 500 : 204));
    stopTime();
    const givenUp: EncodedPayload[] = [];
    const destinationOptions = { onGivenUp: (record: EncodedPayload) => void givenUp.push(record) };
    const ordered = openOrdered(server, { recordsPerPayload: 50, destinationOptions });
    await ordered.export(...lines(100));
    await drain(ordered);
    expect(server.stored).toEqual(lines(100).filter((text) => text !== 'line 0005'));
    expect(ordered.destination.stats()).toMatchObject({ passed: 99, dropped: { retry_exhausted: 1 } });
    expect(givenUp.map(({ body }) => Buffer.from(body).toString())).toEqual(['line 0005\n']);
    expect(server.requests.length).toBeLessThan(40);
  });

  test('does not hold up the others where it is one of many that follow each other, as of a histogram', async () => {
    const bad = new Set(lines(18).slice(4));
    const server = await LineServer.start((request) => (request.lines.some((text) => bad.has(text)) ? 500 : 204));
    stopTime();
    const ordered = openOrdered(server, { recordsPerPayload: 50 });
    await ordered.export(...lines(100));
    await drain(ordered);
    expect(server.stored).toEqual(lines(100).filter((text) => !bad.has(text)));
    expect(ordered.destination.stats()).toMatchObject({ passed: 86, dropped: { retry_exhausted: 14 } });
  });

  test('is kept while the backend answers everything so', async () => {
    const server = await LineServer.start(() => 500);
    stopTime();
    const ordered = openOrdered(server, { recordsPerPayload: 4 });
    await ordered.export(...lines(8));
    for (let i = 0; i < 200; i += 1) {
      await pass(60_000);
      await answered(ordered.delivery);
    }
    expect(ordered.destination.stats()).toMatchObject({ held: 8, droppedTotal: 0 });
    server.answer = () => 204;
    await drain(ordered);
    expect(new Set(server.stored)).toEqual(new Set(lines(8)));
  });
});

describe('what an ordered backend refuses', () => {
  test('is found by cutting, and costs its neighbours nothing', async () => {
    const bad = new Set(['line 0003', 'line 0150', 'line 0151']);
    const server = await LineServer.start((request) => (request.lines.some((text) => bad.has(text)) ? 422 : 204));
    const ordered = openOrdered(server);
    await ordered.export(...lines(200));
    await ordered.destination.forceFlush();
    expect(server.stored).toEqual(lines(200).filter((text) => !bad.has(text)));
    expect(ordered.destination.stats()).toMatchObject({ passed: 197, dropped: { rejected: 3 } });
  });

  test('is not asked about record by record where it is everything', async () => {
    const server = await LineServer.start(() => 422);
    const ordered = openOrdered(server, { deliveryOptions: { backoff: noBackoff } });
    await ordered.export(...lines(2000));
    await ordered.destination.forceFlush();
    expect(ordered.destination.stats()).toMatchObject({ dropped: { rejected: 2000 }, held: 0 });
    expect(server.requests.length).toBeLessThan(70);
  });
});

test('a callback for what is given up that throws does no harm', async () => {
  const server = await LineServer.start(() => 422);
  const ordered = openOrdered(server, { destinationOptions: { onGivenUp: explode } });
  await ordered.export('a');
  await ordered.destination.forceFlush();
  expect(ordered.destination.stats()).toMatchObject({ dropped: { rejected: 1 }, held: 0 });
});

test("a backend's own compression is what goes over the wire, and what a payload is cut from", async () => {
  const backend: Backend = {
    ...orderedBackend,
    compressor: {
      contentEncoding: 'snappy',
      compress: async (body) => body.toReversed(),
      expand: async (body) => body.toReversed(),
    },
  };
  const server = await LineServer.start((request) => (request.bytes.length > 4 ? 413 : 204));
  const opened = openDelivery(server, { destinationOptions: { backend } });
  await opened.export('one', 'two');
  await opened.destination.forceFlush();
  expect(server.requests.map(({ bytes }) => bytes.toString())).toEqual(['\nowt\neno', '\neno', '\nowt']);
  expect(server.requests[0]?.headers['content-encoding']).toBe('snappy');
  expect(opened.destination.stats()).toMatchObject({ passed: 2, held: 0 });
});
