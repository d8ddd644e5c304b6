import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { Deadline } from '@spillway/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Delegate } from '../../src/decorator/delegate.ts';
import {
  fakeTime,
  never,
  pass,
  rejecting,
  settle,
  settledAt,
  StubProcessor,
  taking,
  throwing,
} from './stub-processor.ts';

beforeEach(fakeTime);
afterEach(() => void vi.useRealTimers());

const RECORD = { body: 'text', attributes: {} } as unknown as ReadWriteLogRecord;
const OPTIONS = { context: ROOT_CONTEXT, instrumentationScope: { name: 'scope' } };

interface Setup {
  readonly delegate: Delegate;
  readonly failures: string[];
}

function setUp(processor: Partial<StubProcessor> | LogRecordProcessor): Setup {
  const failures: string[] = [];
  const stub = 'onEmit' in processor ? (processor as LogRecordProcessor) : new StubProcessor(processor);
  const delegate = new Delegate(stub, (operation, error, record) => {
    failures.push(`${operation} ${(error as Error).name} ${record === RECORD ? 'with' : 'without'} a record`);
  });
  return { delegate, failures };
}

test('what goes wrong in a call ends there, whether it throws or its promise rejects', async () => {
  for (const fault of [throwing, rejecting]) {
    const { delegate, failures } = setUp({
      whenEmitted: fault,
      whenAsked: fault,
      whenFlushed: fault,
      whenShutDown: fault,
      whenFlushedSync: fault,
    });
    delegate.emit(RECORD, ROOT_CONTEXT);
    expect(delegate.enabled(OPTIONS)).toBe(true);
    delegate.flushSync(10);
    await delegate.forceFlush(new Deadline(10));
    await delegate.shutdown(new Deadline(10));
    expect(failures).toEqual([
      'onEmit TypeError with a record',
      'enabled TypeError without a record',
      'flushSync TypeError without a record',
      'forceFlush TypeError without a record',
      'shutdown TypeError without a record',
    ]);
  }
});

test('only a clear no disables', () => {
  for (const answer of [undefined, null, 0, '', 1, true]) {
    expect(setUp({ whenAsked: () => answer }).delegate.enabled(OPTIONS)).toBe(true);
  }
  expect(setUp({ whenAsked: () => false }).delegate.enabled(OPTIONS)).toBe(false);
});

test('a processor without the methods that are optional does', () => {
  const { delegate, failures } = setUp({ onEmit: () => {}, forceFlush: async () => {}, shutdown: async () => {} });
  expect(delegate.enabled(OPTIONS)).toBe(true);
  delegate.flushSync(10);
  expect(failures).toEqual([]);
});

test('a flush ends when the delegate has ended, and else with its deadline', async () => {
  const slow = setUp({ whenFlushed: taking(300), whenShutDown: never });
  const flush = settledAt(slow.delegate.forceFlush(new Deadline(1000)));
  await pass(1000);
  expect([flush.at, slow.failures]).toEqual([300, []]);
  const shutdown = settledAt(slow.delegate.shutdown(new Deadline(500)));
  await pass(600);
  expect(shutdown.at).toBe(1500);
  expect(slow.failures).toEqual(['shutdown DelegateTimeoutError without a record']);
});

test('what fails after its time is reported once', async () => {
  const { delegate, failures } = setUp({ whenFlushed: () => taking(300)().then(throwing) });
  void delegate.forceFlush(new Deadline(100));
  await pass(1000);
  expect(failures).toEqual(['forceFlush DelegateTimeoutError without a record']);
});

test('without any time a delegate is told all the same', async () => {
  const { delegate, failures } = setUp({});
  const flush = settledAt(delegate.forceFlush(new Deadline(0)));
  await settle();
  expect([flush.at, failures]).toEqual([0, []]);
});
