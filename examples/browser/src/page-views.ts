/** A visit of a page, and how many records it has emitted so far. */
export interface PageView {
  readonly id: string;
  readonly path: string;
  readonly begunMillis: number;
  readonly emitted: number;
}

const KEY_PREFIX = 'page-view ';

/** Notes what this page has emitted, where its next pages find it. Each page has an entry of its own, so none spoils another's. */
export function savePageView(view: PageView): void {
  localStorage.setItem(KEY_PREFIX + view.id, JSON.stringify(view));
}

/** What the pages of this browser have emitted, oldest first. Those that had begun before are forgotten. */
export function pageViewsSince(sinceMillis: number): readonly PageView[] {
  const entries = Object.entries<string>(localStorage).filter(([key]) => key.startsWith(KEY_PREFIX));
  const views = entries.map(([, text]) => JSON.parse(text) as PageView);
  for (const { id, begunMillis } of views) if (begunMillis < sinceMillis) localStorage.removeItem(KEY_PREFIX + id);
  return views
    .filter(({ begunMillis }) => begunMillis >= sinceMillis)
    .toSorted((one, other) => one.begunMillis - other.begunMillis);
}
