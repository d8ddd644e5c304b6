import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { acknowledge, OTHER_ROUTING_KEY, resolve, ROUTING_KEY, trigger } from './event-client.ts';
import type { AlertEvent } from './event.ts';
import { IncidentLog } from './incident-log.ts';

/** A log with these events, one millisecond after the other. */
function logOf(...events: readonly AlertEvent[]): IncidentLog {
  const log = new IncidentLog();
  for (const [index, event] of events.entries()) log.apply(event, index, () => `random-${index}`);
  return log;
}

describe('the incidents of PagerDuty', () => {
  it('are opened by a trigger, and added to by more of the same key', () => {
    const events = [trigger('disk', 'first'), trigger('disk', 'second')];
    expect(logOf(...events).incidents).toEqual([
      {
        routingKey: ROUTING_KEY,
        dedupKey: 'disk',
        openedAtMillis: 0,
        acknowledgedAtMillis: undefined,
        resolvedAtMillis: undefined,
        summary: 'second',
        severity: 'error',
        logEntries: events.map((event, timeMillis) => ({ timeMillis, event })),
      },
    ]);
  });

  it('page again for a trigger after they were resolved', () => {
    const { incidents } = logOf(trigger('disk'), resolve('disk'), trigger('disk'));
    expect(incidents.map(({ resolvedAtMillis }) => resolvedAtMillis)).toEqual([1, undefined]);
    expect(incidents.map(({ logEntries }) => logEntries.length)).toEqual([2, 1]);
  });

  it('page nobody again once they are acknowledged', () => {
    const { incidents } = logOf(trigger('disk'), acknowledge('disk'), trigger('disk', 'still'), acknowledge('disk'));
    expect(incidents).toMatchObject([{ acknowledgedAtMillis: 1, summary: 'still', resolvedAtMillis: undefined }]);
  });

  it('are one for each routing key', () => {
    const { incidents } = logOf(trigger('disk'), trigger('disk', 'x', OTHER_ROUTING_KEY));
    expect(incidents.map(({ routingKey }) => routingKey)).toEqual([ROUTING_KEY, OTHER_ROUTING_KEY]);
  });

  it('are left alone by what comes through another routing key', () => {
    const { incidents } = logOf(
      trigger('disk'),
      acknowledge('disk', OTHER_ROUTING_KEY),
      resolve('disk', OTHER_ROUTING_KEY),
    );
    expect(incidents).toMatchObject([{ acknowledgedAtMillis: undefined, resolvedAtMillis: undefined }]);
    expect(incidents[0]?.logEntries).toHaveLength(1);
  });

  it('do not come from acknowledging or resolving what is not there, or is no longer', () => {
    expect(logOf(acknowledge('disk'), resolve('disk')).incidents).toEqual([]);
    const { incidents } = logOf(trigger('disk'), resolve('disk'), acknowledge('disk'), resolve('disk'));
    expect(incidents).toMatchObject([{ acknowledgedAtMillis: undefined, resolvedAtMillis: 1 }]);
  });

  it('are new ones for every trigger without a key', () => {
    const { dedup_key: _, ...keyless } = trigger('');
    expect(logOf(keyless, keyless, resolve('random-0')).incidents).toMatchObject([
      { dedupKey: 'random-0', resolvedAtMillis: 2 },
      { dedupKey: 'random-1', resolvedAtMillis: undefined },
    ]);
  });

  it('are as many as a look back over all events finds', () => {
    const key = fc.constantFrom('a', 'b');
    const routingKey = fc.constantFrom(ROUTING_KEY, OTHER_ROUTING_KEY);
    const event = fc.oneof(
      fc.tuple(key, routingKey).map(([name, routing]) => trigger(name, 'x', routing)),
      fc.tuple(key, routingKey).map((parts) => acknowledge(...parts)),
      fc.tuple(key, routingKey).map((parts) => resolve(...parts)),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        expect(logOf(...events).incidents).toHaveLength(events.filter((_, index) => isOpening(events, index)).length);
      }),
    );
  });
});

/** Whether an event is a trigger whose key had no trigger since its last resolve. */
function isOpening(events: readonly AlertEvent[], index: number): boolean {
  const event = events[index];
  const before = events
    .slice(0, index)
    .filter((other) => other.dedup_key === event?.dedup_key && other.routing_key === event?.routing_key)
    .map(({ event_action }) => event_action);
  return event?.event_action === 'trigger' && before.lastIndexOf('trigger') <= before.lastIndexOf('resolve');
}
