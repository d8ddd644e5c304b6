import { diag } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { type FanOutError, HybridLogRecordProcessor } from '@spillway/processors';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import {
  fakeTime,
  never,
  pass,
  rejecting,
  settledAt,
  StubProcessor,
  taking,
  throwing,
} from '../decorator/stub-processor.ts';
import { setUp, stubs } from './harness.ts';

beforeEach(fakeTime);
afterEach(() => {
  vi.useRealTimers();
  diag.disable();
});

test('a delegate that hangs in its flush is reported with the time it had, and the others are flushed', async () => {
  const reports: FanOutError[] = [];
  const [hanging, other] = [new StubProcessor({ whenFlushed: never }), ...stubs(1)] as [StubProcessor, StubProcessor];
  const { processor } = setUp({ delegates: [hanging, other], onError: (report) => reports.push(report) });
  const flush = settledAt(processor.forceFlush({ timeoutMillis: 200 }));
  await pass(300);
  expect(flush.at).toBe(200);
  expect(other.calls).toEqual([{ at: 0, method: 'forceFlush', timeoutMillis: 200 }]);
  expect(reports).toEqual([
    {
      delegate: 0,
      operation: 'forceFlush',
      error: {
        name: 'DelegateTimeoutError',
        message: 'forceFlush() did not end within 200 ms',
        stack: expect.any(String),
      },
    },
  ]);
});

test('what a flush brings to the fallback is flushed with it, and the fallback is shut down last', async () => {
  const order: string[] = [];
  const fallback = new StubProcessor({
    whenEmitted: ({ body }) => order.push(`fallback: ${String(body).split(' ')[0] ?? ''}`),
    whenFlushed: () => order.push('fallback flushed'),
    whenShutDown: () => order.push('fallback shut down'),
  });
  const delegate = new StubProcessor({ whenFlushed: () => taking(50)().then(throwing), whenShutDown: rejecting });
  const { processor } = setUp({ delegates: [delegate], fallback });
  const flush = settledAt(processor.forceFlush({ timeoutMillis: 200 }));
  await pass(200);
  expect(flush.at).toBe(50);
  expect(order).toEqual(['fallback flushed', 'fallback: forceFlush()', 'fallback flushed']);
  expect(fallback.calls.map(({ timeoutMillis }) => timeoutMillis)).toEqual([200, 150]);
  order.length = 0;
  delegate.whenFlushed = () => {};
  await processor.forceFlush();
  expect(order.splice(0)).toEqual(['fallback flushed']);
  delegate.whenFlushed = rejecting;
  const shutdown = settledAt(processor.shutdown());
  await pass(200);
  expect(shutdown.at).toBeDefined();
  expect(order).toEqual(['fallback flushed', 'fallback: forceFlush()', 'fallback: shutdown()', 'fallback shut down']);
});

test('a fallback that was told nothing is flushed once', async () => {
  const fallback = new StubProcessor();
  const { processor } = setUp({ delegates: stubs(2), fallback });
  await processor.forceFlush();
  await processor.forceFlush();
  expect(fallback.methods).toEqual(['forceFlush', 'forceFlush']);
});

test('a report about a shutdown has the resource of the records that came before', async () => {
  const [fallback, delegate] = [new StubProcessor(), new StubProcessor({ whenShutDown: rejecting })];
  const { processor, logger } = setUp({ delegates: [delegate], fallback });
  logger.emit({ body: 'text' });
  await processor.shutdown();
  expect(fallback.records[0]?.resource).toBe(delegate.records[0]?.resource);
  expect(fallback.records[0]?.resource).toBeDefined();
});

test('delegates and a fallback of this project and of the SDK work together end to end', async () => {
  vi.useRealTimers();
  const [first, second, reports] = [0, 1, 2].map(() => new InMemoryLogRecordExporter()) as [
    InMemoryLogRecordExporter,
    InMemoryLogRecordExporter,
    InMemoryLogRecordExporter,
  ];
  const { processor, provider, logger } = setUp({
    delegates: [
      new HybridLogRecordProcessor({ exporter: first }),
      new StubProcessor({ whenEmitted: throwing }),
      new SimpleLogRecordProcessor({ exporter: second }),
    ],
    fallback: new HybridLogRecordProcessor({ exporter: reports }),
  });
  for (let body = 0; body < 100; body += 1) logger.emit({ body });
  await provider.forceFlush();
  for (const exporter of [first, second]) {
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual([...Array(100).keys()]);
  }
  expect(reports.getFinishedLogRecords()).toHaveLength(100);
  expect(processor.stats()).toMatchObject({ received: 100, created: 100, passed: 200, failures: [0, 100, 0] });
  await provider.shutdown();
});
