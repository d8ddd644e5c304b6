import { resourceFromAttributes } from '@opentelemetry/resources';
import type { LogRecordExporter, ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type LedgerSnapshot, LogRecordSnapshot } from '@spillway/core';
import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';

import type { ExportResult } from './downstream.ts';
import { hostileRecords, hostileValues } from './hostile-values.ts';
import { expectClosed } from './ledger-check.ts';
import { expectNothingLeft, settle } from './process-watch.ts';

/** What every exporter of this project can do beyond the SDK's interface. */
interface ExporterUnderTest extends LogRecordExporter {
  forceFlush(options?: { readonly timeoutMillis?: number }): Promise<void>;
  shutdown(options?: { readonly timeoutMillis?: number }): Promise<void>;
  flushSync?(deadlineMillis: number): void;
  stats(): LedgerSnapshot;
}

/** Takes everything; fails every other request in a way that is worth another try; refuses connections; never answers. */
export type BackendKind = 'healthy' | 'flaky' | 'refusing' | 'silent';

interface ExporterFixture {
  readonly exporter: ExporterUnderTest;
  /** Records the backend has stored. */
  readonly storedCount: () => number;
  /** Stops the backend. The exporter is shut down before. */
  readonly close: () => Promise<void>;
}

interface ExporterSubject {
  /**
   * Whether records leave for a backend that can fail. What derives something from records has passed them once they are
   * evaluated, and has nothing to wait for. @defaultValue true
   */
  readonly sends?: boolean;
  /** Whether what it holds at shutdown is still there afterwards, for the next process. @defaultValue false */
  readonly outlives?: boolean;
  /** An exporter over a backend of this kind, with pauses between attempts that a test can wait for. */
  readonly create: (backend: BackendKind) => Promise<ExporterFixture>;
}

/** A worker takes a moment to start, and some tests start a dozen of them. */
const TIMEOUT = { timeout: 30_000 };

const resource = resourceFromAttributes({ 'service.name': 'conformance' });
const instrumentationScope = { name: 'conformance' };

function makeRecord(body: unknown, attributes: ReadableLogRecord['attributes'] = {}): ReadableLogRecord {
  const now = Date.now();
  const hrTime: [number, number] = [Math.floor(now / 1000), (now % 1000) * 1e6];
  const times = { hrTime, hrTimeObserved: hrTime };
  const values = { ...times, severityNumber: 9, body, attributes, droppedAttributesCount: 0 };
  return new LogRecordSnapshot({ ...values, resource, instrumentationScope }, false);
}

const makeRecords = (count: number): ReadableLogRecord[] =>
  Array.from({ length: count }, (_, index) => makeRecord(`record ${index}`, { index }));

/** Exports, and answers all results that came by the time the first one did. */
async function exportTo(exporter: LogRecordExporter, records: ReadableLogRecord[]): Promise<ExportResult[]> {
  const results: ExportResult[] = [];
  await new Promise<void>((resolve) => {
    exporter.export(records, (result) => {
      results.push(result);
      resolve();
    });
  });
  await settle();
  return results;
}

const codes = (results: readonly ExportResult[]): number[] => results.map(({ code }) => code);

