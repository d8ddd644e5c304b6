import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  type LiveTail,
  type LiveTailEvent,
  type LiveTailOptions,
  type LiveTailState,
  openLiveTail,
} from '@spillway/exporter-live-tail/live-tail-client';

import { ScriptedServer } from './scripted-server.ts';

const EPOCH = '00112233445566aa';
const OTHER_EPOCH = 'ffeeddccbbaa9988';

let server: ScriptedServer;
let events: LiveTailEvent[];
let states: LiveTailState[];
let tail: LiveTail | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0);
  server = new ScriptedServer();
  events = [];
  states = [];
});

afterEach(() => {
  tail?.close();
  vi.useRealTimers();
});

test('asks for the events below the address of the page, with the token in a header', async () => {
  await open({ url: 'http://127.0.0.1:4400/tail?x=1#token=y' });
  expect(server.last.url).toBe('http://127.0.0.1:4400/tail/events');
  expect(server.last.headers.get('authorization')).toBe('Bearer secret');
  expect(server.last.headers.has('last-event-id')).toBe(false);
  expect(states).toEqual([{ status: 'connecting', attempt: 1 }]);
});

test('hands over events in order, with their length, and says that it is open', async () => {
  const onEvent = vi.fn<LiveTailOptions['onEvent']>();
  await open({ onEvent });
  server.last.say('hello', hello(EPOCH, 0));
  server.last.say('record', record(0));
  await settle();
  expect(onEvent.mock.calls.map(([{ type }]) => type)).toEqual(['hello', 'record']);
  expect(onEvent.mock.lastCall).toEqual([{ type: 'record', data: record(0) }, JSON.stringify(record(0)).length]);
  expect(tail?.state).toEqual({ status: 'open', epoch: EPOCH, restarted: false });
});

test('passes over types that it does not know and data that is no JSON', async () => {
  await open();
  server.last.write('event: news\ndata: {}\n\nevent: record\ndata: {"offset":\n\nevent: record\ndata: 5\n\n');
  server.last.say('record', record(0));
  await settle();
  expect(events).toEqual([{ type: 'record', data: record(0) }]);
});

test('after a break it comes back to where it was, and takes no record twice', async () => {
  await open();
  server.last.say('hello', hello(EPOCH, 2));
  for (const offset of [0, 1]) server.last.say('record', record(offset));
  await settle();
  server.last.cut();
  await settle();
  expect(states.at(-1)).toEqual({ status: 'waiting', attempt: 1, delayMillis: 250, reason: 'the connection broke' });
  await vi.advanceTimersByTimeAsync(250);
  expect(server.last.headers.get('last-event-id')).toBe(`${EPOCH}-1`);
  server.last.say('hello', hello(EPOCH, 3));
  for (const offset of [1, 2]) server.last.say('record', record(offset));
  await settle();
  expect(offsets()).toEqual([0, 1, 2]);
});

test('does not ask again for what a gap has told to be missing', async () => {
  await open();
  server.last.say('hello', hello(EPOCH, 10));
  server.last.say('record', record(0));
  server.last.say('gap', { from: 1, to: 9, count: 9, reason: 'slow' });
  await settle();
  server.last.end();
  await vi.advanceTimersByTimeAsync(250);
  expect(server.last.headers.get('last-event-id')).toBe(`${EPOCH}-9`);
});

test('tells that the server is another one, and takes its records from the first on', async () => {
  await open();
  server.last.say('hello', hello(EPOCH, 9));
  server.last.say('record', record(8));
  server.last.say('bye', { reason: 'shutdown' });
  await settle();
  server.last.end();
  await settle();
  expect(states.at(-1)).toMatchObject({ status: 'waiting', reason: 'the server shut down' });
  await vi.advanceTimersByTimeAsync(250);
  server.last.say('hello', hello(OTHER_EPOCH, 1));
  server.last.say('record', record(0));
  await settle();
  expect(states.at(-1)).toEqual({ status: 'open', epoch: OTHER_EPOCH, restarted: true });
  expect(offsets()).toEqual([8, 0]);
});

test('says itself what is missing where the first connection broke before the first record came', async () => {
  await open();
  server.last.say('hello', hello(EPOCH, 0));
  await settle();
  server.last.cut();
  await vi.advanceTimersByTimeAsync(250);
  expect(server.last.headers.has('last-event-id')).toBe(false);
  server.last.say('hello', { ...hello(EPOCH, 9), oldest: 5 });
  server.last.say('record', record(5));
  await settle();
  expect(events.slice(2)).toEqual([
    { type: 'gap', data: { from: 0, to: 4, count: 5, reason: 'expired' } },
    { type: 'record', data: record(5) },
  ]);
});

test('who wants no records of before misses none that come while it is away', async () => {
  await open({ recent: 0 });
  expect(server.last.url).toContain('?recent=0');
  server.last.say('hello', hello(EPOCH, 7));
  await settle();
  server.last.cut();
  await vi.advanceTimersByTimeAsync(250);
  expect(server.last.url).not.toContain('recent');
  expect(server.last.headers.get('last-event-id')).toBe(`${EPOCH}-6`);
});

