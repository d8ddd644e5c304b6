import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AttemptContext, isRetryableError, retry, RetryableError, type RetryOptions } from '@spillway/retry';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const backoff = { delayMillis: (attempt: number) => attempt * 100 };

/** An operation that fails as often as said, then answers "done"; it notes when it was called. */
function failing(times: number, error: () => unknown = () => new RetryableError('busy')) {
  const start = performance.now();
  const calls: { attempt: number; at: number }[] = [];
  const operation = async ({ attempt }: AttemptContext): Promise<string> => {
    calls.push({ attempt, at: Math.round(performance.now() - start) });
    if (calls.length <= times) throw error();
    return 'done';
  };
  return { operation, calls };
}

/** The outcome, once all timers have run. */
async function outcome(operation: (context: AttemptContext) => unknown, options: RetryOptions): Promise<unknown> {
  const settled = retry(operation, options).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await vi.runAllTimersAsync();
  return settled;
}

describe('calls', () => {
  test('are made until one succeeds, with the waits of the schedule between them', async () => {
    const { operation, calls } = failing(3);
    expect(await outcome(operation, { backoff })).toEqual({ value: 'done' });
    expect(calls).toEqual([
      { attempt: 1, at: 0 },
      { attempt: 2, at: 100 },
      { attempt: 3, at: 300 },
      { attempt: 4, at: 600 },
    ]);
  });

  test('are 4 by default, the first one included, and the last error is what the caller gets', async () => {
    let count = 0;
    const { operation, calls } = failing(99, () => new RetryableError(`failure ${(count += 1)}`));
    expect(await outcome(operation, { backoff })).toEqual({ error: new RetryableError('failure 4') });
    expect(calls).toHaveLength(4);
  });

  test('are not limited where maxAttempts is Infinity', async () => {
    const { operation, calls } = failing(5000);
    expect(await outcome(operation, { backoff: { delayMillis: () => 0 }, maxAttempts: Infinity })).toEqual({
      value: 'done',
    });
    expect(calls).toHaveLength(5001);
  });

  test('begin at once, in the same turn', () => {
    const operation = vi.fn<() => number>(() => 1);
    void retry(operation);
    expect(operation).toHaveBeenCalledTimes(1);
  });

  test('may throw synchronously', async () => {
    const operation = vi.fn<() => never>(() => {
      throw new RetryableError('busy');
    });
    expect(await outcome(operation, { maxAttempts: 2, backoff })).toEqual({ error: new RetryableError('busy') });
    expect(operation).toHaveBeenCalledTimes(2);
  });

  test('draw one random number per wait', async () => {
    const random = vi.fn<() => number>(() => 0.5);
    const { operation, calls } = failing(2);
    await outcome(operation, { random });
    expect(calls.map(({ at }) => at)).toEqual([0, 500, 1500]);
    expect(random).toHaveBeenCalledTimes(2);
  });
});

describe('errors', () => {
  test('other than RetryableError are final', async () => {
    const { operation, calls } = failing(1, () => new Error('refused'));
    expect(await outcome(operation, { backoff })).toEqual({ error: new Error('refused') });
    expect(calls).toHaveLength(1);
  });

  test('are judged by isRetryable where it is given', async () => {
    const { operation, calls } = failing(1, () => 'a string');
    expect(await outcome(operation, { backoff, isRetryable: (error) => error === 'a string' })).toEqual({
      value: 'done',
    });
    expect(calls).toHaveLength(2);
  });

  test('of another copy of the package, and subclasses of any name, are retryable', async () => {
    class Busy extends RetryableError {
      override readonly name = 'Busy';
    }
    vi.resetModules();
    const copy = await import('@spillway/retry');
    expect(copy.RetryableError).not.toBe(RetryableError);
    expect(isRetryableError(new copy.RetryableError('busy'))).toBe(true);
    expect(copy.isRetryableError(new Busy('busy'))).toBe(true);
  });

  test.each([undefined, null, 'RetryableError', 1, {}, new Error('x'), { name: 'RetryableError' }])(
    '%s is not retryable',
    (error) => {
      expect(isRetryableError(error)).toBe(false);
    },
  );

  test('RetryableError has a stable name and keeps cause and hint', () => {
    const cause = new Error('socket');
    expect(new RetryableError('busy', { cause, retryAfterMillis: 5 })).toMatchObject({
      name: 'RetryableError',
      message: 'busy',
      cause,
      retryAfterMillis: 5,
    });
    expect('cause' in new RetryableError('busy')).toBe(false);
  });
});

describe('a hint', () => {
  test.each([
    ['longer than the backoff is waited for', 5000, undefined, 5000],
    ['shorter than the backoff does not shorten it', 5, undefined, 100],
    ['is cut to 5 minutes by default', 1e12, undefined, 300_000],
    ['is cut to maxRetryAfterMillis', 5000, 1000, 1000],
    ['is ignored where maxRetryAfterMillis is 0', 5000, 0, 100],
  ])('%s', async (_name, retryAfterMillis, maxRetryAfterMillis, expected) => {
    const { operation, calls } = failing(1, () => new RetryableError('busy', { retryAfterMillis }));
    await outcome(operation, { backoff, ...(maxRetryAfterMillis === undefined ? {} : { maxRetryAfterMillis }) });
    expect(calls[1]?.at).toBe(expected);
  });
});

