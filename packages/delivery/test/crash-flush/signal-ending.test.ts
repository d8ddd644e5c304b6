import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { FakeProcess } from './fake-process.ts';

let host: FakeProcess;

beforeEach(() => {
  host = new FakeProcess();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

const pass = (millis: number): Promise<unknown> => vi.advanceTimersByTimeAsync(millis);

test('the signal is raised again with no listener of ours left to it', async () => {
  host.flushOnCrash([host.stub()]);
  host.kill = (_pid, signal) => host.told.push(`kill ${signal} with ${host.listenerCount(signal)} listeners`);
  host.emit('SIGTERM');
  await pass(0);
  expect(host.told).toEqual(['stub forceFlush 1000', 'stub flushSync 300', 'kill SIGTERM with 0 listeners']);
});

test('a kill that is not allowed is not thrown', async () => {
  host.flushOnCrash([host.stub()]);
  host.kill = () => {
    throw new Error('EPERM');
  };
  host.emit('SIGTERM');
  await pass(0);
  expect(host.told).toHaveLength(2);
});

test.each(['before', 'after'])('a listener for one time, added %s, decides about the ending', async (when) => {
  const onSignal = (): void => void host.told.push('app');
  if (when === 'before') host.once('SIGTERM', onSignal);
  host.flushOnCrash([host.stub()]);
  if (when === 'after') host.once('SIGTERM', onSignal);
  host.emit('SIGTERM');
  await pass(0);
  expect(host.take()).toEqual(['stub forceFlush 1000', 'app', 'stub flushSync 300']);
  host.emit('SIGTERM');
  await pass(0);
  expect(host.take().at(-1)).toBe('kill 7 SIGTERM');
});

test('a listener that comes while we flush decides about the ending', async () => {
  const stub = host.stub();
  stub.answer = 'never';
  host.flushOnCrash([stub]);
  host.emit('SIGTERM');
  host.on('SIGTERM', () => {});
  await pass(1000);
  expect(host.take()).toEqual(['stub forceFlush 1000', 'stub flushSync 300']);
  host.emit('SIGTERM');
  expect(host.take()).toEqual(['stub forceFlush 1000']);
});

test('several raise the signal once, when the last of them has flushed', async () => {
  const [quick, slow] = [host.stub('quick'), host.stub('slow')];
  slow.answer = 'never';
  host.flushOnCrash([quick]);
  host.flushOnCrash([slow]);
  host.emit('SIGINT');
  await pass(999);
  expect(host.take()).toEqual(['slow forceFlush 1000', 'quick forceFlush 1000', 'quick flushSync 300']);
  await pass(1);
  expect(host.take()).toEqual(['slow flushSync 300', 'kill 7 SIGINT']);
});

test.each(['SIGINT', 'SIGTERM'])('%s as a second signal ends all at once, once', async (second) => {
  const [quick, slow] = [host.stub('quick'), host.stub('slow')];
  slow.answer = 'never';
  host.flushOnCrash([slow]);
  host.flushOnCrash([quick]);
  host.emit('SIGINT');
  await pass(1);
  host.take();
  host.emit(second);
  expect(host.take()).toEqual(['quick flushSync 300', 'slow flushSync 300', `kill 7 ${second}`]);
  await pass(2000);
  expect(host.take()).toEqual([]);
});

test('a second signal that the application listens to disturbs nothing', async () => {
  const stub = host.stub();
  stub.answer = 'never';
  host.flushOnCrash([stub]);
  host.on('SIGTERM', () => {});
  host.emit('SIGINT');
  host.emit('SIGTERM');
  expect(host.take()).toEqual(['stub forceFlush 1000']);
  await pass(1000);
  expect(host.take()).toEqual(['stub flushSync 300', 'kill 7 SIGINT']);
});

test('a stop while we flush leaves nothing behind, and the signal is still raised', async () => {
  const stub = host.stub();
  stub.answer = 'never';
  const stop = host.flushOnCrash([stub]);
  host.emit('SIGTERM');
  stop();
  expect(host.total).toBe(0);
  await pass(1000);
  expect(host.take()).toEqual(['stub forceFlush 1000', 'stub flushSync 300', 'kill 7 SIGTERM']);
});

test('signal-exit, which leaves the ending to others, is not waited for', async () => {
  const emitter = { count: 1 };
  Reflect.set(globalThis, Symbol.for('signal-exit emitter'), emitter);
  onTestFinished(() => {
    Reflect.deleteProperty(globalThis, Symbol.for('signal-exit emitter'));
  });
  host.flushOnCrash([host.stub()]);
  host.on('SIGTERM', () => {
    if (host.listenerCount('SIGTERM') === emitter.count) host.told.push('signal-exit raises');
  });
  host.kill = (_pid, signal) => host.emit(signal);
  host.emit('SIGTERM');
  await pass(0);
  expect(host.told).toEqual(['stub forceFlush 1000', 'stub flushSync 300', 'signal-exit raises']);
});
