import { Deadline } from '@spillway/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { again, HOUR, makePolicy, MINUTE, START } from '../incidents/make-incident.ts';
import { SenderHarness } from './sender-harness.ts';

const SAMPLE = { timeMillis: START, severityNumber: 9 };
const RESOLVING = makePolicy({ resolveAfterMillis: 10 * MINUTE });

let harness: SenderHarness;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  harness = new SenderHarness();
});

afterEach(() => {
  harness.sender.close();
  vi.useRealTimers();
});

function expectClosed(): void {
  const { created, recovered, passed, droppedTotal, held } = harness.account.stats().pages;
  expect(created + recovered).toBe(passed + droppedTotal + held);
}

describe('EventSender', () => {
  it('sends a page at once, and its updates and its resolve when they are due', async () => {
    const incident = harness.page('a', { policy: RESOLVING });
    await harness.pass(0);
    expect(harness.events).toEqual(['trigger key-a']);
    again(incident, Date.now());
    harness.sender.pump();
    await harness.pass(5 * MINUTE);
    expect(harness.events.slice(1)).toEqual(['trigger key-a']);
    await harness.pass(HOUR);
    expect(harness.events.slice(2)).toEqual(['resolve key-a']);
    expect(harness.account.stats()).toMatchObject({ pages: { passed: 1, held: 0 }, updatesSent: 1, resolvesSent: 1 });
    expect(harness.book.size).toBe(0);
    expect(harness.saves).toBe(3);
  });

  it('sends a page beside one that hangs', async () => {
    harness.answer = ({ body }) => (body['dedupKey'] === 'key-hangs' ? 'never' : 202);
    harness.page('hangs');
    harness.page('matters', { severity: 'critical' });
    await harness.pass(0);
    expect(harness.events).toEqual(['trigger key-hangs', 'trigger key-matters']);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1, held: 1 });
  });

  it('never makes more calls within any minute than it may, pages first', async () => {
    for (let index = 0; index < 200; index += 1) harness.page(`k${index}`);
    await harness.pass(10 * MINUTE);
    expect(harness.sent).toHaveLength(200);
    for (const { atMillis } of harness.sent) {
      const within = harness.sent.filter((event) => event.atMillis >= atMillis && event.atMillis < atMillis + MINUTE);
      expect(within.length).toBeLessThanOrEqual(60);
    }
    expect(new Set(harness.events).size).toBe(200);
  });

  it('sends again what was not taken, with pauses that grow, until it is', async () => {
    harness.answer = () => 503;
    const incident = harness.page('a');
    await harness.pass(10 * MINUTE);
    const failed = harness.sent.length;
    expect(failed).toBeGreaterThan(10);
    expect(failed).toBeLessThan(30);
    expect(harness.account.stats().pages).toMatchObject({ held: 1, droppedTotal: 0 });
    harness.answer = () => 202;
    await harness.pass(2 * MINUTE);
    expect(harness.sent).toHaveLength(failed + 1);
    expect(incident.state).toBe('open');
    expectClosed();
  });

  it.each<[name: string, answer: () => Error]>([['a broken connection', () => new TypeError('fetch failed')]])(
    'sends again after %s',
    async (_name, answer) => {
      harness.answer = answer;
      harness.page('a');
      await harness.pass(0);
      harness.answer = () => 202;
      await harness.pass(MINUTE);
      expect(harness.account.stats()).toMatchObject({ pages: { passed: 1 }, requestsFailed: 1, requestsSucceeded: 1 });
    },
  );

  it('keeps the pause that PagerDuty asks for, for all of a routing key', async () => {
    harness.answer = () => new Response('', { status: 429, headers: { 'retry-after': '120' } });
    harness.page('a');
    await harness.pass(0);
    harness.answer = () => 202;
    harness.page('b');
    await harness.pass(2 * MINUTE - 1000);
    expect(harness.sent).toHaveLength(1);
    await harness.pass(MINUTE);
    expect(harness.events.slice(1).toSorted()).toEqual(['trigger key-a', 'trigger key-b']);
  });

  it('sends what is refused once more in short, and then gives it up, for a reason', async () => {
    harness.answer = () => 400;
    const incident = harness.page('a');
    await harness.pass(HOUR);
    expect(harness.sent.map(({ body }) => body['isStripped'])).toEqual([false, true]);
    expect(harness.drops).toMatchObject([{ count: 1, reason: 'rejected', error: { name: 'PagerDutyError' } }]);
    expect(incident.state).toBe('open');
    expectClosed();
  });

  it('takes what PagerDuty takes in short', async () => {
    harness.answer = ({ body }) => (body['isStripped'] === true ? 202 : 413);
    harness.page('a');
    await harness.pass(MINUTE);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1, droppedTotal: 0 });
  });

  it('holds pages while the routing key is wrong, and sends them when it is right', async () => {
    const invalid = '{"status":"invalid event","errors":["Length of \'routing_key\' is incorrect"]}';
    harness.answer = () => new Response(invalid, { status: 400 });
    harness.page('a');
    await harness.pass(10 * MINUTE);
    expect(harness.sent.length).toBeLessThan(15);
    harness.answer = () => 202;
    await harness.pass(2 * MINUTE);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1, held: 0 });
  });

  it('takes no 200 for success', async () => {
    harness.answer = () => 200;
    harness.page('a');
    await harness.pass(MINUTE);
    expect(harness.account.stats().pages).toMatchObject({ passed: 0, held: 1 });
  });

  it('sends a page at once in a storm of updates that all hang', async () => {
    const updates = Array.from({ length: 30 }, (_, index) => harness.page(`update-${index}`));
    await harness.pass(10 * MINUTE);
    harness.answer = ({ body }) => (body['dedupKey'] === 'key-matters' ? 202 : 'never');
    for (const incident of updates) again(incident, Date.now());
    harness.sender.pump();
    await harness.pass(0);
    harness.page('matters', { severity: 'critical' });
    await harness.pass(0);
    expect(harness.events.at(-1)).toBe('trigger key-matters');
  });

  it('has calls left for pages in a storm of updates', async () => {
    const updates = Array.from({ length: 30 }, (_, index) => harness.page(`update-${index}`));
    await harness.pass(10 * MINUTE);
    for (const incident of updates) again(incident, Date.now());
    harness.sender.pump();
    await harness.pass(0);
    for (const key of ['one', 'two', 'three']) harness.page(key);
    await harness.pass(0);
    expect(harness.events.slice(-3)).toEqual(['trigger key-one', 'trigger key-two', 'trigger key-three']);
    await harness.pass(MINUTE);
    expect(harness.account.stats().updatesSent).toBe(30);
  });

  it('counts a page for what has come while a resolve was on its way, also where that was refused', async () => {
    const incident = harness.page('a', { policy: RESOLVING });
    await harness.pass(0);
    harness.answer = ({ body }) => {
      if (body['event'] !== 'resolve') return 202;
      again(incident, Date.now());
      return 400;
    };
    await harness.pass(15 * MINUTE);
    expect(harness.events.slice(0, 4)).toEqual(['trigger key-a', 'resolve key-a', 'resolve key-a', 'trigger key-a']);
    expect(harness.account.stats().pages).toMatchObject({ created: 2, passed: 2, held: 0 });
  });

  it('does not wait for ever for a routing key that never comes', async () => {
    harness.sender.close();
    harness = new SenderHarness({ hasFallback: true, routingKey: () => new Promise(() => {}) });
    harness.page('a');
    await harness.pass(MINUTE);
    expect(harness.sent.map(({ routingKey }) => routingKey)).toEqual(['second']);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1, held: 0 });
  });

  it('wakes for a page that waits, also where it began while another one was being sent', async () => {
    harness.sender.close();
    const routingKey = (): string => {
      if (harness.book.size === 1) harness.page('b', { policy: makePolicy({ groupWaitMillis: 5000 }) });
      return 'first';
    };
    harness = new SenderHarness({ routingKey });
    harness.answer = () => 'never';
    harness.page('a');
    await harness.pass(5000);
    expect(harness.events).toEqual(['trigger key-a', 'trigger key-b']);
  });

  it('tells of changes behind pages, and gives them up after an hour', async () => {
    harness.account.changes.create(2);
    harness.changes.tryAdd({ rule: 'deploy', summary: 'one', source: 'host', sample: SAMPLE }, Date.now());
    harness.page('a');
    await harness.pass(0);
    expect(harness.events).toEqual(['trigger key-a', 'change one']);
    expect(harness.sent[1]?.path).toBe('/v2/change/enqueue');
    harness.answer = () => 503;
    harness.changes.tryAdd({ rule: 'deploy', summary: 'two', source: 'host', sample: SAMPLE }, Date.now());
    harness.sender.pump();
    await harness.pass(2 * HOUR);
    expect(harness.account.stats().changes).toMatchObject({ passed: 1, dropped: { expired: 1 }, held: 0 });
  });
});

