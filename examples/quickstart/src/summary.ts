import { type Account, unaccounted } from './account.ts';
import { formatCount, formatSeconds } from './format.ts';
import type { Result, Status } from './status.ts';

export function requestText(of: Pick<Status, 'requestsSucceeded' | 'requestsFailed'>): string {
  return `requests: ${formatCount(of.requestsSucceeded)} ok, ${formatCount(of.requestsFailed)} failed`;
}

/** Heads the lines of `progressLine`. Each is an equation: what was emitted is in exactly one of the other places. */
export const PROGRESS_HEADER = '   time  Loki  emitted = queued +   held + delivered + dropped  unaccounted';

/** A run at one moment, in one line. */
export function progressLine({ elapsedMillis, isOut, account }: Status): string {
  const { emitted, queued, held, delivered, droppedTotal } = account;
  const values: readonly (readonly [value: number, width: number])[] = [
    [emitted, 9],
    [queued, 9],
    [held, 9],
    [delivered, 12],
    [droppedTotal, 10],
    [unaccounted(account), 13],
  ];
  const cells = values.map(([value, width]) => formatCount(value).padStart(width));
  return `${formatSeconds(elapsedMillis).padStart(7)}  ${isOut ? 'down' : 'up  '}${cells.join('')}`;
}

/** Whether every record of a run is accounted for, by all the evidence there is. */
export function isClosed(result: Result): boolean {
  return totalUnaccounted(result) === 0 && result.failedChecks === 0;
}

/** Records that the ledgers cannot place, and records that Loki acknowledged and does not give back. */
export function totalUnaccounted({ account, readBack }: Result): number {
  const missing = readBack instanceof Error ? 0 : account.delivered - readBack;
  return Math.abs(unaccounted(account)) + Math.abs(missing);
}

/** The table at the end of a run. */
export function finalTable(result: Result): string {
  const { account } = result;
  return [
    row('  emitted', account.emitted, `${formatCount(result.severe)} of them ERROR and above, in the immediate lane`),
    row('  delivered', account.delivered, `acknowledged by Loki; ${requestText(result)}`),
    row('+ dropped', account.droppedTotal, reasons(account)),
    row('+ held', account.queued + account.held, `at most ${formatCount(result.maxHeld)} at once`),
    '-'.repeat(30),
    row('= accounted for', account.emitted - unaccounted(account), checks(result)),
    readBackRow(result),
    '',
    `unaccounted ${formatCount(totalUnaccounted(result))}`,
  ].join('\n');
}

function row(name: string, value: number, note: string): string {
  return `${name.padEnd(18)}${formatCount(value).padStart(12)}   ${note}`.trimEnd();
}

function reasons({ dropped }: Account): string {
  return Object.entries(dropped)
    .map(([reason, records]) => `${reason} ${formatCount(records)}`)
    .join(', ');
}

function checks(result: Result): string {
  const times = `checked ${formatCount(result.checks)} times on the way`;
  return result.failedChecks === 0
    ? `${times}, exact each time`
    : `${times}, WRONG ${formatCount(result.failedChecks)} times`;
}

function readBackRow({ readBack, selector }: Result): string {
  if (readBack instanceof Error) return `  read back                  ?   not possible: ${readBack.message}`;
  return row('  read back', readBack, `lines of ${selector} in Loki`);
}
