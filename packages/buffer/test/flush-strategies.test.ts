import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ClientBuffer,
  flushAdaptively,
  flushEvery,
  flushPerEvent,
  flushPeriodically,
  type FlushStrategy,
  type FlushTarget,
} from '@spillway/buffer';

/** A buffer with a strategy, and what was sent. */
function setUp(make: (buffer: ClientBuffer<number>) => FlushStrategy, maxSize = 10) {
  const buffer = new ClientBuffer<number>({ maxSize });
  const strategy = make(buffer);
  const sent: number[] = [];
  const state = { isFailing: false };
  const send = (item: number): void => {
    if (state.isFailing) throw new Error('gone');
    sent.push(item);
  };
  const put = (...items: number[]): void => {
    for (const item of items) {
      buffer.enqueue(item, send);
      strategy.onEnqueue();
    }
  };
  return { buffer, strategy, sent, state, put };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a periodic flush', () => {
  it('comes by the interval, and has a timer only while something waits', async () => {
    const { sent, put } = setUp((buffer) => flushPeriodically(buffer, { intervalMillis: 50 }));
    expect(vi.getTimerCount()).toBe(0);
    put(1, 2);
    await vi.advanceTimersByTimeAsync(49);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([sent, vi.getTimerCount()]).toEqual([[1, 2], 0]);
    put(3);
    await vi.advanceTimersByTimeAsync(50);
    expect(sent).toEqual([1, 2, 3]);
  });

  it('tries again what failed, tells of it, and survives a listener that throws', async () => {
    const onError = vi.fn<(error: unknown) => void>(() => {
      throw new Error('a bug of the application');
    });
    const { sent, put, state } = setUp((buffer) => flushPeriodically(buffer, { onError }));
    state.isFailing = true;
    put(1);
    await vi.advanceTimersByTimeAsync(100);
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('gone'));
    state.isFailing = false;
    await vi.advanceTimersByTimeAsync(100);
    expect([sent, vi.getTimerCount()]).toEqual([[1], 0]);
  });

  it('ends when it is closed', async () => {
    const { strategy, sent, put } = setUp(flushPeriodically);
    put(1);
    strategy.close();
    put(2);
    await vi.runAllTimersAsync();
    expect([sent, vi.getTimerCount()]).toEqual([[], 0]);
  });
});

describe('a flush per event', () => {
  it('takes all that was enqueued in one turn', async () => {
    const flush = vi.spyOn(ClientBuffer.prototype, 'flush');
    const { sent, put } = setUp(flushPerEvent);
    put(1, 2, 3);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([1, 2, 3]);
    expect(flush).toHaveBeenCalledTimes(1);
    put(4);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([1, 2, 3, 4]);
  });

  it('works where there is no setImmediate, as in browsers', async () => {
    vi.stubGlobal('setImmediate', undefined);
    const { sent, put } = setUp(flushPerEvent);
    put(1);
    await vi.advanceTimersByTimeAsync(0);
    vi.unstubAllGlobals();
    expect(sent).toEqual([1]);
  });

  it('ends when it is closed', async () => {
    const { strategy, sent, put } = setUp(flushPerEvent);
    put(1);
    strategy.close();
    put(2);
    await vi.runAllTimersAsync();
    expect(sent).toEqual([]);
  });
});

describe('a flush every so many', () => {
  it('comes with the last of them, and by the interval for the rest', async () => {
    const { sent, put } = setUp((buffer) => flushEvery(buffer, { count: 3, intervalMillis: 50 }));
    put(1, 2);
    expect(sent).toEqual([]);
    put(3, 4);
    expect(sent).toEqual([1, 2, 3]);
    await vi.advanceTimersByTimeAsync(50);
    expect([sent, vi.getTimerCount()]).toEqual([[1, 2, 3, 4], 0]);
  });

  it('tries again what failed', async () => {
    const { sent, put, state } = setUp((buffer) => flushEvery(buffer, { count: 2 }));
    state.isFailing = true;
    put(1, 2);
    state.isFailing = false;
    await vi.advanceTimersByTimeAsync(100);
    expect([sent, vi.getTimerCount()]).toEqual([[1, 2], 0]);
  });
});

const pauseWithBug = (): never => {
  throw new Error('a bug of the application');
};

describe('an adaptive flush', () => {
  it('pauses the source once the buffer is not healthy, and resumes it when it is again', async () => {
    const pause = vi.fn<(error?: unknown) => void>();
    const resume = vi.fn<(error?: unknown) => void>();
    const { sent, put, state } = setUp((buffer) => flushAdaptively(buffer, { pause, resume }));
    put(1, 2);
    await vi.advanceTimersByTimeAsync(100);
    expect([sent.length, pause.mock.calls.length]).toEqual([2, 0]);
    state.isFailing = true;
    put(3, 4, 5, 6, 7, 8, 9, 10, 11);
    await vi.advanceTimersByTimeAsync(100);
    expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 0]);
    state.isFailing = false;
    await vi.advanceTimersByTimeAsync(100);
    expect([sent.length, pause.mock.calls.length, resume.mock.calls.length]).toEqual([11, 1, 1]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resumes the source when it is closed, and survives callbacks that throw', () => {
    const resume = vi.fn<(error?: unknown) => void>();
    const onError = vi.fn<(error?: unknown) => void>();
    const { put, strategy, state } = setUp(
      (buffer) => flushAdaptively(buffer, { pause: pauseWithBug, resume, onError }),
      1,
    );
    state.isFailing = true;
    put(1);
    expect(onError).toHaveBeenCalledWith(new Error('a bug of the application'));
    strategy.close();
    expect(resume).toHaveBeenCalledTimes(1);
  });
});

const flushAdaptivelyAlone = (buffer: FlushTarget): FlushStrategy =>
  flushAdaptively(buffer, { pause: () => {}, resume: () => {} });

describe('a flush that does not end', () => {
  it.each([flushPerEvent, flushPeriodically, flushEvery, flushAdaptivelyAlone])(
    'is waited for once, whatever comes meanwhile: %o',
    async (make) => {
      const flushed = new Promise<void>(() => {});
      const then = vi.spyOn(flushed, 'then');
      const strategy = make({ size: 10, isHealthy: () => false, flush: () => flushed });
      for (let turn = 0; turn < 50; turn += 1) {
        for (let item = 0; item < 10; item += 1) strategy.onEnqueue();
        await vi.advanceTimersByTimeAsync(200);
      }
      expect(then).toHaveBeenCalledTimes(1);
      strategy.close();
    },
  );
});

describe('options of a strategy', () => {
  it('are checked', () => {
    const buffer = new ClientBuffer<number>();
    for (const [make, message] of [
      [() => flushPeriodically({} as never), 'Expected `buffer` to be an object with flush(), isHealthy()'],
      [() => flushPeriodically(buffer, { intervalMillis: 0 }), 'Expected `intervalMillis` to be a number from 1'],
      [() => flushPerEvent(buffer, { interval: 1 } as never), 'Expected `interval` to be left out'],
      [() => flushEvery(buffer, { count: 0.5 }), 'Expected `count` to be'],
      [() => flushAdaptively(buffer, { pause: () => {} } as never), 'Expected `resume` to be a function'],
    ] as const) {
      expect(make).toThrow(message);
    }
  });
});
