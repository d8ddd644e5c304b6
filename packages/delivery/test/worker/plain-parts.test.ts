import { exponentialBackoff } from '@spillway/retry';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { fromBackoffTable, toBackoffTable } from '../../src/worker/backoff-table.ts';
import { EventQueue } from '../../src/worker/event-queue.ts';
import { inheritedArguments } from '../../src/worker/inherited-arguments.ts';
import { toError, toPlainError } from '../../src/worker/messages.ts';
import { copyToShared, toOwn } from '../../src/worker/shared-bytes.ts';

test('a schedule is the same on the other thread', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const options = fc.record(
    {
      initialDelayMillis: fc.integer({ min: 1, max: 10_000 }),
      factor: fc.double({ min: 1, max: 4, noNaN: true }),
      maxDelayMillis: fc.integer({ min: 1, max: 100_000 }),
      additiveJitterMillis: fc.nat(1000),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(options, fc.integer({ min: 1, max: 64 }), random, (schedule, attempt, number) => {
      const backoff = exponentialBackoff(schedule);
      const copy = fromBackoffTable(structuredClone(toBackoffTable(backoff)));
      const delay = backoff.delayMillis(attempt, number);
      expect(copy.delayMillis(attempt, number)).toBeCloseTo(delay, 5);
    }),
  );
  const slow = fromBackoffTable(toBackoffTable(exponentialBackoff()));
  expect(slow.delayMillis(10_000, 0.5)).toBeCloseTo(15_000);
});

test('bytes are shared without being changed, and a copy of them is this thread’s own', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const shared = copyToShared(bytes);
  expect([shared, shared.buffer instanceof SharedArrayBuffer]).toEqual([bytes, true]);
  const own = toOwn(shared);
  shared[0] = 9;
  expect([own, own.buffer instanceof ArrayBuffer]).toEqual([bytes, true]);
  expect(toOwn(own)).toBe(own);
});

test('events of one turn go together, with the state at that time', async () => {
  const post = vi.fn<(message: object) => void>();
  const queue = new EventQueue(post);
  let outboxBytes = 0;
  queue.state = () => ({ outboxBytes, requestsInFlight: 1 });
  queue.flush();
  queue.add({ kind: 'ready' });
  queue.add({ kind: 'flushed', flush: 7 });
  outboxBytes = 5;
  await Promise.resolve();
  queue.add({ kind: 'flushed', flush: 8 });
  queue.flush();
  await Promise.resolve();
  expect(post.mock.calls).toEqual([
    [{ events: [{ kind: 'ready' }, { kind: 'flushed', flush: 7 }], outboxBytes: 5, requestsInFlight: 1 }],
    [{ events: [{ kind: 'flushed', flush: 8 }], outboxBytes: 5, requestsInFlight: 1 }],
  ]);
});

test('a worker is never given what the application preloads', () => {
  const { execArgv } = process;
  const given = ['--import', './a.js', '--import=./b.js', '-r', 'c', '--require=d', '--conditions', 'x', '--inspect'];
  try {
    process.execArgv = [...given, '--conditions=dev', '--no-warnings', '--max-old-space-size=100', '--eval', 'e'];
    expect(inheritedArguments(new URL('file:///a/worker.js'))).toEqual(['--conditions=dev', '--no-warnings']);
    process.execArgv = [];
    expect(inheritedArguments(new URL('file:///a/worker.ts'))).toEqual(['--conditions=dev']);
  } finally {
    process.execArgv = execArgv;
  }
});

test('an error keeps its name and its text', () => {
  const error = Object.assign(new Error('no'), { name: 'HeaderError' });
  expect(toError(toPlainError(error))).toMatchObject({ name: 'HeaderError', message: 'no' });
});
