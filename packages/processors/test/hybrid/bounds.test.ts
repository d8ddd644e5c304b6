import { diag, DiagLogLevel } from '@opentelemetry/api';
import type { LogRecordDrop } from '@spillway/processors';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { cleanUp, expectClosed, fakeTime, pass, range, settle, setUp, SUCCESS } from './harness.ts';

beforeEach(fakeTime);
afterEach(cleanUp);

const ignore = (): void => {};
const throwBug = (): never => {
  throw new Error('bug');
};
const rejectBug = (): Promise<never> => Promise.reject(new Error('bug'));

/** Collects what is warned of. */
function captureDiag(): string[] {
  const messages: string[] = [];
  const log = (...parts: unknown[]): void => void messages.push(parts.join(' '));
  const logger = { error: log, warn: log, info: ignore, debug: ignore, verbose: ignore };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  return messages;
}

test('each policy keeps what it says', async () => {
  const kept = { 'drop-newest': range(0, 10), 'drop-oldest': range(5, 15), 'drop-least-severe': range(5, 15) };
  for (const overflow of ['drop-newest', 'drop-oldest', 'drop-least-severe'] as const) {
    const { exporter, processor, info } = setUp({ maxQueueSize: 10, overflow });
    info(0, 15);
    expect(processor.stats()).toMatchObject({ queueSize: 10, dropped: { queue_full: 5 } });
    await settle();
    expect(exporter.bodies).toEqual(kept[overflow]);
  }
});

test('both lanes share one bound, and the batch lane gives way first', async () => {
  for (const overflow of ['drop-newest', 'drop-oldest', 'drop-least-severe'] as const) {
    const drops: unknown[] = [];
    const { exporter, processor, info, error } = setUp({
      maxQueueSize: 10,
      overflow,
      onDrop: ({ record }) => drops.push(record.body),
    });
    info(0, 10);
    error(100, 104);
    expect(processor.stats()).toMatchObject({ queueSize: 10, immediateQueueSize: 4, dropped: { queue_full: 4 } });
    expect(drops).toEqual(overflow === 'drop-newest' ? [9, 8, 7, 6] : [0, 1, 2, 3]);
    error(104, 112);
    info(50, 51);
    expect(processor.stats()).toMatchObject({ queueSize: 10, immediateQueueSize: 10 });
    await settle();
    expect(exporter.bodies).toEqual(overflow === 'drop-newest' ? range(100, 110) : range(102, 112));
    expectClosed(processor.stats());
  }
});

test('the batch lane may use the whole bound again once the immediate lane is empty', async () => {
  const { exporter, processor, info, error } = setUp({ maxQueueSize: 10, maxConcurrentExports: 1 });
  error(100, 110);
  await settle();
  expect(exporter.bodies).toEqual(range(100, 110));
  info(0, 10);
  expect(processor.stats()).toMatchObject({ queueSize: 10, droppedTotal: 0 });
});

test('bytes are bounded as well, and a record that alone is too large costs no other', () => {
  const drops: LogRecordDrop[] = [];
  const { processor, logger } = setUp({ maxQueueBytes: 100_000, onDrop: (drop) => drops.push(drop) });
  for (let index = 0; index < 10; index += 1) logger.emit({ body: 'x'.repeat(30_000) });
  const { queueSize, queueBytes } = processor.stats();
  expect(queueSize).toBe(3);
  expect(queueBytes).toBeLessThanOrEqual(100_000);
  logger.emit({ body: 'x'.repeat(200_000) });
  expect(processor.stats()).toMatchObject({ queueSize: 3, dropped: { queue_full: 7, too_large: 1 } });
  expect(drops.map(({ reason, count }) => [reason, count])).toEqual([
    ...range(0, 7).map(() => ['queue_full', 1]),
    ['too_large', 1],
  ]);
});

test('what is in flight weighs no more than what may wait', async () => {
  const { exporter, logger } = setUp({ maxQueueBytes: 1_000_000, maxExportBatchSize: 4 });
  for (let index = 0; index < 8; index += 1) logger.emit({ body: 'x'.repeat(110_000) });
  await settle();
  expect(exporter.batches.map(({ bodies }) => bodies.length)).toEqual([2, 2, 2]);
});

test('pressure is the fuller of the two bounds', () => {
  const { processor, logger, info } = setUp({ maxQueueSize: 100, maxQueueBytes: 1_000_000 });
  expect(processor.pressure()).toBe(0);
  info(0, 25);
  expect(processor.pressure()).toBe(0.25);
  logger.emit({ body: 'x'.repeat(500_000) });
  expect(processor.pressure()).toBeGreaterThan(0.5);
  expect(processor.pressure()).toBeLessThan(0.52);
  expect(processor.queueSize).toBe(26);
});

test('a callback that throws or rejects is caught, the account closes, and one error is logged', async () => {
  for (const onDrop of [throwBug, rejectBug]) {
    const messages = captureDiag();
    const { processor, info } = setUp({ maxQueueSize: 1, onDrop });
    info(0, 11);
    await Promise.resolve();
    expect(processor.stats().dropped).toEqual({ queue_full: 10 });
    expect(messages.filter((message) => message.includes('onDrop callback threw'))).toHaveLength(1);
  }
});

test('a callback that logs is not told of its own records', () => {
  let calls = 0;
  const { processor, logger, info } = setUp({
    maxQueueSize: 2,
    onDrop: () => {
      calls += 1;
      logger.emit({ severityNumber: 13, body: 'dropped something' });
      expectClosed(processor.stats());
    },
  });
  info(0, 3);
  expect(calls).toBe(1);
  expect(processor.stats().dropped).toEqual({ queue_full: 2 });
});

test('drops are warned of at once, then every 30 s with totals, and at shutdown', async () => {
  const messages = captureDiag();
  const { processor, info } = setUp({ maxQueueSize: 1 });
  const warnings = (): string[] => messages.filter((message) => message.includes('records dropped'));
  info(0, 10);
  expect(warnings()).toHaveLength(1);
  await pass(29_000);
  info(0, 10);
  expect(warnings()).toHaveLength(1);
  await pass(1000);
  info(0, 2);
  expect(warnings()).toHaveLength(2);
  const { droppedTotal } = processor.stats();
  expect(warnings()[1]).toContain(`${droppedTotal - 1} records dropped since the start`);
  info(0, 5);
  expect(warnings()).toHaveLength(2);
  await Promise.all([processor.shutdown({ timeoutMillis: 10 }), pass(20)]);
  const { dropped, droppedTotal: atEnd } = processor.stats();
  expect(warnings()).toHaveLength(3);
  expect(warnings()[2]).toContain(`${atEnd} records dropped since the start`);
  expect(warnings()[2]).toContain(`queue_full ${dropped.queue_full}`);
});

test('nothing is warned of that nobody can change', async () => {
  const messages = captureDiag();
  const { exporter, logger, processor } = setUp();
  exporter.onExport = () => logger.emit({ body: 'a line of the exporter' });
  exporter.result = SUCCESS;
  logger.emit({ severityNumber: 17, body: 'error' });
  await settle();
  await processor.shutdown();
  expect(messages).toEqual([]);
});