test('waits longer and longer while the server is away, and starts anew after a connection that lasted', async () => {
  server.refusals.push(...Array.from({ length: 7 }, () => new TypeError('fetch failed')));
  await open();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(waits()).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  server.last.say('hello', hello(EPOCH, 0));
  await vi.advanceTimersByTimeAsync(10_000);
  server.last.cut();
  await settle();
  expect(waits().at(-1)).toBe(250);
});

test('waits at least as long as a full server asks for, and not for ever', async () => {
  for (const seconds of ['7', '86400', 'Sat, 28 Nov 2026 00:00:00 GMT']) {
    server.refusals.push(new Response('', { status: 503, headers: { 'retry-after': seconds } }));
  }
  await open();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(waits()).toEqual([7000, 60_000, 1000]);
  expect(states[1]).toMatchObject({ reason: 'the server answered 503 without an event stream' });
});

test('breaks a connection on which nothing comes, not even a ping', async () => {
  await open();
  server.last.say('hello', hello(EPOCH, 0));
  await vi.advanceTimersByTimeAsync(30_000);
  server.last.write(': ping\n\n');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(states.at(-1)).toMatchObject({ status: 'open' });
  await vi.advanceTimersByTimeAsync(5000);
  expect(states.at(-1)).toMatchObject({ status: 'waiting', reason: 'the server was silent for too long' });
});

test.each([
  [401, 'unauthorized', 'the server does not accept the token'],
  [403, 'forbidden', 'the server does not accept requests from this address'],
] as const)('a refusal with %s is for good', async (status, cause, reason) => {
  server.refusals.push(new Response('', { status }));
  await open();
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.requests).toHaveLength(1);
  expect(states.at(-1)).toEqual({ status: 'closed', cause, reason });
  expect(vi.getTimerCount()).toBe(0);
});

test('can be told to try again at once', async () => {
  server.refusals.push(new TypeError('fetch failed'));
  await open();
  tail?.reconnect();
  await settle();
  expect(server.requests).toHaveLength(2);
});

test.each(['close', 'abort'])(
  '%s ends it: the request is broken off, no event comes, no timer is left',
  async (way) => {
    const controller = new AbortController();
    await open({ signal: controller.signal });
    if (way === 'close') tail?.close();
    else controller.abort();
    tail?.close();
    await settle();
    expect(server.last.signal.aborted).toBe(true);
    expect(states.filter(({ status }) => status === 'closed')).toEqual([
      { status: 'closed', cause: 'closed', reason: 'it was closed' },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  },
);

test('ends also while it waits, and begins nothing where the signal is aborted from the start', async () => {
  server.refusals.push(new TypeError('fetch failed'));
  await open();
  tail?.close();
  await vi.advanceTimersByTimeAsync(60_000);
  await open({ signal: AbortSignal.abort() });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.requests).toHaveLength(1);
});

test('callbacks that throw change nothing', async () => {
  await open({ onEvent: fail, onState: fail });
  server.last.say('hello', hello(EPOCH, 0));
  server.last.say('record', record(0));
  await settle();
  expect(tail?.state).toMatchObject({ status: 'open' });
});

test.each([
  [
    { url: 'tail' },
    'Expected `url` to be an absolute http or https URL without a user name, got `[redacted]` (string).',
  ],
  [{ url: 'ftp://127.0.0.1/' }, 'Expected `url`'],
  [{ url: 'http://user:pass@127.0.0.1/' }, 'Expected `url`'],
  [{ token: 'a\nb' }, 'Expected `token` to be a string of visible ASCII characters, got `[redacted]` (string).'],
  [{ token: '' }, 'Expected `token`'],
  [{ recent: -1 }, 'Expected `recent` to be an integer from 0 and up, got `-1` (number).'],
  [{ onEvent: undefined as never }, 'Expected `onEvent` to be a function'],
  [{ onStates: () => {} } as never, 'Expected `onStates` to be left out'],
])('refuses %o', (options, message) => {
  expect(() => openLiveTail(complete(options))).toThrow(message);
});

function complete(options: Partial<LiveTailOptions>): LiveTailOptions {
  return {
    url: 'http://127.0.0.1:4400/',
    token: 'secret',
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    fetch: server.fetch,
    ...options,
  };
}

async function open(options: Partial<LiveTailOptions> = {}): Promise<void> {
  tail = openLiveTail(complete(options));
  await settle();
}

/** Streams hand over what they have in a few turns of the microtask queue. */
async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function hello(epoch: string, next: number): object {
  return { protocol: 1, client: 'c1', epoch, oldest: 0, next };
}

function record(offset: number): object {
  return { offset, time: 1000 + offset, scope: 'test', attributes: {}, resource: {} };
}

/** How long each wait for the next attempt was. */
function waits(): number[] {
  return states.flatMap((state) => (state.status === 'waiting' ? [state.delayMillis] : []));
}

function fail(): never {
  throw new Error('of the application');
}

function offsets(): number[] {
  return events.flatMap(({ type, data }) => (type === 'record' ? [data.offset] : []));
}
