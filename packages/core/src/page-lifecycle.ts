import { Listeners, listenTo } from './listeners.ts';

/**
 * What a page may be told of its end. `unload` and `beforeunload` are not asked: they keep a page out of the
 * back/forward cache, and do not come on phones.
 * @see https://developer.chrome.com/docs/web-platform/page-lifecycle-api (read 2026-11-29)
 */
const page = new Listeners<'hidden' | 'away' | 'active' | 'online'>((emit) => {
  const onEvent = ({ type }: Event): void => {
    if (type === 'visibilitychange') emit(document.visibilityState === 'hidden' ? 'hidden' : 'active');
    else if (type === 'pagehide' || type === 'freeze') {
      // In this order, whoever began to listen first: what is flushed now must find everything as it was.
      emit('hidden');
      emit('away');
    } else emit(type === 'online' ? 'online' : 'active');
  };
  const { document: ownDocument } = globalThis as { document?: Document };
  const stops = [
    listenTo(ownDocument, ['visibilitychange', 'freeze', 'resume'], onEvent),
    // These are told to the window only; in a worker nothing but `online` ever comes.
    listenTo(globalThis, ['pagehide', 'pageshow', 'online'], onEvent),
  ];
  return () => {
    for (const stop of stops) stop();
  };
});

/**
 * Calls back when the page is hidden, frozen or left, which is the last that many pages are told of; possibly twice for
 * one end. Answers how to stop that.
 */
export function onPageHidden(callback: () => void): () => void {
  return page.add('hidden', callback);
}

/**
 * Calls back when the page is left or frozen, after {@link onPageHidden}: nothing here may run from now on, for hours or
 * for ever. Answers how to stop that.
 */
export function onPageAway(callback: () => void): () => void {
  return page.add('away', callback);
}

/** Calls back when the page is shown, thawed or back out of the cache. Answers how to stop that. */
export function onPageActive(callback: () => void): () => void {
  return page.add('active', callback);
}

/** Calls back when the page or worker has a network again. Answers how to stop that. */
export function onOnline(callback: () => void): () => void {
  return page.add('online', callback);
}
