import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { FakeProcess } from './fake-process.ts';

let host: FakeProcess;

beforeEach(() => {
  host = new FakeProcess();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

/** Makes each synchronous flush take that long. */
function blocking(millis: number): ReturnType<FakeProcess['stub']> {
  const stub = host.stub();
  vi.spyOn(stub, 'flushSync').mockImplementation((budget) => {
    host.told.push(`flushSync ${budget}`);
    vi.advanceTimersByTime(millis);
  });
  return stub;
}

describe('a crash', () => {
  test('and the exit after it share one budget', () => {
    host.on('exit', () => host.told.push('app'));
    host.flushOnCrash([blocking(400)]);
    host.emit('uncaughtExceptionMonitor', new Error('crash'), 'uncaughtException');
    host.emit('exit', 1);
    expect(host.told).toEqual(['flushSync 1000', 'flushSync 600', 'app', 'flushSync 200']);
  });

  test('that the application catches is none', () => {
    host.flushOnCrash([host.stub()]);
    host.hasCaptureCallback = true;
    host.emit('uncaughtExceptionMonitor', new Error('crash'), 'uncaughtException');
    host.hasCaptureCallback = false;
    host.once('uncaughtException', () => {});
    host.emit('uncaughtExceptionMonitor', new Error('crash'), 'unhandledRejection');
    expect(host.told).toEqual([]);
  });
});

describe('an exit', () => {
  test('of several is flushed by each, once where the application has no exit listeners', () => {
    host.flushOnCrash([host.stub('a')]);
    host.flushOnCrash([host.stub('b')], 500);
    host.emit('exit', 0);
    expect(host.told).toEqual(['b flushSync 500', 'a flushSync 1000']);
  });

  test('is flushed after all exit listeners that were there a turn before', async () => {
    host.flushOnCrash([host.stub()]);
    host.once('exit', () => host.told.push('early'));
    host.on('exit', () => host.told.push('early'));
    await Promise.resolve();
    host.on('exit', () => host.told.push('in this turn'));
    host.emit('exit', 0);
    expect(host.told).toEqual(['stub flushSync 1000', 'early', 'early', 'stub flushSync 1000', 'in this turn']);
  });

  test('is not listened to again by a move that a stop overtakes', async () => {
    const stop = host.flushOnCrash([host.stub()]);
    host.on('exit', () => {});
    stop();
    await Promise.resolve();
    expect(host.total).toBe(1);
  });
});

describe('before an exit', () => {
  test('flushes share one budget', async () => {
    const stub = host.stub();
    stub.answer = 'never';
    host.flushOnCrash([stub]);
    vi.spyOn(stub, 'forceFlush').mockImplementation(async (options) => {
      host.told.push(`forceFlush ${options?.timeoutMillis}`);
      await new Promise((resolve) => setTimeout(resolve, 700));
    });
    for (let turn = 0; turn < 3; turn += 1) {
      host.emit('beforeExit', 0);
      await vi.advanceTimersByTimeAsync(1000);
    }
    expect(host.told).toEqual(['forceFlush 1000', 'forceFlush 300']);
  });

  test('flushes end, however short they are', async () => {
    host.flushOnCrash([host.stub()]);
    for (let turn = 0; turn < 20; turn += 1) {
      host.emit('beforeExit', 0);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(host.told).toEqual(Array<string>(4).fill('stub forceFlush 1000'));
  });
});

test('what is stopped hears of nothing', () => {
  const stop = host.flushOnCrash([host.stub()]);
  stop();
  stop();
  expect(host.total).toBe(0);
});
