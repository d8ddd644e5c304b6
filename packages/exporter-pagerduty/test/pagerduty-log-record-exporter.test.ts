import { afterAll, describe, expect, it, vi } from 'vitest';

import type { PagerDutyEvent } from '../src/events/pagerduty-event.ts';
import type { AlertRule } from '../src/rules/pagerduty-rule.ts';
import type { StoredState } from '../src/store/incident-store.ts';
import { exportAll, recordOfShop, ROUTING_KEY, useHarness } from './exporter-harness.ts';

const MINUTE = 60_000;
const TRACE = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };

const DEPLOYMENT = { name: 'deploy', type: 'change', when: { eventName: 'deployed' } } as const;

const harness = useHarness();
afterAll(() => vi.useRealTimers());

function explode(): never {
  throw new Error('boom');
}

function redact(event: PagerDutyEvent): PagerDutyEvent {
  return JSON.parse(JSON.stringify(event).replaceAll('secret', '***')) as PagerDutyEvent;
}

function rulesWith(summary: () => string): readonly AlertRule[] {
  return [{ name: 'errors', when: { minSeverity: 17 }, summary }];
}

/** Lets requests come to their ends, and time go on. */
async function pass(millis = 0): Promise<void> {
  await vi.advanceTimersByTimeAsync(millis);
}

describe('a record', () => {
  it('pages within the export', async () => {
    const exporter = harness.current.make();
    exportAll(exporter, { body: 'disk full' });
    await Promise.resolve();
    await pass();
    expect(harness.current.posted).toMatchObject([
      {
        path: '/v2/enqueue',
        routing_key: ROUTING_KEY,
        event_action: 'trigger',
        dedup_key: expect.stringMatching(/^spillway:errors:[0-9a-f]{64}$/),
        client: 'Spillway',
        payload: {
          summary: '[ERROR] shop: disk full',
          severity: 'error',
          component: 'orders',
          group: 'shop',
          custom_details: { schema: 'spillway/pagerduty/v1', count: 1, rule: 'errors', services: ['shop'] },
        },
      },
    ]);
  });

  it.each([
    ['of no severity', { severityNumber: 0 }],
    ['of a severity that no rule is about', { severityNumber: 8 }],
    ['of our own components', { severityNumber: 21, scope: '@spillway/delivery' }],
  ])('%s never pages', async (_what, fields) => {
    const exporter = harness.current.make({ rules: [{ name: 'most', when: { minSeverity: 9 } }] });
    exportAll(exporter, fields);
    await pass(MINUTE);
    expect(harness.current.posted).toEqual([]);
    const { received, passed, droppedTotal } = exporter.stats();
    expect(received).toBe(passed + droppedTotal);
  });

  it('pages by default where it is FATAL, and not below', async () => {
    const exporter = harness.current.make({ rules: [{ name: 'fatal', when: { minSeverity: 21 } }] });
    exportAll(exporter, { severityNumber: 20, body: 'error' }, { severityNumber: 21, body: 'fatal' });
    await pass();
    expect(harness.current.events).toEqual(['trigger [FATAL] shop: fatal']);
  });

  it('pages for each rule that it meets', async () => {
    const rules = [
      { name: 'errors', when: { minSeverity: 17 } },
      { name: 'orders', when: [{ scope: 'nothing' }, { scope: 'orders' }], severity: 'critical' },
    ] as const;
    exportAll(harness.current.make({ rules }), { body: 'x' });
    await pass();
    const severities = harness.current.posted.map(({ payload }) => payload.severity);
    expect(severities.toSorted()).toEqual(['critical', 'error']);
  });

  it('that throws at a touch costs nothing', async () => {
    const exporter = harness.current.make();
    const hostile = new Proxy(recordOfShop(), {
      get() {
        throw new Error('no');
      },
    });
    exporter.export([hostile, recordOfShop({ body: 'good' }), null as never], () => {});
    await pass();
    expect(harness.current.events).toEqual(['trigger [ERROR] shop: good']);
    expect(exporter.stats()).toMatchObject({ received: 3, passed: 2, dropped: { invalid: 1 } });
  });
});

describe('a record that throws in part', () => {
  it.each([['resource'], ['instrumentationScope'], ['attributes'], ['spanContext'], ['body'], ['eventName']])(
    'at its %s pages all the same, and is counted once',
    async (field) => {
      const exporter = harness.current.make({
        rules: [{ name: 'errors', when: { minSeverity: 17 } }, DEPLOYMENT],
      });
      const record = recordOfShop({ body: 'x', eventName: 'deployed' });
      exporter.export([Object.defineProperty({ ...record }, field, { get: explode })], () => {});
      await pass();
      const { pages, changes } = exporter.stats();
      expect([pages.held, changes.held]).toEqual([0, 0]);
      expect(pages.passed).toBe(1);
    },
  );
});