describe('a second routing key', () => {
  beforeEach(() => {
    harness.sender.close();
    harness = new SenderHarness({ hasFallback: true });
  });

  it('gets a page that has not got through for a minute, once, and its resolve', async () => {
    harness.answer = ({ routingKey }) => (routingKey === 'first' ? 503 : 202);
    harness.page('a', { policy: RESOLVING });
    await harness.pass(5 * MINUTE);
    expect(harness.sent.filter(({ routingKey }) => routingKey === 'second')).toHaveLength(1);
    await harness.pass(HOUR);
    const second = harness.sent.filter(({ routingKey }) => routingKey === 'second');
    expect(second.map(({ body }) => body['event'])).toEqual(['trigger', 'resolve']);
    expect(harness.account.stats()).toMatchObject({ pages: { passed: 1, held: 0 }, resolvesSent: 1 });
  });

  it.each([
    ['refuses it', 400],
    ['has no such key', 401],
  ])('gets at once what the first %s', async (_what, status) => {
    harness.answer = ({ routingKey }) => (routingKey === 'first' ? status : 202);
    harness.page('a');
    await harness.pass(1000);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1 });
    expect(harness.sent.at(-1)?.routingKey).toBe('second');
  });

  it('is no way out of both being down: a page is held, and goes where it gets through first', async () => {
    harness.answer = () => 503;
    harness.page('a');
    await harness.pass(HOUR);
    expect(harness.account.stats().pages).toMatchObject({ held: 1 });
    harness.answer = ({ routingKey }) => (routingKey === 'first' ? 202 : 503);
    await harness.pass(10 * MINUTE);
    expect(harness.account.stats().pages).toMatchObject({ passed: 1, held: 0 });
    expectClosed();
  });
});

