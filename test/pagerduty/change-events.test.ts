import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ROUTING_KEY, sendChange } from './event-client.ts';
import { PagerDutyStandIn } from './index.ts';

const CHANGE = {
  routing_key: ROUTING_KEY,
  payload: {
    summary: 'Deployed 1.2.3',
    source: 'pipeline',
    timestamp: '2020-07-17T08:42:58.315+0000',
    custom_details: { build: 7 },
  },
  links: [{ href: 'https://example.com/build/7', text: 'Build' }],
};

let standIn: PagerDutyStandIn;

beforeAll(async () => {
  standIn = new PagerDutyStandIn();
  await standIn.start();
});

afterAll(async () => {
  await standIn.close();
});

describe('a change event', () => {
  it('is taken, and pages nobody', async () => {
    expect(await sendChange(standIn, CHANGE)).toEqual({
      status: 202,
      body: { status: 'success', message: 'Change event processed' },
    });
    expect(standIn.changes()).toEqual([CHANGE]);
    expect(standIn.incidents()).toEqual([]);
  });

  it('needs no more than a summary', async () => {
    const { status } = await sendChange(standIn, { routing_key: ROUTING_KEY, payload: { summary: 'x' } });
    expect(status).toBe(202);
  });

  it.each<[object, string]>([
    [{ payload: undefined }, "'payload' is missing or blank"],
    [{ payload: { source: 'x' } }, "'payload.summary' is missing or blank"],
    [{ payload: { summary: 'x'.repeat(1025) } }, "'payload.summary' is too long (maximum is 1024 characters)"],
    [{ payload: { summary: 'x', source: 1 } }, "'payload.source' must be a string"],
    [{ payload: { summary: 'x', timestamp: 'x' } }, "'payload.timestamp' is invalid (must be an ISO 8601 timestamp)"],
    [{ payload: { summary: 'x', custom_details: [] } }, "'payload.custom_details' must be an object"],
    [{ links: [{}] }, "'links[0].href' is missing or blank"],
    [{ routing_key: 'x' }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [{ routing_key: `R${ROUTING_KEY.slice(1)}` }, "'routing_key' belongs to a ruleset, which takes no change events"],
  ])('with %j is refused', async (changes, error) => {
    const { status, body } = await sendChange(standIn, { ...CHANGE, ...changes });
    expect([status, body.errors]).toEqual([400, [error]]);
  });

  it('has no key, action, severity or images: they are noted', async () => {
    const payload = { summary: 'x', severity: 'info' };
    const { status } = await sendChange(standIn, { ...CHANGE, payload, dedup_key: 'x', images: [] });
    expect(status).toBe(202);
    expect(standIn.calls().at(-1)?.unknownFields).toEqual(['dedup_key', 'images', 'payload.severity']);
  });
});