describe('records of one problem', () => {
  it('page anew where none has come for so long that the incident is forgotten', async () => {
    const exporter = harness.current.make();
    exportAll(exporter, { body: 'x' });
    await pass(4 * 60 * MINUTE);
    exportAll(exporter, { body: 'x' });
    await pass();
    expect(harness.current.posted.map(({ payload }) => payload.custom_details['count'])).toEqual([1, 1]);
    expect(exporter.stats().pages).toMatchObject({ created: 2, passed: 2 });
  });

  it('are one more incident beyond the limits, however many services they are of', async () => {
    const exporter = harness.current.make({ maxNewIncidents: 5 });
    for (let index = 0; index < 1000; index += 1)
      exportAll(exporter, { resource: { 'service.name': `shop ${index}` } });
    await pass(MINUTE);
    expect(exporter.stats()).toMatchObject({ openIncidents: 5, pages: { created: 5 } });
  });

  it('page once, and are counted exactly', async () => {
    const exporter = harness.current.make();
    for (let index = 0; index < 1000; index += 1)
      exportAll(exporter, { body: `order ${index} of user '${index}' failed` });
    await pass(5 * MINUTE);
    expect(harness.current.posted.map(({ payload }) => payload.custom_details['count'])).toEqual([1, 1000]);
    expect(new Set(harness.current.posted.map(({ dedup_key: key }) => key)).size).toBe(1);
    expect(harness.current.posted[1]?.payload.custom_details['suppressed']).toBe(998);
  });

  it('page when there are enough of them', async () => {
    const rules = [{ name: 'errors', when: { minSeverity: 17 }, threshold: 3, thresholdWindowMillis: 1000 }] as const;
    const exporter = harness.current.make({ rules });
    exportAll(exporter, { body: 'x' }, { body: 'x' });
    await pass(1001);
    exportAll(exporter, { body: 'x' }, { body: 'x' });
    await pass();
    expect(harness.current.events).toEqual([]);
    exportAll(exporter, { body: 'x' });
    await pass();
    expect(harness.current.events).toHaveLength(1);
  });

  it('are waited for where the rule says so, and told of together', async () => {
    const rules = [{ name: 'errors', when: { minSeverity: 17 }, groupWaitMillis: 5000 }] as const;
    const exporter = harness.current.make({ rules });
    exportAll(exporter, { body: 'x' }, { body: 'x' });
    await pass(4999);
    expect(harness.current.events).toEqual([]);
    await pass(1);
    expect(harness.current.events).toEqual(['trigger [ERROR] shop: x (2 records)']);
  });

  it('are told apart by the fields of the key, with nothing that imitates another', async () => {
    const rules = [
      { name: 'errors', when: { minSeverity: 17 }, key: ['attributes.a', 'attributes.b'], fingerprint: 'none' },
    ] as const;
    const exporter = harness.current.make({ rules });
    const values = [{ a: 'x', b: 'y' }, { a: 'xy' }, { b: 'xy' }, { a: 'x', b: 'y' }, { a: 'x y' }];
    exportAll(exporter, ...values.map((attributes) => ({ attributes })));
    await pass();
    expect(new Set(harness.current.posted.map(({ dedup_key: key }) => key)).size).toBe(4);
  });
});

