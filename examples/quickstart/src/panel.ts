import { unaccounted } from './account.ts';
import { formatCount, formatSeconds } from './format.ts';
import type { Lanes, Status } from './status.ts';
import { requestText } from './summary.ts';
import type { Slot, Timeline } from './timeline.ts';

/** Colours a text; `styleText` of node:util fits. */
export type Paint = (style: 'bold' | 'dim' | 'green' | 'red', text: string) => string;

/** What a terminal must have room for. */
export const PANEL_COLUMNS = 76;
export const PANEL_ROWS = 18;

/** The latest ones are shown: the story of an outage has four. */
const NOTES = 4;

const BARS = '▁▂▃▄▅▆▇█';

/** A run at one moment, as the lines of a panel. The graphs share one axis of time. */
export function panelLines(status: Status, timeline: Timeline, notes: readonly string[], paint: Paint): string[] {
  const { slots } = timeline;
  const { account, isOut, lanes } = status;
  const open = unaccounted(account);
  return [
    '',
    row('', formatSeconds(status.elapsedMillis), axis(slots, paint)),
    row('emitted', formatCount(account.emitted), graph(slots, 'emitted')),
    row('queued', formatCount(account.queued), paint('dim', laneText(lanes))),
    row('held', formatCount(account.held), graph(slots, 'held')),
    row('delivered', formatCount(account.delivered), graph(slots, 'delivered')),
    row('dropped', formatCount(account.droppedTotal), ''),
    row('unaccounted', formatCount(open), open === 0 ? paint('green', '✔') : paint('red', '✘')),
    '',
    `  Loki is ${isOut ? paint('red', 'down') : paint('green', 'up')}; ${requestText(status)}`,
    '',
    ...Array.from({ length: NOTES }, (_, index) => `  ${paint('dim', notes.at(index - NOTES) ?? '')}`),
  ];
}

function laneText({ immediate, batch, leaving }: Lanes): string {
  return `immediate ${formatCount(immediate)}, batch ${formatCount(batch)}, leaving ${formatCount(leaving)}`;
}

function row(name: string, value: string, rest: string): string {
  return `  ${name.padEnd(12)}${value.padStart(9)}  ${rest}`;
}

/** The time that has passed, with the outage marked. */
function axis(slots: readonly Slot[], paint: Paint): string {
  return slots.map(({ wasOut }) => (wasOut ? paint('red', '━') : paint('green', '━'))).join('');
}

/** A column per slot, as high as its part of the highest. */
function graph(slots: readonly Slot[], field: 'emitted' | 'held' | 'delivered'): string {
  const highest = Math.max(1, ...slots.map((slot) => slot[field]));
  return slots.map((slot) => bar(slot[field] / highest)).join('');
}

function bar(ratio: number): string {
  return ratio === 0 ? ' ' : (BARS[Math.min(BARS.length - 1, Math.floor(ratio * BARS.length))] ?? ' ');
}
