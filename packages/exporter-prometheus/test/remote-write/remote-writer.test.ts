import { Delivery } from '@spillway/delivery';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MAX_AHEAD_MILLIS } from '../../src/remote-write/push-clock.ts';
import { type RemoteWriteOptions, resolveRemoteWriteOptions } from '../../src/remote-write/remote-write-options.ts';
import { RemoteWriter } from '../../src/remote-write/remote-writer.ts';
import type { FamilySnapshot } from '../../src/store/family-snapshot.ts';
import { captureDiagnostics } from '../pull/diagnostics.ts';
import { type ReceivedWrite, ReceiverStandIn } from './receiver-stand-in.ts';
import { STALE_BITS } from './strict-receiver.ts';

const INTERVAL_MILLIS = 15_000;
const STEP_MILLIS = 500;
const FIVE_MINUTES = 5 * 60 * 1000;

let server: ReceiverStandIn;
/** Counters of one metric, by the value of their label. */
let counts: Record<string, number>;
const writers: RemoteWriter[] = [];

function families(): readonly FamilySnapshot[] {
  const series = Object.entries(counts).map(([code, value]) => ({ labels: [['code', code] as const], value }));
  return [{ name: 'errors', type: 'counter', help: 'Errors.', series }];
}

/** A writer, and the delivery that it has for itself. */
interface Started {
  readonly writer: RemoteWriter;
  readonly delivery: Delivery;
}

function start(options: Partial<RemoteWriteOptions> = {}, source = families): Started {
  const { fetch, epochNow } = options;
  const given = { ...(fetch && { fetch }), ...(epochNow && { epochNow }) };
  const delivery = new Delivery({ maxConcurrentRequests: 1, random: () => 0.5, ...given });
  const all = { url: server.url, labels: { job: 'shop', instance: 'a' }, delivery, ...options };
  const writer = new RemoteWriter(resolveRemoteWriteOptions('remoteWrite', all, new Set(['code'])), source);
  writers.push(writer);
  return { writer, delivery };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Lets time go on, half a second at a time, and requests come to their ends. */
async function pass({ delivery }: Started, millis: number): Promise<void> {
  for (let passed = 0; passed < millis; passed += STEP_MILLIS) {
    await vi.advanceTimersByTimeAsync(STEP_MILLIS);
    // What follows an answer at once begins in the turn after it.
    for (let idleTurns = 0; idleTurns < 3; idleTurns += 1) {
      await nextTurn();
      if (delivery.stats().requestsInFlight > 0) idleTurns = 0;
    }
  }
}

function hasCode(code: string): (request: ReceivedWrite) => boolean {
  return ({ series }) => series.some(({ labels }) => labels.some(([name, value]) => name === 'code' && value === code));
}

/** Values that are stored of a counter, in their order. */
function stored(code: string): (number | 'stale')[] {
  const { samples } = server.receiver.of({ __name__: 'errors_total', job: 'shop', instance: 'a', code });
  return samples.map(({ value, bits }) => (bits === STALE_BITS ? 'stale' : value));
}

function expectClosed(writer: RemoteWriter): void {
  const { received, passed, droppedTotal, held } = writer.stats();
  expect(received).toBe(passed + droppedTotal + held);
}

beforeEach(async () => {
  counts = { a: 0 };
  server = new ReceiverStandIn();
  await server.start();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});

afterEach(async () => {
  for (const writer of writers.splice(0)) {
    expectClosed(writer);
    await writer.shutdown({ timeoutMillis: 0 });
    expect(writer.stats().held).toBe(0);
    expectClosed(writer);
  }
  vi.useRealTimers();
  await server.close();
  expect(server.complaints).toEqual([]);
});

describe('RemoteWriter', () => {
  it('writes all series at each interval, changed or not', async () => {
    const started = start();
    const { writer } = started;
    await pass(started, INTERVAL_MILLIS);
    counts = { a: 2, b: 5 };
    await pass(started, 2 * INTERVAL_MILLIS);
    expect([stored('a'), stored('b')]).toEqual([
      [0, 2, 2],
      [0, 5, 5],
    ]);
    expect(writer.stats()).toMatchObject({ received: 6, passed: 6, held: 0, requestsFailed: 0 });
  });

  it('writes at a flush, and the last values at a shutdown, once, and nothing after it', async () => {
    const started = start();
    const { writer } = started;
    counts = { a: 1 };
    await writer.forceFlush();
    expect(stored('a')).toEqual([0, 1]);
    counts = { a: 7 };
    await Promise.all([writer.shutdown(), writer.shutdown()]);
    await writer.forceFlush();
    writer.flushSync(10);
    await pass(started, 10 * INTERVAL_MILLIS);
    expect(stored('a')).toEqual([0, 1, 7]);
  });

  it('ends its series at a shutdown where asked to', async () => {
    const { writer } = start({ endSeriesOnShutdown: true });
    counts = { a: 3 };
    await writer.shutdown();
    expect(stored('a')).toEqual([0, 3, 'stale']);
  });

  it('writes what an outage held up afterwards, in order, and loses none of it', async () => {
    const started = start();
    const { writer } = started;
    server.answer = () => 503;
    for (let value = 1; value <= 20; value += 1) {
      counts = { a: value, b: value * 2 };
      await pass(started, INTERVAL_MILLIS);
    }
    expect(writer.stats()).toMatchObject({ passed: 0, droppedTotal: 0 });
    server.answer = () => undefined;
    await pass(started, 2 * 60_000);
    expect(stored('a').slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, value) => value));
    expect(stored('b').slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, value) => value * 2));
    expect(writer.stats()).toMatchObject({ held: 0, droppedTotal: 0 });
  });

  it('ends a flush and a shutdown within their time while the receiver never answers', async () => {
    const { writer } = start({ fetch: () => new Promise(() => {}) });
    const flush = writer.forceFlush({ timeoutMillis: 100 });
    await vi.advanceTimersByTimeAsync(100);
    await flush;
    expect(writer.stats()).toMatchObject({ received: 1, held: 1 });
    const shutdown = writer.shutdown({ timeoutMillis: 100 });
    await vi.advanceTimersByTimeAsync(100);
    await shutdown;
    expect(writer.stats()).toMatchObject({ received: 2, held: 0, dropped: { shutdown: 2 } });
  });

  it('tells of samples that are dropped by its own callback', async () => {
    const drops: unknown[] = [];
    server.answer = () => 400;
    const { writer } = start({ onDrop: (drop) => drops.push(drop) });
    await writer.forceFlush();
    expect(drops).toMatchObject([{ count: 1, reason: 'rejected', error: { name: 'RemoteWriteExportError' } }]);
  });

  it('sends credentials, and headers of its own choice', async () => {
    const { writer } = start({
      bearerToken: () => 'token',
      headers: { 'x-scope-orgid': 'tenant', 'user-agent': 'shop/1' },
    });
    await writer.forceFlush();
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-scope-orgid': 'tenant',
      'user-agent': 'shop/1',
    });
  });

  it('sends less at once to a receiver that asks for less', async () => {
    counts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`c${index}`, 1]));
    const started = start({ maxSamplesPerRequest: 80 });
    const { writer } = started;
    server.answer = () => 429;
    await pass(started, 4 * INTERVAL_MILLIS);
    server.answer = () => undefined;
    await pass(started, 4 * INTERVAL_MILLIS);
    expect(writer.stats()).toMatchObject({ droppedTotal: 0 });
    const sizes = server.requests.map(({ series }) => series.length);
    expect(Math.max(...sizes)).toBe(80);
    expect(sizes.at(-1)).toBeLessThan(80);
  });

  it('says that it writes nothing while the clock is behind, and goes on when it has caught up', async () => {
    const messages = captureDiagnostics();
    let aheadMillis = 2 * MAX_AHEAD_MILLIS;
    const started = start({ epochNow: () => Date.now() + aheadMillis });
    const { writer } = started;
    await writer.forceFlush();
    aheadMillis = 0;
    await writer.forceFlush();
    expect(stored('a')).toEqual([0]);
    expect(messages.join('\n')).toContain('Nothing is written while the clock is behind');
    await pass(started, 2 * MAX_AHEAD_MILLIS);
    expect(stored('a').length).toBeGreaterThan(10);
  });

  it('survives metrics that cannot be read', async () => {
    const messages = captureDiagnostics();
    let isBroken = true;
    const started = start({}, () => {
      if (isBroken) throw new Error('boom');
      return families();
    });
    await pass(started, INTERVAL_MILLIS);
    isBroken = false;
    await pass(started, INTERVAL_MILLIS);
    expect(messages.join('\n')).toContain('The metrics could not be read, and are not written: Error: boom');
    expect(stored('a')).toEqual([0]);
  });
});

