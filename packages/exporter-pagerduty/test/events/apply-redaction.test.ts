import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';

import { applyRedaction, type Redact } from '../../src/events/apply-redaction.ts';
import { changeEvent } from '../../src/events/change-event.ts';
import { encodeEvent } from '../../src/events/encode-event.ts';
import { resolveEventContext } from '../../src/events/event-context.ts';
import type { PagerDutyEvent } from '../../src/events/pagerduty-event.ts';
import { resolveEvent, triggerEvent } from '../../src/events/trigger-event.ts';
import { takeSample } from '../../src/incidents/take-sample.ts';
import { anything } from '../hostile-values.ts';
import { logRecord } from '../log-record.ts';
import { breaches } from './event-contract.ts';
import { incidentReport, NO_CONTEXT, ROUTING_KEY } from './incident-report.ts';

const SECRET = 'hunter2';
const sample = takeSample(logRecord({ body: SECRET, attributes: { password: SECRET } }));
const context = resolveEventContext({ client: 'Shop', links: [{ href: 'https://a.example/{service}' }] });
const report = incidentReport({ summary: SECRET, class: SECRET, count: 3, samples: [sample], services: [SECRET] });
const trigger = triggerEvent(report, context);
const change = changeEvent({ rule: 'deployments', summary: SECRET, source: 'ci', sample }, NO_CONTEXT);

function redacted(event: PagerDutyEvent, redact: unknown): { event: PagerDutyEvent; errors: unknown[] } {
  const errors: unknown[] = [];
  const result = applyRedaction(event, redact as Redact, (error) => errors.push(error));
  return { event: result, errors };
}

/** The event with other fields in its payload, changed in place, as users may. */
function changing(fields: object): (event: { payload: object }) => unknown {
  return (event) => {
    Object.assign(event.payload, fields);
    return event;
  };
}

describe('redaction', () => {
  it('changes a copy of the event, in place or by another', () => {
    const before = structuredClone(trigger);
    const { event, errors } = redacted(
      trigger,
      changing({ summary: 'redacted', class: undefined, custom_details: { count: 3 } }),
    );
    const { class: _, ...payload } = trigger.payload;
    expect(event).toEqual({ ...trigger, payload: { ...payload, summary: 'redacted', custom_details: { count: 3 } } });
    expect(errors).toEqual([]);
    expect(trigger).toEqual(before);
    expect(redacted(trigger, () => ({ payload: { summary: 'other', source: 'other' } })).event).toEqual({
      event_action: 'trigger',
      dedup_key: trigger.dedup_key,
      payload: { summary: 'other', source: 'other', severity: 'critical' },
    });
  });

  it('cannot change action and key, nor what they are to a change', () => {
    const answer = { ...trigger, event_action: 'resolve', dedup_key: 'other', routing_key: 'other', images: [] };
    expect(redacted(trigger, () => answer).event).toEqual(trigger);
    expect(redacted(change, () => answer).event).not.toHaveProperty('event_action');
  });

  it('is repaired where PagerDuty would refuse it', () => {
    const { event } = redacted(
      trigger,
      changing({
        summary: ' ',
        source: 7,
        severity: 'CRITICAL',
        timestamp: 'today',
        component: {},
        custom_details: [1],
      }),
    );
    expect(event).toMatchObject({
      payload: { summary: 'Incident of rule payments', source: 'unknown', severity: 'critical' },
    });
    expect(Object.keys((event as typeof trigger).payload)).toEqual(['summary', 'source', 'severity', 'class']);
    const links = [{ href: 'javascript:alert(1)' }, null, { href: 'https://a.example/', text: 7 }];
    expect(redacted(trigger, () => ({ ...trigger, links })).event).toMatchObject({
      links: [{ href: 'https://a.example/' }],
    });
    expect(redacted(trigger, changing({ severity: 'fatal' })).event).toMatchObject({
      payload: { severity: 'critical' },
    });
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('hook');
      },
    ],
    ['answers with a promise', () => Promise.resolve(trigger)],
    ['answers with a promise that rejects', () => Promise.reject(new Error('hook'))],
    ['answers with nothing', () => undefined],
    ['answers with no payload', () => ({ event_action: 'resolve', dedup_key: 'key' })],
    [
      'answers with what cannot be read',
      () => ({
        get payload() {
          throw new Error('hook');
        },
      }),
    ],
    ['is no function', 'redact'],
  ])('that %s lets nothing of the record leave, but the page', (_, redact) => {
    const { event, errors } = redacted(trigger, redact);
    expect(event).toEqual({
      event_action: 'trigger',
      dedup_key: trigger.dedup_key,
      payload: {
        summary: 'Incident of rule payments; its details were withheld because redaction failed.',
        source: 'host-1',
        severity: 'critical',
        custom_details: {
          schema: 'spillway/pagerduty/v1',
          rule: 'payments',
          count: 3,
          suppressed: 0,
          first_seen: '2023-11-14T22:13:20.000Z',
          last_seen: '2023-11-14T22:13:20.000Z',
        },
      },
    });
    expect(errors).toEqual([expect.any(Error)]);
    const withheld = redacted(change, redact).event;
    expect(JSON.stringify(withheld)).not.toContain(SECRET);
    expect(withheld).toMatchObject({
      payload: { summary: expect.stringContaining('Change of rule deployments; its') as string },
    });
  });

  it('leaves a resolve event alone, and every event where there is no hook', () => {
    const hook = vi.fn<Redact>();
    const resolve = resolveEvent('key');
    expect(redacted(resolve, hook).event).toBe(resolve);
    expect(hook).not.toHaveBeenCalled();
    expect(redacted(trigger, undefined).event).toBe(trigger);
  });

  it('leaves an event that PagerDuty takes, whatever the hook has put in', () => {
    fc.assert(
      fc.property(fc.array(anything, { minLength: 14, maxLength: 14 }), (makers) => {
        const values = makers.map((make) => make());
        const [summary, source, severity, timestamp, component, group, kind, ...others] = values;
        const [details, links, client, url, key, href, text] = others;
        const fields = { summary, source, severity, timestamp, component, group, class: kind };
        const answers = [
          { payload: { ...fields, custom_details: details }, links, client, client_url: url, dedup_key: key },
          {
            payload: { ...fields, custom_details: { details, summary, samples: values } },
            links: [{ href, text }, href],
          },
          {
            ...trigger,
            payload: { ...trigger.payload, custom_details: { ...trigger.payload.custom_details, values } },
          },
          details,
        ];
        for (const answer of answers) {
          expect(breaches(encodeEvent(redacted(trigger, () => answer).event, ROUTING_KEY), 'trigger')).toEqual([]);
        }
        const changed = redacted(change, () => answers[0]).event;
        expect(breaches(encodeEvent(changed, ROUTING_KEY), 'change')).toEqual([]);
      }),
      { numRuns: 12 },
    );
    // Each run encodes five events of any size.
  }, 20_000);
});
