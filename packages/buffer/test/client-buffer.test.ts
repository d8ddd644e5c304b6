import * as fc from 'fast-check';
import { describe, expect, it, test, vi } from 'vitest';
import { ClientBuffer, type ClientBufferMetrics } from '@spillway/buffer';

import { NaiveClientBuffer } from './naive-client-buffer.ts';

interface Sending {
  readonly item: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A client that takes each item when the test says so. */
class SlowClient {
  readonly begun: number[] = [];
  sending: Sending | undefined;

  readonly send = (item: number): Promise<void> => {
    this.begun.push(item);
    return new Promise((resolve, reject) => (this.sending = { item, resolve, reject }));
  };
}

const ignore = (): void => {};

/** All microtasks that are there. */
const microtasks = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const steps = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('enqueue' as const), bytes: fc.integer({ min: 0, max: 12 }) }),
  },
  fc.record({ kind: fc.constantFrom('flush' as const, 'resolve' as const, 'reject' as const) }),
);

describe('a client buffer', () => {
  test('holds, sends and drops what a naive one does, whatever happens when', async () => {
    const bounds = fc.record({ maxSize: fc.integer({ min: 1, max: 6 }), maxBytes: fc.integer({ min: 1, max: 30 }) });
    const threshold = fc.double({ min: 0.1, max: 1, noNaN: true });
    await fc.assert(
      fc.asyncProperty(bounds, threshold, fc.array(steps, { maxLength: 60 }), async (limits, ratio, actions) => {
        const buffer = new ClientBuffer<number>({ ...limits, backpressureThreshold: ratio });
        const model = new NaiveClientBuffer(limits.maxSize, limits.maxBytes);
        const client = new SlowClient();
        let told = 0;
        let expectedTold = 0;
        let wasHealthy = true;
        const watch = (): void => {
          const isHealthy = model.isHealthy(ratio);
          if (wasHealthy && !isHealthy) expectedTold += 1;
          wasHealthy = isHealthy;
        };
        buffer.on('backpressure', () => (told += 1));
        for (const [item, action] of actions.entries()) {
          if (action.kind === 'enqueue') {
            buffer.enqueue(item, client.send, action.bytes);
            model.enqueue(item, action.bytes);
          } else if (action.kind === 'flush') {
            buffer.flush().catch(() => {});
            model.isSending = model.held.length > 0;
          } else if (model.isSending) {
            client.sending?.[action.kind](new Error('gone'));
            await microtasks();
            if (action.kind === 'resolve') {
              model.settle();
              watch();
              model.isSending = model.held.length > 0;
            } else model.isSending = false;
          }
          watch();
          expect([buffer.size, buffer.bytes, buffer.droppedCount, told]).toEqual([
            model.held.length,
            model.bytes,
            model.dropped,
            expectedTold,
          ]);
          expect(buffer.isHealthy()).toBe(model.isHealthy(ratio));
          expect(buffer.getMetrics().sent).toBe(model.sent.length);
          expect(model.isSending ? client.begun.at(-1) : undefined).toBe(
            model.isSending ? model.held[0]?.item : undefined,
          );
        }
        buffer.reset();
      }),
    );
  });

  it('drops the oldest while nobody flushes, and sends the others in order', async () => {
    vi.useFakeTimers();
    const buffer = new ClientBuffer<{ id: number }>({ maxSize: 10 });
    const sent: { id: number }[] = [];
    const send = (data: { id: number }): Promise<void> =>
      new Promise((resolve) => {
        setTimeout(() => {
          sent.push(data);
          resolve();
        }, 100);
      });
    for (let id = 0; id < 20; id += 1) buffer.enqueue({ id }, send);
    expect([buffer.size, buffer.droppedCount]).toEqual([10, 10]);
    const flushed = buffer.flush();
    await vi.runAllTimersAsync();
    await flushed;
    vi.useRealTimers();
    expect(buffer.size).toBe(0);
    expect(sent.map(({ id }) => id)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('sends at once, without a microtask, what nothing has to be waited for', () => {
    const buffer = new ClientBuffer<number>();
    const sent: number[] = [];
    for (const item of [1, 2, 3]) buffer.enqueue(item, (one) => void sent.push(one));
    void buffer.flush();
    expect([sent, buffer.size]).toEqual([[1, 2, 3], 0]);
  });

  it('sends one item at a time, for all who flush, and takes along what comes meanwhile', async () => {
    const buffer = new ClientBuffer<number>();
    const client = new SlowClient();
    buffer.enqueue(1, client.send);
    const first = buffer.flush();
    buffer.enqueue(2, client.send);
    expect(buffer.flush()).toBe(first);
    expect(client.begun).toEqual([1]);
    client.sending?.resolve();
    await microtasks();
    expect(client.begun).toEqual([1, 2]);
    client.sending?.resolve();
    await first;
    await buffer.flush();
    expect(buffer.getMetrics()).toMatchObject({ buffered: 0, sent: 2, dropped: 0 });
  });

  it('may be filled and flushed by a send', () => {
    const buffer = new ClientBuffer<number>();
    const sent: number[] = [];
    const send = (item: number): void => {
      if (item < 5) buffer.enqueue(item + 1, send);
      void buffer.flush();
      sent.push(item);
    };
    buffer.enqueue(1, send);
    void buffer.flush();
    expect(sent).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('gone'))],
  ])('keeps an item first whose send %s', async (_how, fail) => {
    const buffer = new ClientBuffer<number>({ maxSize: 3 });
    const sent: number[] = [];
    let isFailing = true;
    const send = (item: number): void | Promise<void> => {
      if (isFailing) return fail();
      sent.push(item);
    };
    for (const item of [1, 2, 3]) buffer.enqueue(item, send);
    await expect(buffer.flush()).rejects.toThrow('gone');
    expect([buffer.size, buffer.droppedCount]).toEqual([3, 0]);
    isFailing = false;
    await buffer.flush();
    expect(sent).toEqual([1, 2, 3]);
  });

  it('drops what fits beside nothing, and nothing else for it', () => {
    const buffer = new ClientBuffer<number>({ maxBytes: 10 });
    buffer.enqueue(1, ignore, 4);
    for (const bytes of [11, -1, Number.NaN]) buffer.enqueue(2, ignore, bytes);
    expect([buffer.size, buffer.bytes, buffer.droppedCount]).toEqual([1, 4, 3]);
  });

  it('forgets everything at a reset, and how the run that was under way ends', async () => {
    for (const end of ['resolve', 'reject'] as const) {
      const buffer = new ClientBuffer<number>({ maxSize: 2 });
      const client = new SlowClient();
      for (const item of [1, 2, 3]) buffer.enqueue(item, client.send);
      const flushed = buffer.flush();
      const { sending } = client;
      buffer.reset();
      await flushed;
      expect(buffer.getMetrics()).toMatchObject({ buffered: 0, bytes: 0, sent: 0, dropped: 0 });
      for (const item of [4, 5]) buffer.enqueue(item, client.send);
      sending?.[end](new Error('gone'));
      await microtasks();
      expect([buffer.size, client.begun]).toEqual([2, [2]]);
      void buffer.flush();
      expect(client.begun).toEqual([2, 4]);
    }
  });

  it('does not tell a listener of the pressure that it brings about itself', () => {
    const buffer = new ClientBuffer<number>({ maxSize: 1 });
    let told = 0;
    buffer.on('backpressure', () => {
      told += 1;
      buffer.reset();
      buffer.enqueue(told, () => {});
    });
    buffer.enqueue(0, () => {});
    expect([told, buffer.size]).toEqual([1, 1]);
  });

  it('tells of pressure once until it has been below the threshold, and survives listeners that throw', async () => {
    const buffer = new ClientBuffer<number>({ maxSize: 10 });
    const told: ClientBufferMetrics[] = [];
    const listener = (metrics: ClientBufferMetrics): void => void told.push(metrics);
    buffer.on('backpressure', () => {
      throw new Error('a bug of the application');
    });
    buffer.on('backpressure', listener);
    const fill = (): void => {
      for (let item = 0; item < 15; item += 1) buffer.enqueue(item, () => {}, 2);
    };
    fill();
    expect(told).toEqual([
      { buffered: 8, maxSize: 10, bytes: 16, maxBytes: 8_388_608, sent: 0, dropped: 0, healthy: false },
    ]);
    await buffer.flush();
    fill();
    expect(told).toHaveLength(2);
    await buffer.off('backpressure', listener).flush();
    fill();
    expect(told).toHaveLength(2);
  });

  it('refuses options, events and listeners that are none', () => {
    for (const [make, message] of [
      [() => new ClientBuffer({ maxSize: 0 }), 'Expected `maxSize` to be an integer from 1'],
      [() => new ClientBuffer({ maxBytes: '1' as never }), 'Expected `maxBytes` to be a number from 1 and up'],
      [() => new ClientBuffer({ backpressureThreshold: 1.1 }), 'Expected `backpressureThreshold` to be a number'],
      [() => new ClientBuffer(null as never), 'Expected `options` to be an object'],
      [() => new ClientBuffer().on('drop' as never, () => {}), 'Expected `event` to be one of "backpressure"'],
      [() => new ClientBuffer().on('backpressure', 1 as never), 'Expected `listener` to be a function'],
    ] as const) {
      expect(make).toThrow(message);
    }
  });
});
