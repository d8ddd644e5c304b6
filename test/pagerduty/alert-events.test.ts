import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { acknowledge, FULL_TRIGGER, post, resolve, ROUTING_KEY, send, trigger } from './event-client.ts';
import { PagerDutyStandIn } from './index.ts';

const EMOJI = '\u{1f525}';

let standIn: PagerDutyStandIn;

beforeAll(async () => {
  standIn = new PagerDutyStandIn({ callLimit: Number.POSITIVE_INFINITY });
  await standIn.start();
});

afterAll(async () => {
  await standIn.close();
});

/** The full trigger with other values at some paths, such as `payload.summary`; undefined takes the field away. */
function changed(changes: Readonly<Record<string, unknown>>): object {
  const event = structuredClone(FULL_TRIGGER) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const [name = '', inner] = path.split('.');
    if (inner === undefined) event[name] = value;
    else (event[name] as Record<string, unknown>)[inner] = value;
  }
  return event;
}

describe('an alert event', () => {
  it('with all fields is taken, and its key comes back', async () => {
    expect(await send(standIn, FULL_TRIGGER)).toEqual({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'disk/db-1' },
    });
    expect(standIn.calls().at(-1)?.unknownFields).toEqual([]);
  });

  it.each<[string, object]>([
    ['with only what there must be', trigger('x')],
    ['with a summary of 1024 characters', changed({ 'payload.summary': '界'.repeat(1024) })],
    ['with a summary of 512 emoji', changed({ 'payload.summary': EMOJI.repeat(512) })],
    ['with a dedup_key of 255 characters', changed({ dedup_key: 'é'.repeat(255) })],
    ['with a timestamp as in the documentation', changed({ 'payload.timestamp': '2015-07-17T08:42:58.315+0000' })],
    ['with an offset', changed({ 'payload.timestamp': '2024-02-29T23:59:59-11:30' })],
    ['with nanoseconds', changed({ 'payload.timestamp': '2026-11-21T12:00:00.123456789Z' })],
    ['with empty optional texts', changed({ client: '', client_url: '', 'payload.group': '' })],
    ['with an image and a link that say no more', changed({ images: [{ src: 'https://x/', href: '', alt: '' }] })],
    ['that acknowledges', acknowledge('x')],
    ['that resolves', resolve('x')],
    ['that resolves with a whole payload', changed({ event_action: 'resolve' })],
  ])('%s is taken', async (_, event) => {
    expect(await send(standIn, event)).toMatchObject({ status: 202 });
  });

  it.each<[Record<string, unknown>, string | readonly string[]]>([
    [{ routing_key: undefined }, "'routing_key' is missing or blank"],
    [{ routing_key: 7 }, "'routing_key' must be a string"],
    [{ routing_key: ROUTING_KEY.slice(1) }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [{ routing_key: `${ROUTING_KEY}0` }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [
      { routing_key: 'e+23_' },
      [
        "Length of 'routing_key' is incorrect (should be 32 characters)",
        "'routing_key' cannot contain non-alphanumeric characters.",
      ],
    ],
    [{ event_action: undefined, payload: undefined }, "'event_action' is missing or blank"],
    [
      { event_action: 'Trigger' },
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    ],
    [{ dedup_key: 'x'.repeat(256) }, "'dedup_key' is too long (maximum is 255 characters)"],
    [{ dedup_key: EMOJI.repeat(128) }, "'dedup_key' is too long (maximum is 255 characters)"],
    [{ dedup_key: '' }, "'dedup_key' is missing or blank"],
    [{ dedup_key: null }, "'dedup_key' must be a string"],
    [{ payload: undefined }, "'payload' is missing or blank"],
    [{ payload: [] }, "'payload' must be an object"],
    [{ 'payload.summary': undefined }, "'payload.summary' is missing or blank"],
    [{ 'payload.summary': ' \n' }, "'payload.summary' is missing or blank"],
    [{ 'payload.summary': ['x'] }, "'payload.summary' must be a string"],
    [{ 'payload.summary': 'x'.repeat(1025) }, "'payload.summary' is too long (maximum is 1024 characters)"],
    [{ 'payload.summary': EMOJI.repeat(513) }, "'payload.summary' is too long (maximum is 1024 characters)"],
    [{ 'payload.source': '' }, "'payload.source' is missing or blank"],
    [{ 'payload.source': { host: 'x' } }, "'payload.source' must be a string"],
    [{ 'payload.severity': undefined }, "'payload.severity' is missing or blank"],
    ...['CRITICAL', 'Error', 'fatal', 'warn', 17].map((severity): [Record<string, unknown>, string] => [
      { 'payload.severity': severity },
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    ]),
    ...[
      'yesterday',
      '2026-11-21',
      '2026-11-21 12:00:00Z',
      '2026-11-21T12:00:00',
      '2026-11-21T24:00:00Z',
      '2026-11-21T12:60:00Z',
      '2026-02-29T12:00:00Z',
      '2026-13-01T12:00:00Z',
      '2026-11-21T12:00:00+99:00',
      1_763_726_400_000,
    ].map((timestamp): [Record<string, unknown>, string] => [
      { 'payload.timestamp': timestamp },
      "'payload.timestamp' is invalid (must be an ISO 8601 timestamp)",
    ]),
    [{ 'payload.component': 1 }, "'payload.component' must be a string"],
    [{ 'payload.group': null }, "'payload.group' must be a string"],
    [{ 'payload.class': true }, "'payload.class' must be a string"],
    [{ 'payload.custom_details': 'text' }, "'payload.custom_details' must be an object"],
    [{ 'payload.custom_details': [1] }, "'payload.custom_details' must be an object"],
    [{ 'payload.custom_details': null }, "'payload.custom_details' must be an object"],
    [{ images: {} }, "'images' must be an array"],
    [{ images: ['https://example.com/'] }, "'images[0]' must be an object"],
    [{ images: [{ alt: 'x' }] }, "'images[0].src' is missing or blank"],
    [{ images: [{ src: 'http://example.com/' }] }, "'images[0].src' is invalid (must be a URL with https:)"],
    [
      { images: [{ src: 'https://example.com/', href: 'example.com', alt: 1 }] },
      ["'images[0].href' is invalid (must be a URL with https: or http:)", "'images[0].alt' must be a string"],
    ],
    [{ links: 'https://example.com/' }, "'links' must be an array"],
    [{ links: [{ text: 'x' }] }, "'links[0].href' is missing or blank"],
    [
      { links: [{ href: 'https://example.com/' }, { href: 'javascript:alert(1)' }] },
      "'links[1].href' is invalid (must be a URL with https: or http:)",
    ],
    [{ links: [{ href: 'https://example.com/', text: null }] }, "'links[0].text' must be a string"],
    [{ client: {} }, "'client' must be a string"],
    [{ client_url: 'nowhere' }, "'client_url' is invalid (must be a URL with https: or http:)"],
  ])('with %j is refused', async (changes, errors) => {
    const pages = standIn.pages();
    expect(await send(standIn, changed(changes))).toEqual({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid', errors: [errors].flat() },
    });
    expect(standIn.pages()).toBe(pages);
    expect(standIn.refusals().at(-1)).toMatchObject({ status: 400, event: { client: expect.anything() as unknown } });
  });

  it.each(['acknowledge', 'resolve'])('that should %s nothing in particular is refused', async (action) => {
    const { body } = await send(standIn, { routing_key: ROUTING_KEY, event_action: action });
    expect(body.errors).toEqual(["'dedup_key' is missing or blank"]);
  });

  it('with everything wrong hears of everything at once', async () => {
    const { body } = await send(standIn, { event_action: 'trigger', payload: {}, links: [{}] });
    expect(body.errors).toEqual([
      "'routing_key' is missing or blank",
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      "'payload.severity' is missing or blank",
      "'links[0].href' is missing or blank",
    ]);
  });

  it('with fields that nobody knows is taken, and they are noted', async () => {
    const { status } = await send(standIn, changed({ service_key: 'x', 'payload.details': {} }));
    expect(status).toBe(202);
    expect(standIn.calls().at(-1)?.unknownFields).toEqual(['service_key', 'payload.details']);
  });
});

it('lengths can be measured in code points too', async () => {
  const lenient = new PagerDutyStandIn({ characterUnit: 'code-point' });
  await lenient.start();
  const statuses = [1024, 1025].map(async (count) => (await send(lenient, trigger('x', EMOJI.repeat(count)))).status);
  expect(await Promise.all(statuses)).toEqual([202, 400]);
  await lenient.close();
});

describe('another path', () => {
  it.each(['/', '/v2/enqueue/', '/v2/enqueues', '/generic/2010-04-15/create_event.json'])(
    '%s is unknown',
    async (path) => {
      expect((await post(standIn, JSON.stringify(FULL_TRIGGER), { path })).status).toBe(404);
      expect(standIn.refusals().at(-1)).toMatchObject({ path, status: 404 });
    },
  );

  it('and another method are refused', async () => {
    const response = await fetch(`${standIn.url}/v2/enqueue`);
    expect(response.status).toBe(405);
  });
});
