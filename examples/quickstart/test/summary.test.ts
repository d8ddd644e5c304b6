import type { LedgerSnapshot } from '@spillway/core';
import type { RingBufferStats } from '@spillway/processors';
import { expect, test } from 'vitest';

import { type Account, exporterDrops, openAccount, unaccounted } from '../src/account.ts';
import type { Result, Status } from '../src/status.ts';
import { finalTable, isClosed, PROGRESS_HEADER, progressLine, verdict } from '../src/summary.ts';

const ledger: LedgerSnapshot = {
  received: 0,
  created: 0,
  recovered: 0,
  passed: 0,
  dropped: {},
  droppedTotal: 0,
  held: 0,
};

const account: Account = {
  emitted: 12_345,
  created: 10,
  recorded: 12,
  queued: { immediate: 1, batch: 28, leaving: 9 },
  held: 2300,
  delivered: 10_000,
  dropped: 5,
  stages: [
    {
      name: 'burst drop',
      ledger: { ...ledger, passed: 12_352, created: 10, dropped: { burst: 2, shutdown: 1 }, droppedTotal: 3 },
    },
    { name: 'Loki exporter', ledger: { ...ledger, passed: 12_350, dropped: { outbox_full: 2 }, droppedTotal: 2 } },
  ],
};

const status: Status = {
  elapsedMillis: 4012,
  isOut: true,
  account,
  requestsSucceeded: 12,
  requestsFailed: 7,
};

const result: Result = {
  ...status,
  account: { ...account, recorded: 0, queued: { immediate: 0, batch: 0, leaving: 0 }, held: 0, delivered: 12_350 },
  severe: 30,
  maxHeld: 2400,
  checks: 150,
  failedChecks: 0,
  livePage: { evaluated: 12_345, sent: 24_000, missed: 690, visitors: 2 },
  selector: '{service_name="orders"}',
  readBack: 12_350,
};

test('the ledgers of all stages make one account', () => {
  const recorder = { ...ledger, received: 120, passed: 100, dropped: { expired: 5 }, droppedTotal: 5, held: 15 };
  const burstDrop = { ...ledger, received: 100, created: 3, passed: 90, dropped: { burst: 13 }, droppedTotal: 13 };
  const sampling = { ...ledger, received: 90, passed: 80, dropped: { sampled: 10 }, droppedTotal: 10 };
  const hybrid = {
    ...ledger,
    received: 80,
    passed: 50,
    dropped: { shutdown: 2 },
    droppedTotal: 2,
    held: 28,
    queueSize: 10,
    queueBytes: 9000,
    immediateQueueSize: 1,
    inFlight: 12,
    waitingForRetry: 5,
  };
  const exporter = {
    ...ledger,
    received: 50,
    passed: 40,
    dropped: { shutdown: 1, rejected: 3 },
    droppedTotal: 4,
    held: 6,
  };
  const recorderStats = { ...recorder, bufferedRecords: 14 } as RingBufferStats;
  const fanOut = {
    ...ledger,
    received: 121,
    passed: 120,
    dropped: { shutdown: 1 },
    droppedTotal: 1,
    failures: [0, 0],
    errors: 0,
  };
  const opened = openAccount(121, { fanOut, recorder: recorderStats, burstDrop, sampling, hybrid, exporter });
  expect(opened).toMatchObject({
    emitted: 121,
    created: 3,
    recorded: 14,
    queued: { immediate: 1, batch: 9, leaving: 17 },
    held: 6,
    delivered: 40,
    dropped: 35,
  });
  expect(opened.stages.map(({ ledger: { droppedTotal } }) => droppedTotal)).toEqual([1, 5, 13, 10, 2, 4]);
  expect(exporterDrops(opened, 'shutdown')).toBe(1);
  // One that the ledger of the recorder holds and its rings do not, and one that the ledger of the hybrid holds and its queue does not.
  expect(unaccounted(opened)).toBe(2);
});