/** Registers the tests that every exporter must pass. */
export function exporterConformance(name: string, subject: ExporterSubject): void {
  const fixtures: ExporterFixture[] = [];
  const setUp = async (backend: BackendKind = 'healthy'): Promise<ExporterFixture> => {
    const fixture = await subject.create(backend);
    fixtures.push(fixture);
    return fixture;
  };
  afterEach(async () => {
    for (const { exporter, close } of fixtures.splice(0)) {
      await exporter.shutdown({ timeoutMillis: 50 });
      await close();
    }
  });

  describe(`${name} conforms: an exporter`, TIMEOUT, () => {
    test('answers each export once with SUCCESS, and a flush ends when all is stored', async () => {
      const { exporter, storedCount } = await setUp();
      for (const count of [1, 0, 500]) {
        const records = makeRecords(count);
        const copy = [...records];
        expect(codes(await exportTo(exporter, records))).toEqual([0]);
        expect(records).toEqual(copy);
      }
      await exporter.forceFlush();
      expect(storedCount()).toBe(501);
      expect(exporter.stats()).toMatchObject({ received: 501, passed: 501, droppedTotal: 0, held: 0 });
    });

    test('keeps its ledger closed at every moment', async () => {
      const { exporter } = await setUp('flaky');
      const state = { isOver: false };
      const exporting = Promise.all(Array.from({ length: 20 }, () => exportTo(exporter, makeRecords(50))));
      const flushing = exporting.then(() => exporter.forceFlush()).then(() => (state.isOver = true));
      while (!state.isOver) {
        expectClosed(exporter.stats());
        await settle(1);
      }
      await flushing;
      expect(exporter.stats()).toMatchObject({ received: 1000, passed: 1000, held: 0 });
    });

    test('never throws, whatever is exported, and odd records cost their neighbours nothing', async () => {
      const { exporter, storedCount } = await setUp();
      const odd = [
        ...hostileValues().map((value) => makeRecord(value)),
        ...hostileValues().map((value) => makeRecord('text', { value })),
        ...(hostileRecords() as ReadableLogRecord[]),
      ];
      const good = makeRecords(odd.length);
      const mixed = good.flatMap((record, index) => [record, odd[index] as ReadableLogRecord]);
      expect(codes(await exportTo(exporter, mixed))).toEqual([0]);
      await exporter.forceFlush();
      expectClosed(exporter.stats());
      const { received, passed, held } = exporter.stats();
      expect([received, held]).toEqual([mixed.length, 0]);
      expect(passed).toBeGreaterThanOrEqual(good.length);
      expect(storedCount()).toBe(passed);
      expect(Reflect.get({}, 'polluted')).toBeUndefined();
    });

    test('answers what is no list of records, and takes nothing of it', async () => {
      const { exporter } = await setUp();
      await expectNoRejection(async () => {
        for (const nothing of [undefined, null, {}, 'text']) {
          expect(codes(await exportTo(exporter, nothing as ReadableLogRecord[]))).toEqual([0]);
        }
      });
      expect(exporter.stats()).toMatchObject({ received: 0, held: 0 });
    });

    test('survives a callback that throws', async () => {
      const { exporter, storedCount } = await setUp();
      await expectNoRejection(async () => {
        try {
          exporter.export(makeRecords(3), () => {
            throw new Error('bug');
          });
        } catch {
          // What the caller's own callback throws may come back to the caller.
        }
        await exporter.forceFlush();
      });
      expect(storedCount()).toBe(3);
    });

    test('answers FAILED after shutdown and takes nothing', async () => {
      const { exporter } = await setUp();
      await exporter.shutdown();
      const before = exporter.stats();
      expect(codes(await exportTo(exporter, makeRecords(3)))).toEqual([1]);
      exporter.flushSync?.(10);
      await exporter.forceFlush();
      expect(exporter.stats()).toEqual(before);
    });

    test('shuts down once, flushes before, and a flush during it ends', async () => {
      const { exporter, storedCount } = await setUp();
      await exportTo(exporter, makeRecords(100));
      const flush = exporter.forceFlush();
      const first = exporter.shutdown();
      expect(exporter.shutdown()).toBe(first);
      await Promise.all([flush, first, exporter.forceFlush()]);
      expect(storedCount()).toBe(100);
      expect(exporter.stats()).toMatchObject({ passed: 100, held: 0 });
    });

    test('takes what is no budget of time for none, and never throws', async () => {
      const throwing = Object.defineProperty({}, 'timeoutMillis', {
        get() {
          throw new Error('a getter of the caller');
        },
      });
      const budgets = [
        null,
        7,
        throwing,
        ...[null, Number.NaN, -1, 'soon'].map((timeoutMillis) => ({ timeoutMillis })),
      ];
      for (const budget of budgets as object[]) {
        const { exporter, storedCount } = await setUp();
        await exportTo(exporter, makeRecords(3));
        await exporter.forceFlush(budget);
        expect(storedCount()).toBe(3);
        await exporter.shutdown(budget);
      }
    });

    test('ends each of 100 flushes at once when what came before it is stored', async () => {
      const { exporter, storedCount } = await setUp('flaky');
      await Promise.all(
        Array.from({ length: 100 }, async () => {
          await exportTo(exporter, makeRecords(5));
          const { received } = exporter.stats();
          await exporter.forceFlush();
          expect(storedCount()).toBeGreaterThanOrEqual(received);
        }),
      );
      expect(storedCount()).toBe(500);
    });

    if (subject.sends ?? true) registerOutageTest(setUp, subject.outlives ?? false);

    test('delivers every record once through random failures, however they are cut into exports', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(60), { minLength: 1, maxLength: 8 }), async (sizes) => {
          const { exporter, storedCount } = await setUp('flaky');
          for (const size of sizes) expect(codes(await exportTo(exporter, makeRecords(size)))).toEqual([0]);
          await exporter.forceFlush();
          const total = sizes.reduce((sum, size) => sum + size, 0);
          expect(storedCount()).toBe(total);
          expect(exporter.stats()).toMatchObject({ received: total, passed: total, held: 0 });
        }),
        { numRuns: 10 },
      );
    });
  });

  test(`${name} conforms: an exporter leaves nothing behind`, TIMEOUT, async () => {
    await expectNothingLeft(async () => {
      for (const backend of ['healthy', 'refusing', 'silent'] as const) {
        const { exporter, close } = await subject.create(backend);
        await exportTo(exporter, makeRecords(10));
        void exporter.forceFlush({ timeoutMillis: 20 });
        await exporter.shutdown({ timeoutMillis: 50 });
        await close();
      }
    });
  });
}

/** Test of exporters whose backend can fail. */
function registerOutageTest(setUp: (backend: BackendKind) => Promise<ExporterFixture>, outlives: boolean): void {
  test('ends a flush and the shutdown within their budget while nothing can be sent, and accounts for the rest', async () => {
    for (const backend of ['refusing', 'silent'] as const) {
      const { exporter } = await setUp(backend);
      expect(codes(await exportTo(exporter, makeRecords(20)))).toEqual([0]);
      await exporter.forceFlush({ timeoutMillis: 50 });
      expect(exporter.stats()).toMatchObject({ received: 20, passed: 0, held: 20 });
      exporter.flushSync?.(10);
      await exporter.shutdown({ timeoutMillis: 50 });
      expectClosed(exporter.stats());
      const [held, droppedTotal] = outlives ? [20, 0] : [0, 20];
      expect(exporter.stats()).toMatchObject({ received: 20, passed: 0, held, droppedTotal });
    }
  });
}

async function expectNoRejection(operation: () => Promise<void>): Promise<void> {
  const rejections: unknown[] = [];
  const onRejection = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', onRejection);
  await operation();
  await settle();
  process.removeListener('unhandledRejection', onRejection);
  expect(rejections).toEqual([]);
}