describe('a series that a receiver does not take', () => {
  it.each([500, 400])(
    'is left out for 5 minutes where it is answered with %i, and its neighbours are not',
    async (status) => {
      const messages = captureDiagnostics();
      const codes = Array.from({ length: 200 }, (_, index) => `c${index}`);
      const isPoisoned = hasCode('c77');
      server.answer = (request) => (isPoisoned(request) ? status : undefined);
      const started = start();
      for (let value = 1; value <= 12; value += 1) {
        counts = Object.fromEntries(codes.map((code) => [code, value]));
        await pass(started, INTERVAL_MILLIS);
      }
      expect(Object.keys(server.lastValues('code'))).toHaveLength(199);
      for (const code of codes.filter((one) => one !== 'c77')) expect(stored(code).at(-1)).toBe(12);
      expect(messages.join('\n')).toContain('The receiver does not take a series of `errors`, which is left out');
      // Found once, in the first pushes; what comes later is one request each.
      expect(server.requests.slice(-6).every(({ series }) => series.length === 199)).toBe(true);
      server.answer = () => undefined;
      await pass(started, FIVE_MINUTES);
      expect(stored('c77').at(-1)).toBe(12);
      // It does not begin again with 0, which would look like a restart.
      expect(stored('c77')).not.toContain(0);
    },
  );

  it('does not ask the receiver about each of them where it takes none', async () => {
    counts = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`c${index}`, 1]));
    server.answer = () => 400;
    const { writer } = start();
    await writer.forceFlush();
    expect(server.requests.length).toBeLessThan(150);
    expect(writer.stats()).toMatchObject({ received: 4000, held: 0, dropped: { rejected: 4000 } });
  });
});

describe('two processes that write the same metrics', () => {
  it('are told apart by their labels, and by default by host and process', async () => {
    const { writer: first } = start({ labels: { replica: '1' } });
    const { writer: second } = start({ labels: { replica: '2' } });
    counts = { a: 4 };
    await first.forceFlush();
    await second.forceFlush();
    expect(server.lastValues('replica', 'code')).toEqual({ '1 a': 4, '2 a': 4 });
    expect(Object.keys(server.lastValues('instance'))).toEqual([expect.stringMatching(new RegExp(`:${process.pid}$`))]);
  });
});
