import { Delivery, type DestinationOptions, MemoryOutbox, type Outbox } from '@spillway/delivery';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { ERROR, line, lineBackend } from '../test-backend.ts';
import { noBackoff, openDelivery } from '../open-delivery.ts';
import { PageOutboxFake } from './page-outbox-fake.ts';

const page = new EventTarget();

beforeEach(() => {
  vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page));
});
afterEach(() => void vi.unstubAllGlobals());

/** A delivery of a page, with the requests that it makes. */
function openPage(outbox: Outbox = new PageOutboxFake(), destinationOptions: Partial<DestinationOptions> = {}) {
  const requests: { readonly text: string; readonly keepalive: boolean; readonly answer: (status: number) => void }[] =
    [];
  const fetch = vi.fn<typeof globalThis.fetch>((_url, init) => {
    const text = Buffer.from(init?.body as Uint8Array<ArrayBuffer>).toString();
    return new Promise<Response>((resolve) => {
      const answer = (status: number): void => resolve(new Response(status === 204 ? null : '', { status }));
      requests.push({ text, keepalive: init?.keepalive === true, answer });
    });
  });
  const delivery = new Delivery({ outbox, fetch, compression: 'none', backoff: noBackoff });
  return { requests, ...openDelivery('https://logs.example/', { delivery, destinationOptions, isLeftHeld: true }) };
}

test('what is exported right before the end is under way before the flush returns', () => {
  const { destination, requests, ...opened } = openPage();
  void opened.export('one', 'two');
  destination.flushSync(1000);
  expect(requests).toMatchObject([{ text: 'one\ntwo\n', keepalive: true }]);
});

test('the newest that fits leaves, the rest is stored; a severe batch goes before all of it', async () => {
  const outbox = new PageOutboxFake();
  const { destination, requests, ...opened } = openPage(outbox);
  void opened.export(line('severe', ERROR));
  void opened.export(...Array.from({ length: 400 }, (_, index) => `${index} ${'x'.repeat(995)}`));
  destination.flushSync(1000);
  const [severe, newest] = requests;
  expect(severe?.text).toBe('severe\n');
  expect(newest?.text.split('\n').at(-2)).toContain('399 ');
  expect(requests.reduce((bytes, { text }) => bytes + text.length, 0)).toBeLessThanOrEqual(61_440);
  expect(requests.every(({ keepalive }) => keepalive)).toBe(true);
  outbox.answer();
  await vi.waitFor(() => expect(outbox.rows.size).toBeGreaterThan(2));
  expect(destination.stats()).toMatchObject({ received: 401, held: 401 });
  for (const { answer } of requests) answer(204);
});

test('where the oldest is nearly too old for the backend nothing newer goes before it', async () => {
  const { destination, requests, ...opened } = openPage();
  void opened.export({ ...line('old'), hrTime: [Date.now() / 1000 - 55 * 60, 0] });
  void opened.export('new');
  destination.flushSync(1000);
  expect(requests).toEqual([]);
  await vi.waitFor(() => expect(requests.map(({ text }) => text)).toEqual(['old\n', 'new\n']));
});

