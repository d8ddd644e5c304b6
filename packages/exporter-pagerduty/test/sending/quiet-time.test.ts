import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { again, HOUR, makePolicy, MINUTE, START } from '../incidents/make-incident.ts';
import { SenderHarness } from './sender-harness.ts';

let harness: SenderHarness;

beforeEach(() => {
  vi.useFakeTimers({ now: START, toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  harness = new SenderHarness();
});

afterEach(() => {
  harness.sender.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** How often the sender wakes within an hour. */
async function wakesWithinAnHour(): Promise<number> {
  const pump = vi.spyOn(harness.sender, 'pump');
  await harness.pass(HOUR);
  return pump.mock.calls.length;
}

it('an incident that has told everything wakes nobody', async () => {
  harness.page('a');
  await harness.pass(0);
  expect(await wakesWithinAnHour()).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

it('one that goes on wakes the sender for its updates only', async () => {
  const incident = harness.page('a');
  await harness.pass(0);
  again(incident, Date.now());
  harness.sender.pump();
  expect(await wakesWithinAnHour()).toBeLessThan(5);
});

it.each([503, 401, 429])('a page that is answered with %i wakes the sender for its attempts only', async (status) => {
  harness.answer = () => status;
  harness.page('a');
  await harness.pass(10 * MINUTE);
  const before = harness.sent.length;
  const wakes = await wakesWithinAnHour();
  expect(wakes).toBeLessThan(4 * (harness.sent.length - before) + 5);
  expect(harness.sent.length - before).toBeLessThan(130);
});

it('many pages that wait for the limit of calls wake it once for each', async () => {
  for (let index = 0; index < 500; index += 1) harness.page(`k${index}`, { policy: makePolicy() });
  expect(await wakesWithinAnHour()).toBeLessThan(1500);
  expect(harness.sent).toHaveLength(500);
});