describe('an incident', () => {
  it('resolves itself when it has been quiet, and pages anew when it comes back', async () => {
    const rules = [{ name: 'errors', when: { minSeverity: 17 }, resolveAfterMillis: 10 * MINUTE }] as const;
    const exporter = harness.current.make({ rules });
    exportAll(exporter, { body: 'x' });
    await pass(10 * MINUTE);
    exportAll(exporter, { body: 'x' });
    await pass();
    expect(harness.current.posted.map(({ event_action: action }) => action)).toEqual(['trigger', 'resolve', 'trigger']);
    expect(exporter.stats()).toMatchObject({ pages: { passed: 2 }, resolvesSent: 1, openIncidents: 1 });
  });

  it('is resolved by a record that says so, whatever its fingerprint, and no other one is', async () => {
    const rules = [
      {
        name: 'errors',
        when: { minSeverity: 17 },
        resolveWhen: { eventName: 'recovered' },
        key: ['resource.service.name'],
        minOpenMillis: 0,
      },
    ] as const;
    const exporter = harness.current.make({ rules });
    exportAll(exporter, { body: 'x' }, { body: 'other words' }, { body: 'x', resource: { 'service.name': 'shop2' } });
    await pass();
    exportAll(exporter, { severityNumber: 9, eventName: 'recovered' });
    await pass();
    expect(harness.current.events.slice(3)).toEqual(['resolve', 'resolve']);
    expect(exporter.stats().openIncidents).toBe(1);
  });

  it('has a key of this process alone where it resolves itself', async () => {
    const rules = [{ name: 'errors', when: { minSeverity: 17 }, resolveAfterMillis: MINUTE }] as const;
    exportAll(harness.current.make({ rules }), { body: 'x' });
    exportAll(harness.current.make({ rules }), { body: 'x' });
    exportAll(harness.current.make(), { body: 'x' });
    exportAll(harness.current.make(), { body: 'x' });
    await pass();
    const keys = harness.current.posted.map(({ dedup_key: key }) => key);
    expect([new Set(keys).size, new Set(keys.slice(2)).size]).toEqual([3, 1]);
  });

  it('links to its trace', async () => {
    const links = [{ text: 'Trace', href: 'https://traces/{traceId}' }];
    exportAll(harness.current.make({ links }), { body: 'x', spanContext: TRACE });
    await pass();
    expect(harness.current.posted[0]?.links).toEqual([{ text: 'Trace', href: `https://traces/${TRACE.traceId}` }]);
  });

  it('has nothing in it that redaction takes out, and no text where redaction fails', async () => {
    exportAll(harness.current.make({ redact }), { body: 'a secret', attributes: { token: 'secret' } });
    exportAll(harness.current.make({ redact: explode }), { body: 'a secret', attributes: { token: 'secret' } });
    await pass();
    expect(JSON.stringify(harness.current.posted)).not.toContain('secret');
    expect(harness.current.events).toEqual([
      'trigger [ERROR] shop: a ***',
      expect.stringContaining('details were withheld because redaction failed'),
    ]);
  });

  it('has the headline that its rule makes, and the default one where that fails', async () => {
    exportAll(harness.current.make({ rules: rulesWith(() => 'Orders are lost') }), { body: 'x' });
    exportAll(harness.current.make({ rules: rulesWith(explode) }), { body: 'x' });
    await pass();
    expect(harness.current.events).toEqual(['trigger Orders are lost', 'trigger [ERROR] shop: x']);
  });
});

describe('a change', () => {
  const rules = [DEPLOYMENT];

  it('is told of once, beside incidents, whatever its severity', async () => {
    const exporter = harness.current.make({ rules });
    const change = { severityNumber: 0, eventName: 'deployed', body: 'version 7' };
    exportAll(exporter, change, change);
    await pass();
    expect(harness.current.posted.map(({ path }) => path)).toEqual(['/v2/change/enqueue']);
    expect(harness.current.posted[0]?.payload).toMatchObject({ summary: 'shop: deployed: version 7' });
    expect(exporter.stats().changes).toMatchObject({ created: 1, passed: 1, held: 0 });
  });
});

describe('the end', () => {
  it('drops pages that cannot be delivered as `shutdown`, and tells of them', async () => {
    const drops: unknown[] = [];
    harness.current.status = 503;
    const exporter = harness.current.make({ onPageDrop: (drop) => drops.push(drop) });
    exportAll(exporter, { body: 'x' });
    const end = exporter.shutdown({ timeoutMillis: 1000 });
    await pass(1000);
    await end;
    expect(drops).toEqual([{ count: 1, reason: 'shutdown' }]);
    expect(exporter.stats().pages).toMatchObject({ created: 1, held: 0, dropped: { shutdown: 1 } });
  });

  it('leaves them to the store, where there is one, and the next process sends them', async () => {
    let kept: StoredState | undefined;
    const store = { load: () => kept, save: (state: StoredState) => void (kept = structuredClone(state)) };
    harness.current.status = 503;
    const first = harness.current.make({ store });
    exportAll(first, { body: 'x' });
    const end = first.shutdown({ timeoutMillis: 1000 });
    await pass(1000);
    await end;
    expect(first.stats().pages).toMatchObject({ created: 1, held: 1, droppedTotal: 0 });
    await pass(20 * MINUTE);
    harness.current.status = 202;
    const second = harness.current.make({ store });
    await pass();
    expect(second.stats().pages).toMatchObject({ recovered: 1, passed: 1, held: 0 });
    expect(harness.current.posted.at(-1)?.payload).toMatchObject({
      summary: expect.stringMatching(/^\[late 20 min\] /),
      severity: 'warning',
    });
  });
});

it('a second routing key gets what the first one refuses', async () => {
  const fallbackRoutingKey = 'f'.repeat(32);
  harness.current.status = 400;
  const exporter = harness.current.make({ fallbackRoutingKey });
  exportAll(exporter, { body: 'x' });
  await pass(MINUTE);
  const keys = new Set(harness.current.posted.map(({ routing_key: key }) => key));
  expect(keys).toEqual(new Set([ROUTING_KEY, fallbackRoutingKey]));
});
