import { context } from '@opentelemetry/api';
import { isTracingSuppressed, ThrottledDiag } from '@spillway/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ProcessorFlush } from '../../src/crash-flush/processor-flush.ts';
import { collectDiag } from '../diag-lines.ts';
import { type Answer, StubProcessor } from './stub-processor.ts';

const told: string[] = [];

function stub(name: string, answer: Answer = 'at-once'): StubProcessor {
  const processor = new StubProcessor((line) => told.push(line), name);
  processor.answer = answer;
  return processor;
}

function flushOf(...processors: StubProcessor[]): ProcessorFlush {
  return new ProcessorFlush(processors, new ThrottledDiag({ namespace: 'test' }));
}

beforeEach(() => {
  told.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => void vi.useRealTimers());

test('all processors flush at once, each with the whole budget', async () => {
  await flushOf(stub('a'), stub('b')).forceFlush(500);
  expect(told).toEqual(['a forceFlush 500', 'b forceFlush 500']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a processor that throws, rejects or does not answer costs the others nothing, and is told of', async () => {
  const lines = collectDiag();
  const flush = flushOf(stub('a', 'throws'), stub('b', 'rejects'), stub('c', 'never'), stub('d'));
  let isOver = false;
  const over = flush.forceFlush(500).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(499);
  expect(told).toHaveLength(4);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await over;
  expect(lines).toEqual([
    'error test forceFlush() of a processor failed at the end of the process: Error: thrown',
    'error test 1 of 4 processors did not flush within 500 ms.',
  ]);
});

test('synchronous flushes share the budget: what one leaves is for the others, and none loses its turn', () => {
  const lines = collectDiag();
  const [quick, slow, odd, late, last] = ['quick', 'slow', 'odd', 'late', 'last'].map((name) => stub(name)) as [
    StubProcessor,
    StubProcessor,
    StubProcessor,
    StubProcessor,
    StubProcessor,
  ];
  vi.spyOn(slow, 'flushSync').mockImplementation((millis) => {
    told.push(`slow flushSync ${millis}`);
    vi.advanceTimersByTime(700);
  });
  vi.spyOn(odd, 'flushSync').mockImplementation(() => {
    throw new Error('odd');
  });
  vi.spyOn(late, 'flushSync').mockImplementation(() => Promise.reject(new Error('late')));
  const foreign = stub('foreign');
  Object.assign(foreign, { flushSync: undefined });
  flushOf(foreign, quick, slow, odd, late, last).flushSync(1000);
  expect(told).toEqual(['quick flushSync 200', 'slow flushSync 250', 'last flushSync 300']);
  expect(lines).toEqual(['error test flushSync() of a processor failed at the end of the process: Error: odd']);
});

test('flushes are our own sending', async () => {
  const suppressed: boolean[] = [];
  const note = (): void => void suppressed.push(isTracingSuppressed(context.active()));
  const active = vi.spyOn(context, 'with').mockImplementation((given, call) => {
    vi.spyOn(context, 'active').mockReturnValueOnce(given);
    return call();
  });
  const processor = new StubProcessor(note);
  const flush = flushOf(processor);
  await flush.forceFlush(10);
  flush.flushSync(10);
  expect(active).toHaveBeenCalled();
  expect(suppressed).toEqual([true, true]);
});
