import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { maxCallsInWindow } from './call-window.ts';
import { OTHER_ROUTING_KEY, post, resolve, ROUTING_KEY, send, sendChange, trigger } from './event-client.ts';
import { answerFault, PagerDutyStandIn } from './index.ts';

let nowMillis: number;
let standIn: PagerDutyStandIn;

beforeEach(async () => {
  nowMillis = 1_000_000;
  standIn = new PagerDutyStandIn({ callLimit: 3, now: () => nowMillis });
  await standIn.start();
});

afterEach(async () => {
  await standIn.close();
});

async function statusesOf(...events: readonly object[]): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const event of events) statuses.push((await send(standIn, event)).status);
  return statuses;
}

describe('the limit of calls', () => {
  it('refuses what is too much within a minute, and processes nothing of it', async () => {
    expect(await statusesOf(trigger('a'), trigger('b'), trigger('c'))).toEqual([202, 202, 202]);
    expect(await send(standIn, trigger('d'))).toEqual({
      status: 429,
      body: {
        status: 'throttle exceeded',
        message: 'Requests for this service are arriving too quickly.  Please retry later.',
        errors: ['Enhance Your Calm.'],
      },
    });
    expect(standIn.pages()).toBe(3);
    expect(standIn.refusals()).toMatchObject([{ status: 429, event: { dedup_key: 'd' } }]);
  });

  it('looks back 60 seconds from each call', async () => {
    await statusesOf(trigger('a'));
    nowMillis += 30_000;
    await statusesOf(trigger('a'), trigger('a'));
    nowMillis += 30_000;
    expect(await statusesOf(trigger('a'))).toEqual([429]);
    nowMillis += 30_001;
    // The two of 60.001 seconds ago no longer count; the refused one does.
    expect(await statusesOf(trigger('a'), trigger('a'), trigger('a'))).toEqual([202, 202, 429]);
  });

  it('counts every call: wrong ones, changes, and those that a fault has hit', async () => {
    standIn.setFault(({ index }) => (index === 0 ? answerFault(503) : undefined));
    const change = { routing_key: ROUTING_KEY, payload: { summary: 'x' } };
    expect(await statusesOf(trigger('a'), trigger(' '))).toEqual([503, 400]);
    expect((await sendChange(standIn, change)).status).toBe(202);
    expect((await sendChange(standIn, change)).status).toBe(429);
  });

  it('is one of each routing key, and takes no offence at what has none', async () => {
    await statusesOf(trigger('a'), trigger('a'), trigger('a'));
    expect(await statusesOf(trigger('a', 'x', OTHER_ROUTING_KEY), trigger('a'))).toEqual([202, 429]);
    for (let count = 0; count < 5; count += 1) expect((await post(standIn, '{')).status).toBe(400);
  });

  it('is 120 by default', async () => {
    const usual = new PagerDutyStandIn({ now: () => nowMillis });
    await usual.start();
    const statuses: number[] = [];
    for (let count = 0; count < 121; count += 1) statuses.push((await send(usual, trigger('a'))).status);
    expect(statuses.indexOf(429)).toBe(120);
    await usual.close();
  });
});

describe('the record of calls', () => {
  it('has time, body and event of each', async () => {
    await send(standIn, trigger('a'));
    nowMillis += 5;
    await send(standIn, resolve('a'));
    expect(standIn.calls()).toMatchObject([
      { timeMillis: 1_000_000, method: 'POST', path: '/v2/enqueue', status: 202, body: JSON.stringify(trigger('a')) },
      { timeMillis: 1_000_005, event: resolve('a'), refusal: undefined },
    ]);
    expect(standIn.incidents()).toMatchObject([{ openedAtMillis: 1_000_000, resolvedAtMillis: 1_000_005 }]);
  });

  it('tells the most calls of any minute, by routing key or in all', async () => {
    for (const key of [ROUTING_KEY, OTHER_ROUTING_KEY, ROUTING_KEY]) {
      await send(standIn, trigger('a', 'x', key));
      nowMillis += 40_000;
    }
    expect([standIn.maxCallsPerMinute(), standIn.maxCallsPerMinute(ROUTING_KEY)]).toEqual([2, 1]);
  });

  it('is forgotten on request, with the incidents and the calls that count', async () => {
    await statusesOf(trigger('a'), trigger('b'), trigger('c'));
    standIn.clear();
    expect([standIn.calls(), standIn.incidents(), standIn.maxCallsPerMinute()]).toEqual([[], [], 0]);
    expect(await statusesOf(trigger('a'))).toEqual([202]);
    expect(standIn.pages()).toBe(1);
  });
});

describe('the most calls of any minute', () => {
  it('are those that a count from each call on finds', () => {
    const times = fc.array(fc.nat({ max: 300_000 }), { maxLength: 200 });
    fc.assert(
      fc.property(times, (timesMillis) => {
        const counts = timesMillis.map(
          (first) => timesMillis.filter((time) => time >= first && time <= first + 60_000).length,
        );
        expect(maxCallsInWindow(timesMillis)).toBe(Math.max(0, ...counts));
      }),
    );
  });
});
