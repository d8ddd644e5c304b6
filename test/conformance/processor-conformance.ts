import { LoggerProvider, type LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { DROP_REASONS, type DropReason, type LedgerSnapshot } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { registerDelegateTests } from './delegate-tests.ts';
import { type ExportFault, type Fault, SUCCESS } from './downstream.ts';
import { hostileRecords, hostileValues } from './hostile-values.ts';
import { expectClosed } from './ledger-check.ts';
import { expectNothingLeft, settle } from './process-watch.ts';
import {
  ENABLED_OPTIONS,
  ERROR,
  expectPassed,
  pass,
  type ProcessorSubject,
  type SetUp,
  setUpWith,
  watch,
} from './processor-subject.ts';

const FAULTS: readonly Fault[] = ['throws', 'rejects', 'never'];
const EXPORT_FAULTS: readonly ExportFault[] = [...FAULTS, 'twice', 'fails', 'no-result', 'success-then-throws'];

/** What came has gone on, or was dropped for one of these reasons. */
function expectAccounted(
  { received, created, passed, dropped, held }: LedgerSnapshot,
  reasons: readonly DropReason[],
): void {
  const droppedForThem = reasons.reduce((sum, reason) => sum + (dropped[reason] ?? 0), 0);
  expect([passed - created + droppedForThem, held]).toEqual([received, 0]);
}

/** Registers the tests that every processor must pass. */
export function processorConformance(name: string, subject: ProcessorSubject): void {
  const setUp: SetUp = (change) => setUpWith(subject, change);

  describe(`${name} conforms: a processor`, () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
    afterEach(() => void vi.useRealTimers());

    test('never throws, whatever is emitted, and accounts for all of it', async () => {
      const { downstream, processor } = setUp();
      const logger = new LoggerProvider({ processors: [processor] }).getLogger('hostile');
      for (const value of hostileValues()) {
        logger.emit({ severityNumber: ERROR, body: value });
        expectClosed(processor.stats());
      }
      for (const value of hostileValues()) {
        const record = { hrTime: [0, 0], attributes: { value }, severityNumber: ERROR, body: 'text' };
        expect(() => processor.onEmit(record as never)).not.toThrow();
      }
      await processor.forceFlush();
      expectAccounted(processor.stats(), ['invalid']);
      for (const record of hostileRecords()) expect(() => processor.onEmit(record as never)).not.toThrow();
      await processor.forceFlush();
      expectClosed(processor.stats());
      // Some of these are no ERROR, and a decorator may decide against them.
      expectAccounted(processor.stats(), subject.downstreamIs === 'exporter' ? ['invalid'] : DROP_REASONS);
      const { received, passed } = processor.stats();
      expect(received).toBe(2 * hostileValues().length + hostileRecords().length);
      expect(downstream.received).toHaveLength(passed);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
      await processor.shutdown();
    });

    test('passes every record once and in order, and its ledger closes at every moment', async () => {
      const { downstream, processor, emit } = setUp();
      for (let round = 0; round < 20; round += 1) {
        emit(round * 100, (round + 1) * 100);
        expectClosed(processor.stats());
        await settle(1);
        expectClosed(processor.stats());
      }
      await processor.forceFlush();
      const bodies = downstream.received.map(({ body }) => body);
      expect(bodies).toEqual(Array.from({ length: 2000 }, (_, body) => body));
      expect(processor.stats()).toMatchObject({ received: 2000, passed: 2000, droppedTotal: 0, held: 0 });
      await processor.shutdown();
    });

    test('does not change the record that its siblings see', async () => {
      const { processor } = setUp();
      const seen: unknown[] = [];
      const sibling: LogRecordProcessor = {
        onEmit: ({ attributes, body }) => void seen.push({ ...attributes }, body),
        forceFlush: async () => {},
        shutdown: async () => {},
      };
      const logger = new LoggerProvider({ processors: [sibling, processor, sibling] }).getLogger('siblings');
      logger.emit({ severityNumber: ERROR, body: 'text', attributes: { 'spillway.lane': 'batch', key: 'value' } });
      expect(seen.slice(2)).toEqual(seen.slice(0, 2));
      await processor.shutdown();
    });

    test('hands forceFlush and its budget on', async () => {
      const { downstream, processor, emit } = setUp();
      emit(0, 3);
      await processor.forceFlush({ timeoutMillis: 1234 });
      expect(downstream.calls).toContain('forceFlush');
      expect(downstream.budgets.at(-1)).toBe(1234);
      await processor.shutdown({ timeoutMillis: 999 });
      expect(downstream.calls.at(-1)).toBe('shutdown');
    });

    test('shuts down once, with the same promise for everybody', async () => {
      const { downstream, processor, emit } = setUp();
      emit(0, 3);
      const first = processor.shutdown();
      expect(processor.shutdown()).toBe(first);
      await first;
      await processor.shutdown();
      expect(downstream.calls.filter((call) => call === 'shutdown')).toHaveLength(1);
      expect(processor.stats()).toMatchObject({ passed: 3, held: 0 });
    });

    test('drops what comes after shutdown, with a reason, and keeps answering', async () => {
      const { downstream, processor } = setUp();
      await processor.shutdown();
      const calls = downstream.calls.length;
      processor.onEmit({ severityNumber: ERROR, attributes: {}, body: 'late' } as never);
      processor.flushSync?.(10);
      await processor.forceFlush();
      expect(processor.stats()).toMatchObject({ received: 1, passed: 0, dropped: { shutdown: 1 }, held: 0 });
      expect(downstream.received).toHaveLength(0);
      expect(downstream.calls).toHaveLength(calls);
    });

    test('ends every flush and the shutdown within their budget, whatever stands behind it does wrong', async () => {
      for (const flushFault of [undefined, ...FAULTS]) {
        for (const shutdownFault of [undefined, ...FAULTS]) {
          const { downstream, processor, emit } = setUp((end) => Object.assign(end, { flushFault, shutdownFault }));
          emit(0, 3);
          const flush = watch(processor.forceFlush({ timeoutMillis: 100 }));
          await pass(110);
          expect(flush.isSettled).toBe(true);
          emit(3, 6);
          const shutdown = watch(processor.shutdown({ timeoutMillis: 100 }));
          await pass(110);
          await pass(10);
          expect(shutdown.isSettled).toBe(true);
          expect(downstream.calls.at(-1)).toBe('shutdown');
          expectPassed(processor.stats(), 6);
        }
      }
    });

    if (subject.downstreamIs === 'delegate') registerDelegateTests(subject, setUp);
    else registerExporterTests(setUp);
  });

  test(`${name} conforms: a processor leaves nothing behind`, async () => {
    await expectNothingLeft(async () => {
      for (const exportFault of [undefined, 'rejects', 'never'] as const) {
        const { processor, emit } = setUp((end) => Object.assign(end, { exportFault, flushFault: 'rejects' }));
        emit(0, 600);
        void processor.forceFlush();
        await processor.shutdown({ timeoutMillis: 20 });
      }
    });
  });
}

