import { type Account, exporterDrops, queuedTotal, type Stage, unaccounted } from './account.ts';
import { formatCount, formatSeconds } from './format.ts';
import type { Result, Status } from './status.ts';

export function requestText(of: Pick<Status, 'requestsSucceeded' | 'requestsFailed'>): string {
  return `requests: ${formatCount(of.requestsSucceeded)} ok, ${formatCount(of.requestsFailed)} failed`;
}

export const wayText = (isOut: boolean): string => (isOut ? 'cut' : 'open');

/** Heads the lines of `progressLine`. Each is an equation: what was emitted is in exactly one of the other places. */
export const PROGRESS_HEADER =
  '   time  way   emitted + created = recorded + queued +   held + delivered + dropped  unaccounted';

/** A run at one moment, in one line. */
export function progressLine({ elapsedMillis, isOut, account }: Status): string {
  const { emitted, created, recorded, queued, held, delivered, dropped } = account;
  const values: readonly (readonly [value: number, width: number])[] = [
    [emitted, 9],
    [created, 10],
    [recorded, 11],
    [queuedTotal(queued), 9],
    [held, 9],
    [delivered, 12],
    [dropped, 10],
    [unaccounted(account), 13],
  ];
  const cells = values.map(([value, width]) => formatCount(value).padStart(width));
  return `${formatSeconds(elapsedMillis).padStart(7)}  ${wayText(isOut).padEnd(4)}${cells.join('')}`;
}

/** Whether every record of a run is accounted for, by all the evidence there is. */
export function isClosed(result: Result): boolean {
  return totalUnaccounted(result) === 0 && result.failedChecks === 0;
}

/**
 * Records that the ledgers cannot place, that Loki has acknowledged and does not give back, that it gives back twice, and
 * that are still held when all is shut down: they end with the process.
 */
function totalUnaccounted(result: Result): number {
  const { account, readBack } = result;
  const missing = readBack instanceof Error ? 0 : Math.max(0, account.delivered - readBack);
  const surplus = Math.max(0, storedUnacknowledged(result) - exporterDrops(account, 'shutdown'));
  return Math.abs(unaccounted(account)) + missing + surplus + stillHeld(account);
}

/** What a shutdown gives up while its request is under way may have reached Loki all the same. */
function storedUnacknowledged({ account, readBack }: Result): number {
  return readBack instanceof Error ? 0 : Math.max(0, readBack - account.delivered);
}

const stillHeld = ({ recorded, queued, held }: Account): number => recorded + queuedTotal(queued) + held;

/** The tables at the end of a run, by stage and as a whole; the verdict stands below them. */
export function finalTable(result: Result): string {
  const { account } = result;
  return [
    '                      passed     dropped',
    ...account.stages.map(stageRow),
    '',
    row('  emitted', account.emitted, `${formatCount(result.severe)} of them ERROR and above, in the immediate lane`),
    row('+ created', account.created, 'each stands for lines that were too many'),
    '-'.repeat(30),
    row('  delivered', account.delivered, `acknowledged by Loki; ${requestText(result)}`),
    row('+ dropped', account.dropped, 'see above'),
    row('+ held', stillHeld(account), `at most ${formatCount(result.maxHeld)} at once in the exporter`),
    '-'.repeat(30),
    row('= accounted for', account.emitted + account.created - unaccounted(account), checks(result)),
    readBackRow(result),
    livePageRow(result),
    '',
  ].join('\n');
}

/** What a stage let through and what it kept back, and why. */
function stageRow({ name, ledger, remark }: Stage): string {
  const { passed, created, dropped, droppedTotal } = ledger;
  const notes = Object.entries(dropped).map(([reason, records]) => `${reason} ${formatCount(records)}`);
  if (created > 0) notes.push(`created ${formatCount(created)}`);
  if (remark !== undefined) notes.push(remark);
  const cells = `${formatCount(passed).padStart(10)}${formatCount(droppedTotal).padStart(12)}`;
  return `  ${name.padEnd(16)}${cells}   ${notes.join(', ')}`.trimEnd();
}

/** The last line of a run. */
export function verdict(result: Result): string {
  return `unaccounted ${formatCount(totalUnaccounted(result))}`;
}

function row(name: string, value: number, note: string): string {
  return `${name.padEnd(18)}${formatCount(value).padStart(12)}   ${note}`.trimEnd();
}

function checks(result: Result): string {
  const times = `checked ${formatCount(result.checks)} times on the way`;
  return result.failedChecks === 0
    ? `${times}, exact each time`
    : `${times}, WRONG ${formatCount(result.failedChecks)} times`;
}

function readBackRow(result: Result): string {
  const { readBack, selector } = result;
  if (readBack instanceof Error) return `  read back                  ?   not possible: ${readBack.message}`;
  const surplus = storedUnacknowledged(result);
  const remark = surplus === 0 ? '' : `, ${formatCount(surplus)} of them never acknowledged`;
  return row('  read back', readBack, `lines of ${selector} in Loki${remark}`);
}

function livePageRow({ livePage: { evaluated, sent, missed, visitors } }: Result): string {
  const seen = `${formatCount(sent)} sent to ${formatCount(visitors)} at once, ${formatCount(missed)} missed`;
  return row('  live page', evaluated, `records to be seen; ${visitors === 0 ? 'nobody looked' : seen}`);
}