describe('a flush', () => {
  it('sends what waits by choice, and ends when it is taken', async () => {
    harness.page('a', { policy: makePolicy({ groupWaitMillis: MINUTE }) });
    await harness.sender.flush(new Deadline(1000));
    expect(harness.account.stats().pages.passed).toBe(1);
  });

  it('without a deadline ends where nothing waits, and once all is taken', async () => {
    await harness.sender.flush(new Deadline(Infinity));
    harness.page('a', { policy: makePolicy({ groupWaitMillis: MINUTE }) });
    await harness.sender.flush(new Deadline(Infinity));
    expect(harness.account.stats().pages.passed).toBe(1);
  });

  it('ends with one probe while PagerDuty is down', async () => {
    harness.answer = () => 503;
    harness.page('a');
    await harness.pass(10 * MINUTE);
    const { length } = harness.sent;
    const flush = harness.sender.flush(new Deadline(30_000));
    await harness.pass(0);
    await flush;
    expect(harness.sent).toHaveLength(length + 1);
  });

  it('ends at its deadline while PagerDuty never answers', async () => {
    harness.answer = () => 'never';
    harness.page('a');
    const flush = harness.sender.flush(new Deadline(100));
    await harness.pass(100);
    await flush;
    expect(harness.account.stats().pages.held).toBe(1);
  });

  it('ends when all is taken, also where another one has ended at its deadline before', async () => {
    const takers: ((response: Response) => void)[] = [];
    harness.answer = () => new Promise((resolve) => void takers.push(resolve));
    harness.page('a');
    const short = harness.sender.flush(new Deadline(100));
    let isOver = false;
    void harness.sender.flush(new Deadline(30_000)).then(() => (isOver = true));
    await harness.pass(100);
    await short;
    for (const take of takers) take(new Response('', { status: 202 }));
    await harness.pass(0);
    expect(isOver).toBe(true);
  });

  it('does not wait for updates that are not due', async () => {
    const incident = harness.page('a');
    await harness.pass(0);
    again(incident, Date.now());
    await harness.sender.flush(new Deadline(30_000));
    expect(harness.sent).toHaveLength(1);
  });
});
