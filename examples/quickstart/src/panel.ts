import { type Account, type Queued, queuedTotal, unaccounted } from './account.ts';
import { formatCount, formatSeconds } from './format.ts';
import type { Status } from './status.ts';
import { requestText, wayText } from './summary.ts';
import type { Slot, Timeline } from './timeline.ts';

/** Colours a text; `styleText` of node:util fits. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'red', text: string) => string;

/** What a terminal must have room for. */
export const PANEL_COLUMNS = 76;
export const PANEL_ROWS = 23;

/** The latest ones are shown: the story of an outage has four. */
const NOTES = 4;

const BARS = '▁▂▃▄▅▆▇█';

/** A run at one moment, as the lines of a panel. The graphs share one axis of time. */
export function panelLines(status: Status, timeline: Timeline, notes: readonly string[], paint: Paint): string[] {
  const { slots } = timeline;
  const { account } = status;
  const open = unaccounted(account);
  return [
    '',
    row('  time', formatSeconds(status.elapsedMillis), axis(timeline, paint)),
    row('  way to Loki', wayText(status.isOut), requestText(status)),
    '',
    row('  emitted', formatCount(account.emitted), graph(slots, 'emitted')),
    row('+ created', formatCount(account.created), 'each stands for lines that were too many'),
    row('= recorded', formatCount(account.recorded), 'DEBUG that waits for an error of its request'),
    row('+ queued', formatCount(queuedTotal(account.queued)), laneText(account.queued)),
    row('+ held', formatCount(account.held), graph(slots, 'held')),
    row('+ delivered', formatCount(account.delivered), graph(slots, 'delivered')),
    row('+ dropped', formatCount(account.dropped), dropText(account)),
    row('  unaccounted', formatCount(open), open === 0 ? paint('green', '✔') : paint('red', '✘')),
    '',
    ...Array.from({ length: NOTES }, (_, index) => `  ${paint('dim', notes.at(index - NOTES) ?? '')}`),
  ];
}

function laneText({ immediate, batch, leaving }: Queued): string {
  return `immediate ${formatCount(immediate)}, batch ${formatCount(batch)}, leaving ${formatCount(leaving)}`;
}

/** What the stages that decide have dropped. */
function dropText({ stages }: Account): string {
  const dropping = stages.filter(({ ledger }) => ledger.droppedTotal > 0);
  return dropping.map(({ name, ledger }) => `${name} ${formatCount(ledger.droppedTotal)}`).join(', ');
}

function row(name: string, value: string, rest: string): string {
  return `  ${name.padEnd(13)}${value.padStart(9)}  ${rest}`;
}

/** The time of the run: what has passed, with the outage marked, and what is to come. */
function axis({ slots, size }: Timeline, paint: Paint): string {
  const passed = slots.map(({ wasOut }) => (wasOut ? paint('red', '━') : paint('green', '━')));
  return passed.join('') + paint('dim', '─'.repeat(size - slots.length));
}

/** A column per slot, as high as its part of the highest. */
function graph(slots: readonly Slot[], field: 'emitted' | 'held' | 'delivered'): string {
  const highest = Math.max(1, ...slots.map((slot) => slot[field]));
  return slots.map((slot) => bar(slot[field] / highest)).join('');
}

function bar(ratio: number): string {
  return ratio === 0 ? ' ' : (BARS[Math.min(BARS.length - 1, Math.floor(ratio * BARS.length))] ?? ' ');
}