describe('the total deadline', () => {
  test('aborts the running call, and retry rejects even if the call ignores that', async () => {
    let seen: AbortSignal | undefined;
    const first = new RetryableError('busy');
    const operation = ({ attempt, signal }: AttemptContext): Promise<never> => {
      seen = signal;
      return attempt === 1 ? Promise.reject(first) : new Promise(() => {});
    };
    const result = await outcome(operation, { backoff, totalTimeoutMillis: 1000 });
    expect(result).toEqual({ error: expect.objectContaining({ name: 'TimeoutError', cause: first }) });
    expect(seen?.aborted).toBe(true);
    expect(seen?.reason).toHaveProperty('name', 'TimeoutError');
    expect(performance.now()).toBeGreaterThanOrEqual(1000);
  });

  test('a wait that would pass it is not begun: the last error comes at once', async () => {
    const { operation, calls } = failing(99);
    const start = performance.now();
    expect(await outcome(operation, { backoff, totalTimeoutMillis: 600 })).toEqual({
      error: new RetryableError('busy'),
    });
    expect(calls.map(({ at }) => at)).toEqual([0, 100, 300]);
    expect(performance.now() - start).toBe(300);
  });

  test('a hint that would pass it is not waited for', async () => {
    const { operation, calls } = failing(1, () => new RetryableError('busy', { retryAfterMillis: 5000 }));
    expect(await outcome(operation, { backoff, totalTimeoutMillis: 4000 })).toHaveProperty('error');
    expect(calls).toHaveLength(1);
  });

  test('leaves no timer behind when the operation is done before', async () => {
    expect(await retry(() => 1, { totalTimeoutMillis: 1000 })).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of more than a timer can hold does not fire early', async () => {
    const { operation } = failing(1);
    expect(await outcome(operation, { backoff, totalTimeoutMillis: 2 ** 31 })).toEqual({ value: 'done' });
  });
});

describe("the caller's signal", () => {
  test('aborted before the start: the operation is not called', async () => {
    const operation = vi.fn<() => number>(() => 1);
    await expect(retry(operation, { signal: AbortSignal.abort('stop') })).rejects.toBe('stop');
    expect(operation).not.toHaveBeenCalled();
  });

  test('ends a running wait at once', async () => {
    const controller = new AbortController();
    const { operation, calls } = failing(99);
    const result = retry(operation, { signal: controller.signal, backoff: { delayMillis: () => 60_000 } });
    await vi.advanceTimersByTimeAsync(50);
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('aborts the running call with the same reason, and retry rejects even if the call ignores that', async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    const result = retry(
      ({ signal }) => {
        seen = signal;
        return new Promise(() => {});
      },
      { signal: controller.signal, totalTimeoutMillis: 1000 },
    );
    controller.abort('stop');
    await expect(result).rejects.toBe('stop');
    expect(seen?.reason).toBe('stop');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('wins over the error of a call that was aborted', async () => {
    const controller = new AbortController();
    const result = retry(
      async () => {
        controller.abort('stop');
        throw new RetryableError('busy');
      },
      { signal: controller.signal },
    );
    await expect(result).rejects.toBe('stop');
  });

  test('has no listener left, however the retry ends', async () => {
    const controller = new AbortController();
    const add = vi.spyOn(controller.signal, 'addEventListener');
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    for (const times of [0, 2, 99]) await outcome(failing(times).operation, { backoff, signal: controller.signal });
    expect(add).toHaveBeenCalledTimes(3);
    expect(remove.mock.calls.map(([, listener]) => listener)).toEqual(add.mock.calls.map(([, listener]) => listener));
  });

  test('of the operation keeps one listener at most, however many calls are made', async () => {
    const counts: number[] = [];
    let count: (() => number) | undefined;
    const operation = ({ attempt, signal }: AttemptContext): never => {
      if (attempt === 1) {
        // The listener of this first call is there already.
        const add = vi.spyOn(signal, 'addEventListener');
        const remove = vi.spyOn(signal, 'removeEventListener');
        count = () => 1 + add.mock.calls.length - remove.mock.calls.length;
      }
      counts.push(count?.() ?? 1);
      throw new RetryableError('busy');
    };
    await outcome(operation, { maxAttempts: 100, backoff: { delayMillis: () => 1 } });
    expect(counts).toEqual(Array.from({ length: 100 }, () => 1));
    expect(count?.()).toBe(0);
  });
});

test.each([
  [{ maxAttempts: 0 }, RangeError, 'Expected `maxAttempts` to be an integer from 1 and up, got `0` (number).'],
  [{ maxAttempts: 1.5 }, RangeError, 'Expected `maxAttempts`'],
  [{ totalTimeoutMillis: -1 }, RangeError, 'Expected `totalTimeoutMillis`'],
  [{ maxRetryAfterMillis: Number.NaN }, RangeError, 'Expected `maxRetryAfterMillis`'],
  [{ backoff: {} as never }, TypeError, 'Expected `backoff` to be an object with delayMillis()'],
  [{ isRetryable: true as never }, TypeError, 'Expected `isRetryable` to be a function'],
  [{ random: 4 as never }, TypeError, 'Expected `random` to be a function'],
  [{ now: 4 as never }, TypeError, 'Expected `now` to be a function'],
])('refuses %o without a call', async (options, kind, message) => {
  const operation = vi.fn<() => number>(() => 1);
  const result = retry(operation, options);
  await expect(result).rejects.toThrow(kind);
  await expect(result).rejects.toThrow(message);
  expect(operation).not.toHaveBeenCalled();
});