test('what has no room before it is compressed is stored when it is', async () => {
  const compressor = {
    contentEncoding: undefined,
    compressNow: (body: Uint8Array<ArrayBuffer>) => body,
    compress: (body: Uint8Array<ArrayBuffer>) => Promise.resolve(body.slice(0, 100)),
    expand: (body: Uint8Array<ArrayBuffer>) => Promise.resolve(body),
  };
  const outbox = Object.assign(new PageOutboxFake(), { maxBytes: 200 * 1024 });
  const { destination, ...opened } = openPage(outbox, { backend: { ...lineBackend, compressor } });
  void opened.export(...Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(995)}`));
  destination.flushSync(1000);
  outbox.answer();
  const stored = (): number => [...outbox.rows.values()].reduce((sum, { recordCount }) => sum + recordCount, 0);
  await vi.waitFor(() => expect(stored()).toBe(300));
  expect(destination.stats()).toMatchObject({ received: 300, held: 300, droppedTotal: 0 });
});

test('a backend that cuts badly costs no record and no time', () => {
  const backend = { ...lineBackend, split: <T>(payload: T): readonly T[] => [payload, payload] };
  const { destination, ...opened } = openPage(undefined, { backend });
  void opened.export(...Array.from({ length: 300 }, (_, index) => `${index} ${'x'.repeat(995)}`));
  destination.flushSync(1000);
  expect(destination.stats()).toMatchObject({ received: 300, held: 300, droppedTotal: 0 });
});

test('what was on its way into the outbox, and takes time to compress, goes there once more', async () => {
  const compressor = {
    contentEncoding: undefined,
    compress: (body: Uint8Array<ArrayBuffer>) => Promise.resolve(body),
    expand: (body: Uint8Array<ArrayBuffer>) => Promise.resolve(body),
  };
  const outbox = Object.assign(new PageOutboxFake(), { isSlow: true });
  const { destination, ...opened } = openPage(outbox, { backend: { ...lineBackend, compressor } });
  void opened.export('one');
  await vi.waitFor(() => expect(outbox.isPutting).toBe(true));
  outbox.isSlow = false;
  destination.flushSync(1000);
  await vi.waitFor(() => expect(outbox.rows.size).toBe(1));
  expect(destination.stats()).toMatchObject({ received: 1, held: 1, droppedTotal: 0 });
});

test('what is delivered before it was stored is removed once it was', async () => {
  const outbox = new PageOutboxFake();
  const { destination, requests, ...opened } = openPage(outbox);
  void opened.export('one');
  destination.flushSync(1000);
  requests[0]?.answer(204);
  await vi.waitFor(() => expect(destination.stats().passed).toBe(1));
  outbox.answer();
  await vi.waitFor(() => expect(outbox.rows.size).toBe(0));
  expect(destination.stats().held).toBe(0);
});

test('what cannot be stored is held in memory, and sent again from there', async () => {
  const outbox = new PageOutboxFake();
  const { destination, requests, ...opened } = openPage(outbox);
  void opened.export('one');
  destination.flushSync(1000);
  outbox.answer(new Error('full'));
  requests[0]?.answer(503);
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  expect(requests[1]?.text).toBe('one\n');
  requests[1]?.answer(204);
  await vi.waitFor(() => expect(destination.stats()).toMatchObject({ passed: 1, held: 0, droppedTotal: 0 }));
});

test.each([true, false])(
  'what is on its way into the outbox is stored once, committed (%j) or not',
  async (isCommitting) => {
    const outbox = Object.assign(new PageOutboxFake(), { isSlow: true, isCommitting });
    const { destination, requests, ...opened } = openPage(outbox);
    void opened.export('one');
    await vi.waitFor(() => expect(outbox.isPutting).toBe(true));
    destination.flushSync(1000);
    expect(outbox.lastCount).toBe(isCommitting ? 0 : 1);
    expect(requests).toHaveLength(isCommitting ? 0 : 1);
    outbox.answer();
    for (const { answer } of requests) answer(204);
    await vi.waitFor(() =>
      expect(destination.stats()).toMatchObject({ passed: isCommitting ? 0 : 1, droppedTotal: 0 }),
    );
  },
);

test('what another page has taken over leaves the account, also where the own request got through', async () => {
  const outbox = new PageOutboxFake();
  const { destination, requests, ...opened } = openPage(outbox);
  void opened.export('one');
  destination.flushSync(1000);
  outbox.answer();
  outbox.isTaken = true;
  requests[0]?.answer(204);
  await vi.waitFor(() =>
    expect(destination.stats()).toMatchObject({ received: 1, recovered: -1, passed: 0, held: 0, droppedTotal: 0 }),
  );
  expect(outbox.rows.size).toBe(1);
});

test('a page that is away begins no request by itself, and goes on when it is back', async () => {
  const { destination, requests, ...opened } = openPage(new MemoryOutbox());
  page.dispatchEvent(new Event('pagehide'));
  await opened.export('one');
  destination.flushSync(1000);
  expect(requests).toHaveLength(1);
  requests[0]?.answer(503);
  await vi.waitFor(() => expect(destination.stats().requestsFailed).toBe(1));
  expect(requests).toHaveLength(1);
  page.dispatchEvent(new Event('pageshow'));
  await vi.waitFor(() => expect(requests).toHaveLength(2));
  requests[1]?.answer(204);
  await vi.waitFor(() => expect(destination.stats()).toMatchObject({ passed: 1, held: 0 }));
});

test('what was stored when the page was left is for others to send, what comes later leaves with it', async () => {
  const { destination, requests, ...opened } = openPage();
  void opened.export(...Array.from({ length: 150 }, (_, index) => `${index} ${'x'.repeat(995)}`));
  destination.flushSync(1000);
  page.dispatchEvent(new Event('pagehide'));
  const { length } = requests;
  for (const { answer } of requests) answer(204);
  await vi.waitFor(() => expect(destination.stats().requestsSucceeded).toBe(length));
  void opened.export('in a listener of the page');
  destination.flushSync(1000);
  expect(requests.slice(length)).toMatchObject([{ text: 'in a listener of the page\n', keepalive: true }]);
  expect(destination.stats().held).toBeGreaterThan(1);
});

test('an endpoint that the policy of the page forbids is asked once', async () => {
  const { destination, requests, ...opened } = openPage();
  await opened.export('one');
  await vi.waitFor(() => expect(requests).toHaveLength(1));
  const violation = { effectiveDirective: 'connect-src', disposition: 'enforce', blockedURI: 'https://logs.example/' };
  page.dispatchEvent(Object.assign(new Event('securitypolicyviolation'), violation));
  requests[0]?.answer(503);
  await vi.waitFor(() => expect(destination.stats().requestsFailed).toBe(1));
  await destination.forceFlush();
  destination.flushSync(1000);
  page.dispatchEvent(new Event('online'));
  expect(requests).toHaveLength(1);
  expect(destination.stats()).toMatchObject({ held: 1, droppedTotal: 0 });
});

test('without keepalive a beacon takes what needs no header, once', async () => {
  vi.stubGlobal('Request', function Request() {});
  const sendBeacon = vi.fn<typeof navigator.sendBeacon>(() => true);
  vi.stubGlobal('navigator', { sendBeacon });
  const { destination, ...opened } = openPage();
  void opened.export('one');
  destination.flushSync(1000);
  destination.flushSync(1000);
  expect(sendBeacon).toHaveBeenCalledTimes(1);
  const [url, body] = sendBeacon.mock.calls[0] ?? [];
  expect([url, (body as Blob).type, await (body as Blob).text()]).toEqual([
    'https://logs.example/',
    'text/plain',
    'one\n',
  ]);
  expect(destination.stats().held).toBe(1);
});
