import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { abortableDelay } from '@spillway/retry';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test('resolves when the time is over, not before, and a fraction is rounded up', async () => {
  let isDone = false;
  const delay = abortableDelay(99.2).then(() => (isDone = true));
  await vi.advanceTimersByTimeAsync(99);
  expect(isDone).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await delay;
  expect(isDone).toBe(true);
});

test('rejects with the reason as soon as it is aborted, and leaves no timer', async () => {
  const controller = new AbortController();
  const delay = abortableDelay(1000, controller.signal);
  controller.abort('stop');
  await expect(delay).rejects.toBe('stop');
  expect(vi.getTimerCount()).toBe(0);
});

test('rejects at once where the signal is aborted already', async () => {
  await expect(abortableDelay(1000, AbortSignal.abort('stop'))).rejects.toBe('stop');
  expect(vi.getTimerCount()).toBe(0);
});

test('leaves no listener on the signal', async () => {
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, 'addEventListener');
  const remove = vi.spyOn(signal, 'removeEventListener');
  const delay = abortableDelay(5, signal);
  await vi.advanceTimersByTimeAsync(5);
  await delay;
  expect(remove.mock.calls[0]?.[1]).toBe(add.mock.calls[0]?.[1]);
});

test.each([2 ** 31, 1e12, Infinity])('%d ms is cut to the longest time a timer can have', async (millis) => {
  let isDone = false;
  const delay = abortableDelay(millis).then(() => (isDone = true));
  await vi.advanceTimersByTimeAsync(2 ** 31 - 2);
  expect(isDone).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await delay;
  expect(isDone).toBe(true);
});

test('does not keep the process alive', () => {
  const script = `
    import { abortableDelay, retry, RetryableError } from '@spillway/retry';
    process.on('exit', () => console.log('exit'));
    void abortableDelay(600_000);
    void retry(() => { throw new RetryableError('busy'); }, { totalTimeoutMillis: 900_000, random: () => 0.9 });`;
  const output = execFileSync(process.execPath, ['--conditions=dev', '--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    timeout: 10_000,
  });
  expect(output.toString()).toBe('exit\n');
});
