import { describe, expect, it, vi } from 'vitest';

import { logRecord, numbered } from './log-record.ts';
import { exportTo, openExporter } from './open-exporter.ts';
import { TRANSPORTS, WATCH, watchEvents, watchSocket, type Watcher } from './watcher.ts';

const BATCH = 100;
const RECORD_CHARACTERS = 10_000;
/** More than a connection takes on its way, and few enough for a quick test. */
const BATCHES = 10;
const clientBuffer = { maxSize: BATCH };

type Exporter = Awaited<ReturnType<typeof openExporter>>['exporter'];

/** Exports so much that no connection holds it on its way, batch after batch, each when the one before is answered. */
async function flood(exporter: Exporter, batches: number): Promise<number> {
  const records = numbered(BATCH, RECORD_CHARACTERS);
  for (let batch = 0; batch < batches; batch += 1) await exportTo(exporter, records);
  return batches * BATCH;
}

/** Offsets that a client got, and those that it was told are missing, in the order of what it got. */
function covered(watcher: Watcher): number[] {
  return watcher.events.flatMap(({ type, data }) => {
    if (type === 'record') return [data['offset'] as number];
    const { from, to } = data as { from: number; to: number };
    return type === 'gap' ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [];
  });
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a client that does not read', () => {
  it.each(TRANSPORTS)('costs others nothing, and learns exactly what it missed: %s', async (transport) => {
    const { exporter, url } = await openExporter({ clientBuffer });
    const stalled = await WATCH[transport](url);
    const others = [await watchEvents(url), await watchSocket(url), await watchEvents(url)];
    await stalled.untilCount('hello', 1);
    stalled.stall();
    const total = await flood(exporter, BATCHES);
    for (const other of others) {
      await other.untilCount('record', total);
      expect([other.offsets.length, other.of('gap')]).toEqual([total, []]);
    }
    expect(exporter.stats()).toMatchObject({ received: total, passed: total, held: 0, droppedTotal: 0 });
    const { offered, sent, dropped, waiting, abandoned } = exporter.stats().clients;
    expect(offered).toBe(4 * total);
    expect(offered).toBe(sent + dropped + waiting + abandoned);
    expect(dropped).toBeGreaterThan(0);
    stalled.readOn();
    await stalled.untilOffset(total - 1);
    expect(covered(stalled)).toEqual(upTo(total));
    const missed = stalled.of('gap').map(({ count }) => count as number);
    expect(missed.reduce((sum, count) => sum + count, 0)).toBe(dropped);
    expect(stalled.of('gap').every(({ reason }) => reason === 'slow')).toBe(true);
  });

  it('and begins in a flood learns what it missed from its first record on', async () => {
    const { exporter, url } = await openExporter({ recent: { maxRecords: BATCH } });
    const total = await flood(exporter, 2);
    const watcher = await watchEvents(url);
    watcher.stall();
    const more = await flood(exporter, BATCHES);
    watcher.readOn();
    await watcher.untilOffset(total + more - 1);
    expect(covered(watcher)).toEqual(upTo(total + more).slice(total - BATCH));
  });

  it.each(['periodic', 'every', 'adaptive', 'per-event'] as const)(
    'is no reason to lose records for others that flush %s',
    async (flush) => {
      const { exporter, url } = await openExporter({ flush, clientBuffer });
      const [stalled, other] = [await watchSocket(url), await watchSocket(url)];
      stalled.stall();
      const total = await flood(exporter, BATCHES);
      await other.untilCount('record', total);
      expect([other.of('gap'), other.offsets.length]).toEqual([[], total]);
    },
  );

  it('is told to go, where that is asked for', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    const { exporter, url } = await openExporter({ disconnectSlowAfterMillis: 5000, clientBuffer });
    const watcher = await watchSocket(url);
    watcher.stall();
    const gone = (): boolean => exporter.stats().clients.connected === 0;
    const records = numbered(BATCH, RECORD_CHARACTERS);
    // Nothing is paced while the clock stands still.
    for (let batch = 0; batch < BATCHES; batch += 1) exporter.export(records, () => {});
    vi.advanceTimersByTime(4000);
    expect(gone()).toBe(false);
    vi.advanceTimersByTime(3000);
    vi.useRealTimers();
    watcher.readOn();
    await watcher.untilClosed();
    await vi.waitUntil(gone);
    const { offered, sent, dropped, waiting, abandoned } = exporter.stats().clients;
    expect([offered, waiting]).toEqual([BATCHES * BATCH, 0]);
    expect(offered).toBe(sent + dropped + abandoned);
  });

  it('holds up an export for a moment only, and not at all once it has stalled', async () => {
    const { exporter, url } = await openExporter();
    const watcher = await watchEvents(url);
    watcher.stall();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const records = numbered(BATCH, RECORD_CHARACTERS);
    let answers = 0;
    const exportOne = (): void => exporter.export(records, () => (answers += 1));
    let exports = 0;
    while (answers === exports && exports < 100) {
      exportOne();
      exports += 1;
    }
    expect(answers).toBe(exports - 1);
    vi.advanceTimersByTime(999);
    expect(answers).toBe(exports - 1);
    vi.advanceTimersByTime(1);
    expect(answers).toBe(exports);
    exportOne();
    expect(answers).toBe(exports + 1);
    vi.useRealTimers();
  });
});

describe('a record that is large', () => {
  it('and does not fit into a buffer at all is told to be missing, and nobody waits for it', async () => {
    const { exporter, url } = await openExporter({ clientBuffer: { maxBytes: 1000 } });
    const watcher = await watchEvents(url);
    exporter.export([logRecord({ body: 'x'.repeat(2000) })], () => {});
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await exporter.forceFlush();
    vi.useRealTimers();
    expect(await watcher.untilCount('gap', 1)).toEqual([{ from: 0, to: 0, count: 1, reason: 'slow' }]);
    expect(exporter.stats().clients).toMatchObject({ offered: 1, sent: 0, dropped: 1, waiting: 0 });
  });

  it('reaches a client whose buffer has no room for two of it', async () => {
    const { exporter, url } = await openExporter({ clientBuffer: { maxBytes: 80_000 } });
    const watcher = await watchEvents(url);
    await exportTo(exporter, [logRecord({ body: 'x'.repeat(60_000) })]);
    await watcher.untilCount('record', 1);
    await exportTo(exporter, [logRecord({ body: 'x'.repeat(60_000) })]);
    await watcher.untilCount('record', 2);
    expect(watcher.of('gap')).toEqual([]);
  });
});
