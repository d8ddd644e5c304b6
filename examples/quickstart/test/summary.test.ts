import { expect, test } from 'vitest';

import { type Account, openAccount, unaccounted } from '../src/account.ts';
import type { Result, Status } from '../src/status.ts';
import { finalTable, isClosed, PROGRESS_HEADER, progressLine } from '../src/summary.ts';

const account: Account = {
  emitted: 12_345,
  queued: 40,
  held: 2300,
  delivered: 10_000,
  dropped: { queue_full: 4, outbox_full: 1 },
  droppedTotal: 5,
};

const status: Status = {
  elapsedMillis: 4012,
  endMillis: 15_000,
  isOut: true,
  account,
  lanes: { immediate: 0, batch: 40, leaving: 0 },
  requestsSucceeded: 12,
  requestsFailed: 7,
};

const result: Result = {
  ...status,
  severe: 30,
  maxHeld: 2400,
  checks: 150,
  failedChecks: 0,
  selector: '{service_name="orders"}',
  readBack: 10_000,
};

test('the ledgers of processor and exporter make one account, reasons of drops added up', () => {
  const none = { created: 0, recovered: 0 };
  const processor = { ...none, received: 100, passed: 60, dropped: { shutdown: 2 }, droppedTotal: 2, held: 38 };
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
    queued: 38,
    held: 6,
    delivered: 50,
    dropped: { shutdown: 3, rejected: 3 },
    droppedTotal: 6,
  });
  expect(unaccounted(opened)).toBe(1);
});

test('a line of progress stands under its header and adds up', () => {
  expect(`${PROGRESS_HEADER}\n${progressLine(status)}`).toBe(
    [
      '   time  Loki  emitted = queued +   held + delivered + dropped  unaccounted',
      '  4.0 s  down   12,345       40    2,300      10,000         5            0',
    ].join('\n'),
  );
});

test('the table of a run that lost nothing says so in its last line', () => {
  expect(finalTable(result).split('\n')).toEqual([
    '  emitted               12,345   30 of them ERROR and above, in the immediate lane',
    '  delivered             10,000   acknowledged by Loki; requests: 12 ok, 7 failed',
    '+ dropped                    5   queue_full 4, outbox_full 1',
    '+ held                   2,340   at most 2,400 at once',
    '------------------------------',
    '= accounted for         12,345   checked 150 times on the way, exact each time',
    '  read back             10,000   lines of {service_name="orders"} in Loki',
    '',
    'unaccounted 0',
  ]);
  expect(isClosed(result)).toBe(true);
});

test('a record that no ledger has is unaccounted', () => {
  const lost = { ...result, account: { ...account, emitted: 12_346 } };
  expect(finalTable(lost)).toMatch(/\nunaccounted 1$/);
  expect(isClosed(lost)).toBe(false);
});

test('a record that two ledgers have is unaccounted as well', () => {
  const doubled = { ...result, account: { ...account, held: 2301 } };
  expect(finalTable(doubled)).toMatch(/\nunaccounted 1$/);
  expect(isClosed(doubled)).toBe(false);
});

test('a record that Loki acknowledged and does not give back is unaccounted', () => {
  const missing = { ...result, readBack: 9998 };
  expect(finalTable(missing)).toMatch(/\nunaccounted 2$/);
  expect(isClosed(missing)).toBe(false);
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
