import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { changeEvent } from '../../src/events/change-event.ts';
import { encodeEvent, stripDetails } from '../../src/events/encode-event.ts';
import type { TriggerEvent } from '../../src/events/pagerduty-event.ts';
import { resolveEvent, triggerEvent } from '../../src/events/trigger-event.ts';
import { takeSample } from '../../src/incidents/take-sample.ts';
import { anything, anyText, fiveLargeAttributes } from '../hostile-values.ts';
import { logRecord } from '../log-record.ts';
import { breaches } from './event-contract.ts';
import { incidentReport, NO_CONTEXT, ROUTING_KEY } from './incident-report.ts';

const MAX_BODY_BYTES = 512_000;

function withDetails(details: unknown): TriggerEvent {
  const event = triggerEvent(incidentReport(), NO_CONTEXT);
  return { ...event, payload: { ...event.payload, custom_details: details as Record<string, unknown> } };
}

function sent(event: TriggerEvent): { details: Record<string, unknown>; bytes: number } {
  const body = encodeEvent(event, ROUTING_KEY);
  expect(breaches(body, 'trigger')).toEqual([]);
  const { payload } = JSON.parse(new TextDecoder().decode(body)) as TriggerEvent;
  return { details: payload.custom_details ?? {}, bytes: body.byteLength };
}

describe('an event that is too large', () => {
  const sample = { body: 'x'.repeat(200_000) };

  it('loses samples from the last one', () => {
    const samples = [1, 2, 3, 4].map((number) => ({ number, ...sample }));
    const { details } = sent(withDetails({ count: 4, samples }));
    expect(details['samples']).toEqual(samples.slice(0, 2));
    expect(details['note']).toBe('An event is at most 512000 bytes: 2 of 4 samples were left out.');
  });

  it('then has its longest texts cut, and keeps the short ones', () => {
    const attributes = Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`key${number}`, '漢'.repeat(100_000)]));
    const { details, bytes } = sent(withDetails({ count: 2, samples: [{ body: 'short', attributes }, sample] }));
    expect(details['samples']).toEqual([
      {
        body: 'short',
        attributes: Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`key${number}`, `${'漢'.repeat(32_767)}…`])),
      },
    ]);
    expect(details['note']).toBe(
      'An event is at most 512000 bytes: 1 of 2 samples were left out, texts were cut to 32768 characters.',
    );
    expect(bytes).toBeGreaterThan(MAX_BODY_BYTES / 2);
  });

  it('at last has its counts alone', () => {
    const dump = Array.from({ length: 15_000 }, () => '\u0001'.repeat(100));
    expect(sent(withDetails({ schema: 'spillway/pagerduty/v1', count: 7, last_seen: dump, dump })).details).toEqual({
      schema: 'spillway/pagerduty/v1',
      count: 7,
      note: 'An event is at most 512000 bytes: all other details were left out.',
    });
  });

  it('is whole up to the last byte', () => {
    const room = MAX_BODY_BYTES - sent(withDetails({ text: '' })).bytes;
    expect(sent(withDetails({ text: 'x'.repeat(room) }))).toMatchObject({ bytes: MAX_BODY_BYTES });
    expect(sent(withDetails({ text: 'x'.repeat(room + 1) })).details).toHaveProperty('note');
  });

  it('is never made of real samples, of which five fit even if each character takes six bytes', () => {
    const record = logRecord({ body: '漢'.repeat(300_000), attributes: fiveLargeAttributes() });
    const samples = Array.from({ length: 5 }, () => takeSample(record));
    expect(sent(triggerEvent(incidentReport({ samples }), NO_CONTEXT)).details).not.toHaveProperty('note');
  });
});

describe('an encoded event', () => {
  it('has details in JSON, whatever they were', () => {
    const circular: Record<string, unknown> = { big: 1n, time: new Date(0), map: new Map([['a', 1]]), none: undefined };
    circular['self'] = circular;
    expect(sent(withDetails(circular)).details).toEqual({
      big: '1',
      time: '1970-01-01T00:00:00.000Z',
      map: { a: 1 },
      self: '[Circular]',
    });
    expect(sent(withDetails('text')).details).toEqual({});
  });

  it('is one that PagerDuty takes, whatever its summary: CJK and emoji of each length around the limits', () => {
    for (const unit of ['漢', '\u{1f525}', 'e\u0301', '\u{1f468}\u200d\u{1f469}', '\ud800', '\u0000']) {
      for (let length = 500; length <= 1040; length += 1) {
        const event = triggerEvent(incidentReport({ summary: `x${unit.repeat(length)}`, count: length }), NO_CONTEXT);
        expect(breaches(encodeEvent(event, ROUTING_KEY), 'trigger')).toEqual([]);
        expect(event.payload.summary.length).toBeGreaterThan(500);
      }
    }
  });

  it('is one that PagerDuty takes, of any records', () => {
    const texts = fc.record({ summary: anyText, source: anyText, component: anyText, group: anyText, class: anyText });
    const records = fc.array(fc.tuple(anything, anything), { maxLength: 4 });
    fc.assert(
      fc.property(texts, records, fc.nat(), anyText, (fields, values, count, text) => {
        const samples = values.map(([body, value]) =>
          takeSample(logRecord({ body: body(), attributes: { value: value(), [text]: 1 } })),
        );
        const report = incidentReport({ ...fields, count, samples, services: [text], tally: { [text]: 1 } });
        const event = triggerEvent(report, NO_CONTEXT);
        expect(breaches(encodeEvent(event, ROUTING_KEY), 'trigger')).toEqual([]);
        expect(breaches(encodeEvent(stripDetails(event), ROUTING_KEY), 'trigger')).toEqual([]);
        const sample = samples[0] ?? takeSample(logRecord());
        const change = changeEvent({ rule: 'deployments', ...fields, sample }, NO_CONTEXT);
        expect(breaches(encodeEvent(change, ROUTING_KEY), 'change')).toEqual([]);
        expect(breaches(encodeEvent(stripDetails(change), ROUTING_KEY), 'change')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('that resolves has its key', () => {
    const resolve = resolveEvent('key');
    expect(breaches(encodeEvent(resolve, ROUTING_KEY), 'resolve')).toEqual([]);
    expect(stripDetails(resolve)).toBe(resolve);
  });

  it('is stripped to what PagerDuty cannot do without', () => {
    const { dedup_key, payload } = triggerEvent(incidentReport({ component: 'pool' }), NO_CONTEXT);
    const { summary, source, severity } = payload;
    expect(stripDetails(triggerEvent(incidentReport({ component: 'pool' }), NO_CONTEXT))).toEqual({
      event_action: 'trigger',
      dedup_key,
      payload: { summary, source, severity },
    });
  });
});
