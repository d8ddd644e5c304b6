import { afterEach, expect, test, vi } from 'vitest';

import { onOnline, onPageActive, onPageAway, onPageHidden } from '../src/page-lifecycle.ts';

afterEach(() => void vi.unstubAllGlobals());

/** A page, as far as its events go: each answers what was called back for it. */
function openPage(): { readonly document: EventTarget & { visibilityState: string }; readonly window: EventTarget } {
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const window = new EventTarget();
  vi.stubGlobal('document', document);
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window));
  return { document, window };
}

function watch(): { readonly calls: string[]; readonly stop: () => void } {
  const calls: string[] = [];
  // The one that must come last is added first.
  const stops = [
    onPageAway(() => calls.push('away')),
    onPageHidden(() => calls.push('hidden')),
    onPageActive(() => calls.push('active')),
    onOnline(() => calls.push('online')),
  ];
  return { calls, stop: () => stops.forEach((stop) => stop()) };
}

test('a page that is hidden is told so, and one that is shown is active', () => {
  const { document } = openPage();
  const { calls, stop } = watch();
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls.splice(0)).toEqual(['hidden']);
  document.visibilityState = 'visible';
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls.splice(0)).toEqual(['active']);
  stop();
});

test('a page that is left is flushed first, and away then', () => {
  const { document, window } = openPage();
  const { calls, stop } = watch();
  window.dispatchEvent(new Event('pagehide'));
  expect(calls.splice(0)).toEqual(['hidden', 'away']);
  document.dispatchEvent(new Event('freeze'));
  expect(calls.splice(0)).toEqual(['hidden', 'away']);
  stop();
});

test('a page that comes back, by whatever way, is active', () => {
  const { document, window } = openPage();
  const { calls, stop } = watch();
  window.dispatchEvent(new Event('pageshow'));
  document.dispatchEvent(new Event('resume'));
  expect(calls).toEqual(['active', 'active']);
  stop();
});

test('who began last is called first, and nothing is listened to in the end', () => {
  const { document, window } = openPage();
  const calls: number[] = [];
  const stops = [1, 2, 2].map((name) => onPageHidden(() => calls.push(name)));
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls.splice(0)).toEqual([2, 2, 1]);
  for (const stop of stops) stop();
  document.dispatchEvent(new Event('visibilitychange'));
  window.dispatchEvent(new Event('pagehide'));
  expect(calls).toEqual([]);
});

test('a worker has no page, but a network', () => {
  const { window } = openPage();
  vi.stubGlobal('document', undefined);
  const { calls, stop } = watch();
  window.dispatchEvent(new Event('online'));
  expect(calls).toEqual(['online']);
  stop();
});