test('a line of progress stands under its header and adds up', () => {
  expect(`${PROGRESS_HEADER}\n${progressLine(status)}`).toBe(
    [
      '   time  way   emitted + created = recorded + queued +   held + delivered + dropped  unaccounted',
      '  4.0 s  cut    12,345        10         12       38    2,300      10,000         5            0',
    ].join('\n'),
  );
});

test('the table of a run that lost nothing closes', () => {
  expect(finalTable(result).split('\n')).toEqual([
    '                      passed     dropped',
    '  burst drop          12,352           3   burst 2, shutdown 1, created 10',
    '  Loki exporter       12,350           2   outbox_full 2',
    '',
    '  emitted               12,345   30 of them ERROR and above, in the immediate lane',
    '+ created                   10   each stands for lines that were too many',
    '------------------------------',
    '  delivered             12,350   acknowledged by Loki; requests: 12 ok, 7 failed',
    '+ dropped                    5   see above',
    '+ held                       0   at most 2,400 at once in the exporter',
    '------------------------------',
    '= accounted for         12,355   checked 150 times on the way, exact each time',
    '  read back             12,350   lines of {service_name="orders"} in Loki',
    '  live page             12,345   records to be seen; 24,000 sent to 2 at once, 690 missed',
    '',
  ]);
  expect(verdict(result)).toBe('unaccounted 0');
  expect(isClosed(result)).toBe(true);
});

test('a live page that nobody opened is no loss', () => {
  const unseen = { ...result, livePage: { evaluated: 12_345, sent: 0, missed: 0, visitors: 0 } };
  expect(finalTable(unseen)).toContain('  live page             12,345   records to be seen; nobody looked\n');
  expect(isClosed(unseen)).toBe(true);
});

test('a record that no ledger has is unaccounted', () => {
  const lost = { ...result, account: { ...result.account, emitted: 12_346 } };
  expect(verdict(lost)).toBe('unaccounted 1');
  expect(isClosed(lost)).toBe(false);
});

test('a record that two ledgers have is unaccounted as well', () => {
  const doubled = { ...result, account: { ...result.account, dropped: 6 } };
  expect(verdict(doubled)).toBe('unaccounted 1');
  expect(isClosed(doubled)).toBe(false);
});

test('a record that Loki acknowledged and does not give back is unaccounted', () => {
  const missing = { ...result, readBack: 12_348 };
  expect(verdict(missing)).toBe('unaccounted 2');
  expect(isClosed(missing)).toBe(false);
});

test('a record that was given up while its request was under way may be in Loki all the same', () => {
  const exporter = { name: 'Loki exporter', ledger: { ...ledger, dropped: { shutdown: 3 }, droppedTotal: 3 } };
  const stages = [...result.account.stages, exporter];
  const interrupted = { ...result, account: { ...result.account, stages }, readBack: 12_353 };
  expect(finalTable(interrupted)).toContain('in Loki, 3 of them never acknowledged\n');
  expect(isClosed(interrupted)).toBe(true);
});

test('a record that Loki gives back twice is unaccounted', () => {
  const twice = { ...result, readBack: 12_351 };
  expect(verdict(twice)).toBe('unaccounted 1');
  expect(isClosed(twice)).toBe(false);
});

test('a record that is still held when all is shut down is unaccounted', () => {
  const held = { ...result, account: { ...result.account, emitted: 12_346, held: 1 } };
  expect(verdict(held)).toBe('unaccounted 1');
  expect(isClosed(held)).toBe(false);
});

test('an account that was open on the way fails the run although it closes at the end', () => {
  const flawed = { ...result, failedChecks: 2 };
  expect(finalTable(flawed)).toContain('checked 150 times on the way, WRONG 2 times');
  expect(isClosed(flawed)).toBe(false);
});

test('a Loki that cannot be read back is named as what it is, and is no loss', () => {
  const unread = { ...result, readBack: new Error('The query API answered 404') };
  expect(finalTable(unread)).toContain('  read back                  ?   not possible: The query API answered 404');
  expect(isClosed(unread)).toBe(true);
});
