import { expect, test } from 'vitest';

import { type Account, openAccount, unaccounted } from '../src/account.ts';
import type { Result, Status } from '../src/status.ts';
import { finalTable, isClosed, PROGRESS_HEADER, progressLine, verdict } from '../src/summary.ts';

const account: Account = {
  emitted: 12_345,
  queued: { immediate: 1, batch: 30, leaving: 9 },
  held: 2300,
  delivered: 10_000,
  dropped: { queue_full: 4, outbox_full: 1 },
  droppedTotal: 5,
};

const status: Status = {
  elapsedMillis: 4012,
  isOut: true,
  lokiState: 'down',
  account,
  requestsSucceeded: 12,
  requestsFailed: 7,
};

const result: Result = {
  ...status,
  account: { ...account, queued: { immediate: 0, batch: 0, leaving: 0 }, held: 0, delivered: 12_340 },
  severe: 30,
  maxHeld: 2400,
  checks: 150,
  failedChecks: 0,
  selector: '{service_name="orders"}',
  readBack: 12_340,
};

test('the ledgers of processor and exporter make one account, reasons of drops added up', () => {
  const none = { created: 0, recovered: 0 };
  const processor = {
    ...none,
    received: 100,
    passed: 60,
    dropped: { shutdown: 2 },
    droppedTotal: 2,
    held: 38,
    queueSize: 20,
    queueBytes: 9000,
    immediateQueueSize: 1,
    inFlight: 12,
    waitingForRetry: 5,
  };
  const exporter = {
    ...none,
    received: 60,
    passed: 50,
    dropped: { shutdown: 1, rejected: 3 },
    droppedTotal: 4,
    held: 6,
  };
  const opened = openAccount(101, processor, exporter);
  expect(opened).toEqual({
    emitted: 101,
    queued: { immediate: 1, batch: 19, leaving: 17 },
    held: 6,
    delivered: 50,
    dropped: { shutdown: 3, rejected: 3 },
    droppedTotal: 6,
  });
  // One that the processor never received, and one that its ledger holds and its queue does not.
  expect(unaccounted(opened)).toBe(2);
});

test('a line of progress stands under its header and adds up', () => {
  expect(`${PROGRESS_HEADER}\n${progressLine(status)}`).toBe(
    [
      '   time  Loki  emitted = queued +   held + delivered + dropped  unaccounted',
      '  4.0 s  down   12,345       40    2,300      10,000         5            0',
    ].join('\n'),
  );
});

test('the table of a run that lost nothing closes', () => {
  expect(finalTable(result).split('\n')).toEqual([
    '  emitted               12,345   30 of them ERROR and above, in the immediate lane',
    '  delivered             12,340   acknowledged by Loki; requests: 12 ok, 7 failed',
    '+ dropped                    5   queue_full 4, outbox_full 1',
    '+ held                       0   at most 2,400 at once',
    '------------------------------',
    '= accounted for         12,345   checked 150 times on the way, exact each time',
    '  read back             12,340   lines of {service_name="orders"} in Loki',
    '',
  ]);
  expect(verdict(result)).toBe('unaccounted 0');
  expect(isClosed(result)).toBe(true);
});

test('a record that no ledger has is unaccounted', () => {
  const lost = { ...result, account: { ...result.account, emitted: 12_346 } };
  expect(verdict(lost)).toBe('unaccounted 1');
  expect(isClosed(lost)).toBe(false);
});

test('a record that two ledgers have is unaccounted as well', () => {
  const doubled = { ...result, account: { ...result.account, droppedTotal: 6 } };
  expect(verdict(doubled)).toBe('unaccounted 1');
  expect(isClosed(doubled)).toBe(false);
});

test('a record that Loki acknowledged and does not give back is unaccounted', () => {
  const missing = { ...result, readBack: 12_338 };
  expect(verdict(missing)).toBe('unaccounted 2');
  expect(isClosed(missing)).toBe(false);
});

test('a record that was given up while its request was under way may be in Loki all the same', () => {
  const dropped = { outbox_full: 2, shutdown: 3 };
  const interrupted = { ...result, account: { ...result.account, dropped }, readBack: 12_343 };
  expect(finalTable(interrupted)).toContain('in Loki, 3 of them never acknowledged\n');
  expect(isClosed(interrupted)).toBe(true);
});

test('a record that Loki gives back twice is unaccounted', () => {
  const twice = { ...result, readBack: 12_341 };
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
