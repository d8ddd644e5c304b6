import { accountOf } from './account.ts';
import { type Arrivals, fetchArrivals } from './arrivals.ts';
import { byId } from './elements.ts';
import { exporter, logger, pageViewId, processor } from './logging.ts';
import { savePageView, pageViewsSince } from './page-views.ts';
import { panelFrame } from './panel-frame.ts';
import { say, showAccount, showNewest, showPageViews } from './panel.ts';

const REFRESH_MILLIS = 500;
const begunMillis = Date.now();

/** Logs what every page of the app logs, and keeps its account in sight. Tells of each answer of the server. */
export function startPage(onArrivals: (arrivals: Arrivals) => void = () => undefined): void {
  byId('panel').append(panelFrame());
  logger.info('page opened', 'view', { path: location.pathname });
  // In the capture phase: a click is logged before what it does.
  addEventListener('click', ({ target }) => logClick(target), { capture: true });
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) logger.info('page shown again', 'view', { path: location.pathname });
  });
  addEventListener('pagehide', save);
  // Each by itself: what has become of the records is to be seen also where the server does not answer.
  repeat(() => {
    save();
    showAccount(accountOf(processor.stats(), exporter.stats()));
  });
  repeat(async () => {
    try {
      const arrivals = await fetchArrivals();
      showPageViews(pageViewsSince(arrivals.sinceMillis), arrivals);
      showNewest(arrivals.newest);
      onArrivals(arrivals);
    } catch {
      say('The server of this page does not answer.');
    }
  });
}

function repeat(work: () => void | Promise<void>): void {
  void Promise.resolve(work()).then(() => setTimeout(() => repeat(work), REFRESH_MILLIS));
}

function logClick(target: EventTarget | null): void {
  const clicked = target instanceof Element ? target.closest('a, button') : null;
  if (clicked !== null) logger.info('clicked', 'click', { element: clicked.id, label: clicked.textContent.trim() });
}

function save(): void {
  savePageView({ id: pageViewId, path: location.pathname, begunMillis, emitted: processor.stats().received });
}
