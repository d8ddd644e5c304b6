import { afterAll, describe, expect, it, vi } from 'vitest';

import type { AlertRule } from '../src/rules/pagerduty-rule.ts';
import type { IncidentStore, StoredIncident, StoredState } from '../src/store/incident-store.ts';
import { exportAll, useHarness } from './exporter-harness.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FALLBACK_KEY = 'f'.repeat(32);

const harness = useHarness();
afterAll(() => vi.useRealTimers());

/** A store that outlives the exporters of a test. */
class MemoryStore implements IncidentStore {
  state: StoredState | undefined;

  load(): StoredState | undefined {
    return structuredClone(this.state);
  }

  save(state: StoredState): void {
    this.state = structuredClone(state);
  }
}

async function pass(millis = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(millis);
}

function errors(values: Partial<AlertRule> = {}): readonly AlertRule[] {
  return [{ name: 'errors', when: { minSeverity: 17 }, ...values }];
}

/** Leaves a process as `kill -9` does: what it has not saved is gone, and what it saves later too. */
function killed(store: MemoryStore): MemoryStore {
  const next = new MemoryStore();
  next.state = structuredClone(store.state);
  return next;
}

function withRoute(route: StoredIncident['route'], store: MemoryStore): MemoryStore {
  const next = killed(store);
  const { state } = next;
  if (state !== undefined) next.state = { ...state, incidents: state.incidents.map((one) => ({ ...one, route })) };
  return next;
}

describe('what an earlier process has left', () => {
  it('is sent at once where the clock was set back meanwhile', async () => {
    const store = new MemoryStore();
    harness.current.status = 503;
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    vi.setSystemTime(Date.now() - 24 * HOUR);
    harness.current.status = 202;
    const next = harness.current.make({ store: killed(store) });
    await pass();
    expect(next.stats().pages).toMatchObject({ recovered: 1, passed: 1 });
    vi.setSystemTime(Date.now() + 24 * HOUR);
  });

  it('resolves itself in time where the clock was set back meanwhile', async () => {
    const store = new MemoryStore();
    const rules = errors({ resolveAfterMillis: 10 * MINUTE });
    exportAll(harness.current.make({ store, rules }), { body: 'x' });
    await pass();
    const left = killed(store);
    vi.setSystemTime(Date.now() - 24 * HOUR);
    const next = harness.current.make({ store: left, rules });
    await pass(10 * MINUTE);
    expect(next.stats()).toMatchObject({ resolvesSent: 1, openIncidents: 0 });
    vi.setSystemTime(Date.now() + 24 * HOUR);
  });

  it('resolves where a record said that it is over before the end', async () => {
    const store = new MemoryStore();
    const rules = errors({ resolveWhen: { eventName: 'recovered' }, key: ['scope'], fingerprint: 'none' });
    const first = harness.current.make({ store, rules });
    exportAll(first, { body: 'x' });
    await pass();
    exportAll(first, { severityNumber: 9, eventName: 'recovered' });
    await pass(6000);
    const next = harness.current.make({ store: killed(store), rules });
    await pass(10 * MINUTE);
    expect(next.stats()).toMatchObject({ resolvesSent: 1, openIncidents: 0 });
  });

  it('does not resolve what went on until the end', async () => {
    const store = new MemoryStore();
    const rules = errors({ resolveAfterMillis: 2 * MINUTE, minOpenMillis: 0 });
    const first = harness.current.make({ store, rules });
    for (let second = 0; second < 180; second += 10) {
      exportAll(first, { body: 'x' });
      await pass(10_000);
    }
    const next = harness.current.make({ store: killed(store), rules });
    await pass(MINUTE);
    expect(next.stats()).toMatchObject({ resolvesSent: 0, openIncidents: 1 });
    await pass(MINUTE);
    expect(next.stats()).toMatchObject({ resolvesSent: 1, openIncidents: 0 });
  });

  it('is paged through the first key where there is no second one any more', async () => {
    const store = new MemoryStore();
    harness.current.status = 503;
    exportAll(harness.current.make({ store, fallbackRoutingKey: FALLBACK_KEY }), { body: 'x' });
    await pass(5 * MINUTE);
    const left = withRoute('fallback', store);
    harness.current.status = 202;
    const next = harness.current.make({ store: left });
    await pass();
    expect(next.stats().pages).toMatchObject({ recovered: 1, passed: 1, held: 0 });
  });

  it('is forgotten where it was open through a second key that there is no more, so that its records page', async () => {
    const store = new MemoryStore();
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    const left = withRoute('fallback', store);
    const next = harness.current.make({ store: left });
    exportAll(next, { body: 'x' });
    await pass();
    expect(next.stats().pages).toMatchObject({ created: 1, passed: 1 });
  });

  it('keeps the name of its rule, also where there is no such rule any more', async () => {
    const store = new MemoryStore();
    harness.current.status = 503;
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    harness.current.status = 202;
    harness.current.make({ store: killed(store), rules: [{ name: 'others', when: { minSeverity: 21 } }] });
    await pass();
    expect(harness.current.posted.at(-1)?.payload.custom_details['rule']).toBe('errors');
  });
});

describe('another routing key after a restart', () => {
  const OTHER_KEY = 'e'.repeat(32);

  it('pages anew for what goes on, since PagerDuty knows nothing of it there', async () => {
    const store = new MemoryStore();
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    const next = harness.current.make({ store: killed(store), routingKey: OTHER_KEY });
    expect(next.stats().openIncidents).toBe(0);
    exportAll(next, { body: 'x' });
    await pass();
    expect(harness.current.posted.map(({ routing_key: key, event_action: action }) => [key, action])).toEqual([
      ['0123456789abcdef0123456789abcdef', 'trigger'],
      [OTHER_KEY, 'trigger'],
    ]);
    expect(next.stats().pages).toMatchObject({ created: 1, passed: 1 });
  });

  it('gets the page that was not delivered', async () => {
    const store = new MemoryStore();
    harness.current.status = 503;
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    harness.current.status = 202;
    const next = harness.current.make({ store: killed(store), routingKey: OTHER_KEY });
    await pass();
    expect(next.stats().pages).toMatchObject({ recovered: 1, passed: 1 });
    expect(harness.current.posted.at(-1)?.routing_key).toBe(OTHER_KEY);
  });

  it('is not stored, nor is the one before', async () => {
    const store = new MemoryStore();
    exportAll(harness.current.make({ store }), { body: 'x' });
    await pass();
    expect(JSON.stringify(store.state)).not.toContain('0123456789abcdef');
    expect(store.state?.routingKeyHashes?.primary).toMatch(/^[\da-f]{16}$/);
  });
});
