import { MemoryOutbox } from '@spillway/delivery';
import { describe, expect, it, vi } from 'vitest';

import { MAX_AHEAD_MILLIS } from '../../src/remote-write/push-clock.ts';
import { captureDiagnostics } from '../pull/diagnostics.ts';
import { pass, useHarness } from './writer-harness.ts';

const INTERVAL_MILLIS = 15_000;

const harness = useHarness();

describe('RemoteWriter', () => {
  it('writes all series at each interval, changed or not', async () => {
    const started = harness.start();
    const { writer } = started;
    await pass(started, INTERVAL_MILLIS);
    harness.counts = { a: 2, b: 5 };
    await pass(started, 2 * INTERVAL_MILLIS);
    expect([harness.stored('a'), harness.stored('b')]).toEqual([
      [0, 2, 2],
      [0, 5, 5],
    ]);
    expect(writer.stats()).toMatchObject({ received: 6, passed: 6, held: 0, requestsFailed: 0 });
  });

  it('writes at a flush, and the last values at a shutdown, once, and nothing after it', async () => {
    const started = harness.start();
    const { writer } = started;
    harness.counts = { a: 1 };
    await writer.forceFlush();
    expect(harness.stored('a')).toEqual([0, 1]);
    harness.counts = { a: 7 };
    await Promise.all([writer.shutdown(), writer.shutdown()]);
    await writer.forceFlush();
    writer.flushSync(10);
    await pass(started, 10 * INTERVAL_MILLIS);
    expect(harness.stored('a')).toEqual([0, 1, 7]);
  });

  it('ends its series at a shutdown where asked to', async () => {
    const { writer } = harness.start({ endSeriesOnShutdown: true });
    harness.counts = { a: 3 };
    await writer.shutdown();
    expect(harness.stored('a')).toEqual([0, 3, 'stale']);
  });

  it('writes what an outage held up afterwards, in order, and loses none of it', async () => {
    const started = harness.start();
    const { writer } = started;
    harness.server.answer = () => 503;
    for (let value = 1; value <= 20; value += 1) {
      harness.counts = { a: value, b: value * 2 };
      await pass(started, INTERVAL_MILLIS);
    }
    expect(writer.stats()).toMatchObject({ passed: 0, droppedTotal: 0 });
    harness.server.answer = () => undefined;
    await pass(started, 2 * 60_000);
    expect(harness.stored('a').slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, value) => value));
    expect(harness.stored('b').slice(0, 21)).toEqual(Array.from({ length: 21 }, (_, value) => value * 2));
    expect(writer.stats()).toMatchObject({ held: 0, droppedTotal: 0 });
  });

  it('gives up the oldest pushes where an outage fills the outbox, and ends with the right totals', async () => {
    const started = harness.start({ outbox: new MemoryOutbox({ maxBytes: 10_000 }) });
    const { writer } = started;
    harness.server.answer = () => 503;
    for (let value = 1; value <= 50; value += 1) {
      harness.counts = { a: value };
      await pass(started, INTERVAL_MILLIS);
    }
    harness.server.answer = () => undefined;
    await pass(started, 2 * 60_000);
    const values = harness.stored('a');
    expect([values.at(-1), writer.stats().held]).toEqual([50, 0]);
    expect(values).toEqual(values.toSorted((one, other) => Number(one) - Number(other)));
    const { passed, dropped } = writer.stats();
    expect(dropped).toEqual({ outbox_full: expect.any(Number) });
    expect(passed).toBe(values.length);
  });

  it('ends a flush and a shutdown within their time while the receiver never answers', async () => {
    const { writer } = harness.start({ fetch: () => new Promise(() => {}) });
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
    harness.server.answer = () => 400;
    const { writer } = harness.start({ onDrop: (drop) => drops.push(drop) });
    await writer.forceFlush();
    expect(drops).toMatchObject([{ count: 1, reason: 'rejected', error: { name: 'RemoteWriteExportError' } }]);
  });

  it('sends credentials, and headers of its own choice', async () => {
    const { writer } = harness.start({
      bearerToken: () => 'token',
      headers: { 'x-scope-orgid': 'tenant', 'user-agent': 'shop/1' },
    });
    await writer.forceFlush();
    expect(harness.server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer token',
      'x-scope-orgid': 'tenant',
      'user-agent': 'shop/1',
    });
  });

  it('sends less at once to a receiver that asks for less', async () => {
    harness.counts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`c${index}`, 1]));
    const started = harness.start({ maxSamplesPerRequest: 80 });
    const { writer } = started;
    harness.server.answer = () => 429;
    await pass(started, 4 * INTERVAL_MILLIS);
    harness.server.answer = () => undefined;
    await pass(started, 4 * INTERVAL_MILLIS);
    expect(writer.stats()).toMatchObject({ droppedTotal: 0 });
    const sizes = harness.server.requests.map(({ series }) => series.length);
    expect(Math.max(...sizes)).toBe(80);
    expect(sizes.at(-1)).toBeLessThan(80);
  });

  it('says that it writes nothing while the clock is behind, and goes on when it has caught up', async () => {
    const messages = captureDiagnostics();
    let aheadMillis = 2 * MAX_AHEAD_MILLIS;
    const started = harness.start({ epochNow: () => Date.now() + aheadMillis });
    const { writer } = started;
    await writer.forceFlush();
    aheadMillis = 0;
    await writer.forceFlush();
    expect(harness.stored('a')).toEqual([0]);
    expect(messages.join('\n')).toContain('Nothing is written while the clock is behind');
    await pass(started, 2 * MAX_AHEAD_MILLIS);
    expect(harness.stored('a').length).toBeGreaterThan(10);
  });

  it('survives metrics that cannot be read', async () => {
    const messages = captureDiagnostics();
    let isBroken = true;
    const started = harness.start({}, () => {
      if (isBroken) throw new Error('boom');
      return harness.families();
    });
    await pass(started, INTERVAL_MILLIS);
    isBroken = false;
    await pass(started, INTERVAL_MILLIS);
    expect(messages.join('\n')).toContain('The metrics could not be read, and are not written: Error: boom');
    expect(harness.stored('a')).toEqual([0]);
  });
});

describe('two processes that write the same metrics', () => {
  it('are told apart by their labels, and by default by host and process', async () => {
    const { writer: first } = harness.start({ labels: { replica: '1' } });
    const { writer: second } = harness.start({ labels: { replica: '2' } });
    harness.counts = { a: 4 };
    await first.forceFlush();
    await second.forceFlush();
    expect(harness.server.lastValues('replica', 'code')).toEqual({ '1 a': 4, '2 a': 4 });
    expect(Object.keys(harness.server.lastValues('instance'))).toEqual([
      expect.stringMatching(new RegExp(`:${process.pid}$`)),
    ]);
  });
});
