import { describe, expect, it } from 'vitest';

import { changeEvent } from '../../src/events/change-event.ts';
import { resolveEventContext } from '../../src/events/event-context.ts';
import { resolveEvent, triggerEvent } from '../../src/events/trigger-event.ts';
import { takeSample } from '../../src/incidents/take-sample.ts';
import { logRecord } from '../log-record.ts';
import { incidentReport, NO_CONTEXT, NOW } from './incident-report.ts';

const HOUR_MILLIS = 3_600_000;

describe('a trigger event', () => {
  it('tells of the incident', () => {
    const sample = takeSample(
      logRecord({
        body: 'no database',
        eventName: 'db.lost',
        attributes: { attempts: 3 },
        spanContext: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) },
      }),
    );
    const report = incidentReport({
      component: 'pool',
      group: 'shop',
      class: 'db.lost',
      count: 1234,
      suppressed: 1233,
      lastSeenMillis: NOW + 1000,
      samples: [sample],
      tally: { payments: 1234 },
    });
    const context = resolveEventContext({ client: 'Shop', clientUrl: 'https://shop.example/' });
    expect(triggerEvent(report, context)).toEqual({
      event_action: 'trigger',
      dedup_key: report.dedupKey,
      payload: {
        summary: '[FATAL] checkout: no database (1,234 records)',
        source: 'host-1',
        severity: 'critical',
        timestamp: '2023-11-14T22:13:21.000Z',
        component: 'pool',
        group: 'shop',
        class: 'db.lost',
        custom_details: {
          schema: 'spillway/pagerduty/v1',
          rule: 'payments',
          count: 1234,
          suppressed: 1233,
          first_seen: '2023-11-14T22:13:20.000Z',
          last_seen: '2023-11-14T22:13:21.000Z',
          services: ['checkout'],
          instances: ['1'],
          tally: { payments: 1234 },
          samples: [
            {
              time: '2023-11-14T22:13:20.000Z',
              severity: 'ERROR',
              event_name: 'db.lost',
              body: 'no database',
              attributes: { attempts: 3 },
              scope: 'scope',
              trace_id: 'a'.repeat(32),
              span_id: 'b'.repeat(16),
            },
          ],
        },
      },
      client: 'Shop',
      client_url: 'https://shop.example/',
    });
  });

  it('says nothing of what there is not', () => {
    const event = triggerEvent(incidentReport({ component: '', samples: [] }), NO_CONTEXT);
    expect(Object.keys(event)).toEqual(['event_action', 'dedup_key', 'payload']);
    expect(Object.keys(event.payload)).toEqual(['summary', 'source', 'severity', 'timestamp', 'custom_details']);
    expect(event.payload.summary).toBe('[FATAL] checkout: no database');
  });

  it.each([
    [2 * HOUR_MILLIS, '[late 2 h]', 7200],
    [90_000, '[late 2 min]', 90],
    [100, '[late 1 s]', 0],
    [72 * HOUR_MILLIS, '[late 3 d]', 259_200],
  ])('that is %d ms late says so, and wakes nobody', (lateMillis, prefix, seconds) => {
    const { payload } = triggerEvent(incidentReport({ lateMillis, count: 2 }), NO_CONTEXT);
    expect(payload.summary).toBe(`${prefix} [FATAL] checkout: no database (2 records)`);
    expect(payload.severity).toBe('warning');
    expect(payload.custom_details).toMatchObject({ late_seconds: seconds });
    expect(triggerEvent(incidentReport({ lateMillis, severity: 'info' }), NO_CONTEXT).payload.severity).toBe('info');
  });

  it('of a summary that is too long cuts the text, not the count', () => {
    const report = incidentReport({ summary: '漢'.repeat(5000), count: 10_000, lateMillis: HOUR_MILLIS });
    const { summary } = triggerEvent(report, NO_CONTEXT).payload;
    expect(summary).toHaveLength(1024);
    expect(summary).toMatch(/^\[late 1 h\] 漢+… \(10,000 records\)$/);
  });

  it('has a summary and a source where there are none', () => {
    const { payload } = triggerEvent(incidentReport({ summary: ' ', source: '' }), NO_CONTEXT);
    expect(payload).toMatchObject({ summary: 'Incident of rule payments', source: 'unknown' });
  });
});

describe('a change event', () => {
  it('tells of the change', () => {
    const sample = takeSample(logRecord({ eventName: 'deployment', body: 'v2', severityNumber: undefined }));
    expect(changeEvent({ rule: 'deployments', summary: 'v2', source: 'ci', sample }, NO_CONTEXT)).toEqual({
      payload: {
        summary: 'v2',
        source: 'ci',
        timestamp: '2023-11-14T22:13:20.000Z',
        custom_details: {
          schema: 'spillway/pagerduty/v1',
          rule: 'deployments',
          time: '2023-11-14T22:13:20.000Z',
          severity: 'ERROR',
          event_name: 'deployment',
          body: 'v2',
          scope: 'scope',
        },
      },
    });
  });
});

describe('a resolve event', () => {
  it('has nothing but its key', () => {
    expect(resolveEvent('key')).toEqual({ event_action: 'resolve', dedup_key: 'key' });
  });
});
