import { Logger, recordingHandler } from '@spillway/logger';
import { expect, test, vi } from 'vitest';

import { throwing } from './harness.ts';

test('it keeps what it gets until it is cleared', async () => {
  const recording = recordingHandler();
  const { records } = recording;
  const logger = new Logger({ handlers: [recording] });
  await logger.info('one');
  await logger.info('two');
  expect(records.map(({ body }) => body)).toEqual(['one', 'two']);
  recording.clear();
  expect(records).toEqual([]);
  await logger.info('three');
  expect(recording.records).toBe(records);
  expect(records.map(({ body }) => body)).toEqual(['three']);
  await logger.shutdown();
});

test('it calls back with each record, and fails where the callback fails', async () => {
  const onRecord = vi.fn<() => Promise<void>>(async () => {});
  const fallbackHandler = recordingHandler();
  const handlers = [recordingHandler({ onRecord }), recordingHandler({ onRecord: throwing })];
  const logger = new Logger({ handlers, fallbackHandler });
  await logger.info('text');
  expect(onRecord).toHaveBeenCalledExactlyOnceWith(handlers[0]?.records[0]);
  expect(handlers[1]?.records).toHaveLength(1);
  expect(fallbackHandler.records).toHaveLength(1);
  await logger.shutdown();
});

test('it waits for a record that is there or is to come', async () => {
  const recording = recordingHandler();
  const logger = new Logger({ handlers: [recording] });
  const coming = recording.waitFor(({ body }) => body === 'second');
  await logger.info('first');
  await logger.info('second');
  expect((await coming).body).toBe('second');
  expect((await recording.waitFor(({ body }) => body === 'first')).body).toBe('first');
  await logger.shutdown();
});

test('a condition that throws rejects who waits for it, and is no failure of the handler', async () => {
  const reports = recordingHandler();
  const onRecord = recordingHandler();
  const recording = recordingHandler({ onRecord });
  const logger = new Logger({ handlers: [recording], fallbackHandler: reports });
  const coming = recording.waitFor(({ attributes }) => (attributes['user'] as { id: number }).id === 7);
  coming.catch(() => {});
  await logger.info('text');
  await expect(coming).rejects.toThrow(TypeError);
  expect([reports.records.length, onRecord.records.length]).toEqual([0, 1]);
  await logger.shutdown();
});

test('it keeps no more than `maxRecords`, the latest ones', async () => {
  const recording = recordingHandler({ maxRecords: 2 });
  const logger = new Logger({ handlers: [recording] });
  for (const body of ['a', 'b', 'c']) await logger.info(body);
  expect(recording.records.map(({ body }) => body)).toEqual(['b', 'c']);
  expect(() => recordingHandler({ maxRecords: 0 })).toThrow(RangeError);
  await logger.shutdown();
});