/** Tests of processors that queue for an exporter. */
function registerExporterTests(setUp: SetUp): void {
  test('is enabled until it is shut down', async () => {
    const { processor } = setUp();
    expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(true);
    await processor.shutdown();
    expect(processor.enabled?.(ENABLED_OPTIONS)).toBe(false);
  });

  test('accounts for every record, whatever the exporter does wrong', async () => {
    for (const exportFault of EXPORT_FAULTS) {
      const { processor, emit } = setUp((end) => Object.assign(end, { exportFault }));
      emit(0, 1000);
      await pass(1000);
      emit(1000, 1010);
      const shutdown = watch(processor.shutdown({ timeoutMillis: 60_000 }));
      for (let second = 0; second < 65; second += 1) await pass(1000);
      expect(shutdown.isSettled).toBe(true);
      expectClosed(processor.stats());
      const isTaken = exportFault === 'twice' || exportFault === 'success-then-throws';
      expect(processor.stats()).toMatchObject({ received: 1010, held: 0, passed: isTaken ? 1010 : 0 });
    }
  });

  test('shuts the exporter down only after its last export was answered, even while a flush runs', async () => {
    const { downstream, processor, emit } = setUp((end) => Object.assign(end, { answers: false }));
    emit(0, 1500);
    const flush = watch(processor.forceFlush());
    const shutdown = watch(processor.shutdown());
    const late = watch(processor.forceFlush());
    for (let round = 0; round < 40; round += 1) {
      await settle();
      const isAnswered = processor.stats().held === 0;
      expect(downstream.calls.includes('shutdown')).toBe(isAnswered);
      expect([flush, shutdown, late].map(({ isSettled }) => isSettled)).toEqual(Array(3).fill(isAnswered));
      downstream.open.shift()?.(SUCCESS);
    }
    expect(processor.stats()).toMatchObject({ passed: 1500, held: 0 });
    expect(downstream.calls.filter((call) => call === 'shutdown')).toHaveLength(1);
  });

  test('ends each of 100 flushes at once when the records before it are settled', async () => {
    const { downstream, processor, emit } = setUp((end) => Object.assign(end, { answers: false }));
    const flushes = Array.from({ length: 100 }, (_, index) => {
      emit(index * 10, (index + 1) * 10);
      return watch(processor.forceFlush());
    });
    for (let passed = -1; passed < processor.stats().passed;) {
      ({ passed } = processor.stats());
      const ended = flushes.filter(({ isSettled }) => isSettled).length;
      // Exports are answered in order, so that exactly the flushes of what has passed are over.
      expect(ended).toBe(Math.floor(passed / 10));
      downstream.open.shift()?.(SUCCESS);
      await settle();
    }
    expect(processor.stats()).toMatchObject({ passed: 1000, held: 0 });
    expect(flushes.every(({ isSettled }) => isSettled)).toBe(true);
    await processor.shutdown();
  });
}
