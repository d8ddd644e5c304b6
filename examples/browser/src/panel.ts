import type { Account } from './account.ts';
import type { ArrivedLine, Arrivals } from './arrivals.ts';
import { byId, element, inWords } from './elements.ts';
import type { PageView } from './page-views.ts';

/** Shows what has become of the records of this page. */
export function showAccount(account: Account): void {
  const dropped = account.dropped.map(([reason, count]) => `${inWords(count)} ${reason}`).join(', ');
  const rows: readonly (readonly [id: string, name: string, value: string])[] = [
    ['emitted', 'Emitted on this page', inWords(account.emitted)],
    ['taken-over', 'Taken over from earlier pages', inWords(account.takenOver)],
    ['queued', 'Waiting in the queue', inWords(account.queued)],
    ['in-outbox', 'Waiting in the outbox (IndexedDB)', inWords(account.inOutbox)],
    ['delivered', 'Delivered by this page', inWords(account.delivered)],
    ['dropped', 'Dropped', dropped === '' ? '0' : dropped],
    ['unaccounted', 'Unaccounted for', inWords(account.unaccounted)],
  ];
  byId('account').replaceChildren(
    ...rows.flatMap(([id, name, value]) => [element('dt', name), element('dd', value, { id })]),
  );
}

/** Shows what all pages of this browser have emitted, beside what of it Loki has. */
export function showPageViews(views: readonly PageView[], { byPageView, isAway }: Arrivals): void {
  const counts = views.map((view) => ({ ...view, arrived: byPageView[view.id] ?? 0 }));
  const emitted = counts.reduce((sum, view) => sum + view.emitted, 0);
  const arrived = counts.reduce((sum, view) => sum + view.arrived, 0);
  byId('page-views').replaceChildren(
    ...counts.map((view) =>
      row(`${timeText(view.begunMillis)} ${view.path}`, inWords(view.emitted), inWords(view.arrived)),
    ),
  );
  byId('all-emitted').textContent = inWords(emitted);
  byId('all-arrived').textContent = inWords(arrived);
  const rest = isAway
    ? 'Loki is away: what is missing there waits in the browser.'
    : 'Some wait for their batch: for 30 s at most, or until you leave.';
  say(emitted === arrived ? 'Everything that was emitted has arrived.' : rest);
}

/** Shows the lines that Loki got last. */
export function showNewest(lines: readonly ArrivedLine[]): void {
  byId('newest').replaceChildren(
    ...lines.map(({ timeMillis, severity, line, detail, count }) => {
      const text = count === 1 ? line : `${line} × ${inWords(count)}`;
      return row(timeText(timeMillis), severity, text, detail);
    }),
  );
}

/** Says how things stand. Only what is new is said, since a screen reader reads it out. */
export function say(text: string): void {
  const status = byId('status');
  if (status.textContent !== text) status.textContent = text;
}

function row(head: string, ...cells: readonly string[]): HTMLTableRowElement {
  return element('tr', [element('th', head, { scope: 'row' }), ...cells.map((cell) => element('td', cell))]);
}

const timeText = (millis: number): string => new Date(millis).toTimeString().slice(0, 8);
