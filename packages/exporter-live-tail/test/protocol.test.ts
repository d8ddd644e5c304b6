import { describe, expect, it } from 'vitest';

import { logRecord, numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { tokenOf, TRANSPORTS, WATCH, watchEvents } from './watcher.ts';

const EPOCH = /^[\da-f]{16}$/;

describe.each(TRANSPORTS)('a client by %s', (transport) => {
  const watch = WATCH[transport];

  it('is greeted, gets what is kept, and then what comes, in order', async () => {
    const { exporter, url } = await openExporter();
    await exportTo(exporter, numbered(3));
    const watcher = await watch(url);
    await watcher.untilCount('record', 3);
    await exportTo(exporter, numbered(2));
    await watcher.untilCount('record', 5);
    expect(watcher.events[0]).toMatchObject({
      type: 'hello',
      data: {
        protocol: 1,
        client: `${transport}-1`,
        oldest: 0,
        next: 3,
        epoch: expect.stringMatching(EPOCH) as string,
      },
    });
    expect(watcher.offsets).toEqual([0, 1, 2, 3, 4]);
    expect(watcher.of('record').map(({ body }) => body)).toEqual([0, 1, 2, 0, 1].map((index) => `record ${index}`));
    expect(watcher.of('gap')).toEqual([]);
  });

  it('is told how it is doing', async () => {
    const { exporter, url } = await openExporter({ clientBuffer: { maxSize: 7 } });
    await exportTo(exporter, numbered(3));
    const watcher = await watch(url);
    const [stats] = await watcher.untilCount('stats', 1);
    expect(stats).toEqual({ received: 3, clients: 1, buffered: 0, maxBuffered: 7, dropped: 0, healthy: true });
  });

  it('is greeted with what it can get, where its buffer is smaller than what is kept', async () => {
    const { exporter, url } = await openExporter({ clientBuffer: { maxSize: 2 } });
    await exportTo(exporter, numbered(10));
    const watcher = await watch(url);
    await watcher.untilCount('record', 2);
    expect(watcher.of('hello')).toMatchObject([{ oldest: 8, next: 10 }]);
    expect([watcher.offsets, watcher.of('gap')]).toEqual([[8, 9], []]);
  });

  it('gets as many recent records as it asks for', async () => {
    const { exporter, url } = await openExporter();
    await exportTo(exporter, numbered(10));
    for (const [query, expected] of [
      ['?recent=2', [8, 9]],
      ['?recent=0', []],
      ['?recent=100', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
      ['?recent=all', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ] as const) {
      const watcher = await watch(url, { query });
      await watcher.untilCount('record', expected.length);
      await watcher.untilCount('stats', 1);
      expect(watcher.offsets).toEqual(expected);
    }
  });

  it('goes on after the last record it has, and is told what is gone', async () => {
    const { exporter, url } = await openExporter({ recent: { maxRecords: 5 } });
    await exportTo(exporter, numbered(4));
    const first = await watch(url);
    await first.untilCount('record', 4);
    const { epoch } = first.of('hello')[0] as { epoch: string };
    const resume = (offset: number, known = epoch): ReturnType<typeof watch> =>
      transport === 'sse'
        ? watch(url, { headers: { 'last-event-id': `${known}-${offset}` } })
        : watch(url, { query: `?epoch=${known}&offset=${offset}` });
    const near = await resume(1);
    await near.untilCount('record', 2);
    expect([near.offsets, near.of('gap')]).toEqual([[2, 3], []]);
    await exportTo(exporter, numbered(6));
    const far = await resume(1);
    await far.untilCount('record', 5);
    expect(far.events.map(({ type }) => type).slice(0, 3)).toEqual(['hello', 'gap', 'record']);
    expect(far.of('gap')).toEqual([{ from: 2, to: 4, count: 3, reason: 'expired' }]);
    expect(far.offsets).toEqual([5, 6, 7, 8, 9]);
    for (const stranger of [await resume(1, '0123456789abcdef'), await resume(1000)]) {
      await stranger.untilCount('record', 5);
      expect([stranger.offsets, stranger.of('gap')]).toEqual([[5, 6, 7, 8, 9], []]);
    }
  });
});

describe('server-sent events', () => {
  it('are neither stored nor compressed on their way', async () => {
    const { url } = await openExporter();
    const headers = { authorization: `Bearer ${tokenOf(url)}` };
    const response = await fetch(new URL('events', url.replace(/#.*/, '')), { headers });
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    await response.body?.cancel();
  });

  it('carry the id to resume by', async () => {
    const { exporter, url } = await openExporter();
    await exportTo(exporter, numbered(1));
    const watcher = await watchEvents(url);
    await watcher.untilCount('record', 1);
    const { epoch } = watcher.of('hello')[0] as { epoch: string };
    expect(watcher.events.find(({ type }) => type === 'record')?.id).toBe(`${epoch}-0`);
  });
});

describe('a record', () => {
  it('has all that was logged', async () => {
    const { exporter, url } = await openExporter();
    const spanContext = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    await exportTo(exporter, [
      logRecord({
        severityNumber: 9,
        severityText: 'INFO',
        eventName: 'order.taken',
        body: { text: 'two\nlines', list: [1, null] },
        attributes: { 'order.id': 42, ok: true, tags: ['a', 'b'] },
        instrumentationScope: { name: 'orders', version: '1.2' },
        spanContext,
      }),
      logRecord({ hrTime: [0, 0], instrumentationScope: null, resource: undefined, attributes: undefined }),
    ]);
    const watcher = await watchEvents(url);
    expect(await watcher.untilCount('record', 2)).toEqual([
      {
        offset: 0,
        time: 1_700_000_000_123.456,
        severityNumber: 9,
        severityText: 'INFO',
        eventName: 'order.taken',
        body: { text: 'two\nlines', list: [1, null] },
        scope: 'orders',
        scopeVersion: '1.2',
        traceId: spanContext.traceId,
        spanId: spanContext.spanId,
        attributes: { 'order.id': 42, ok: true, tags: ['a', 'b'] },
        resource: { 'service.name': 'orders' },
      },
      { offset: 1, time: 1_700_000_001_000, scope: '', attributes: {}, resource: {} },
    ]);
  });
});
