import { describe, expect, it } from 'vitest';

import { restoredIncident, storedIncident } from '../../src/incidents/stored-form.ts';
import { again, begin, deliver, HOUR, makeBook, makePolicy, MINUTE, START } from './make-incident.ts';

const RESOLVING = makePolicy({ resolveAfterMillis: 10 * MINUTE });

describe('an incident', () => {
  it('pages at once, and its records are told of in updates, five minutes apart', () => {
    const incident = begin(makeBook(), 'a', START);
    expect(deliver(incident, START)).toEqual(['trigger', false]);
    for (let index = 1; index <= 100; index += 1) again(incident, START + index);
    expect(incident.dueAction(START + 5 * MINUTE - 1)).toBeUndefined();
    expect(incident.wakeAt()).toBe(START + 5 * MINUTE);
    expect(deliver(incident, START + 5 * MINUTE)).toEqual(['update', false]);
    expect(incident.dueAction(START + HOUR)).toBeUndefined();
    expect(incident.wakeAt()).toBe(Infinity);
  });

  it('says so once when an update becomes due', () => {
    const incident = begin(makeBook(), 'a', START);
    deliver(incident, START);
    expect([again(incident, START + 1), again(incident, START + 2), again(incident, START + 3)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('waits for more records where its rule says so', () => {
    const incident = begin(makeBook(), 'a', START, { policy: makePolicy({ groupWaitMillis: 5000 }) });
    expect([incident.dueAction(START + 4999), incident.dueAction(START + 5000)]).toEqual([undefined, 'trigger']);
    incident.hurry(START + 1);
    expect(incident.dueAction(START + 1)).toBe('trigger');
  });

  it('tells of all that has come while its page was on its way', () => {
    const incident = begin(makeBook(), 'a', START);
    incident.begin('trigger');
    again(incident, START + 1);
    expect(incident.dueAction(START + HOUR)).toBeUndefined();
    incident.onDelivered(1, START + 2);
    expect(incident.dueAction(START + 2 + 5 * MINUTE)).toBe('update');
    expect(incident.report(START + 3)).toMatchObject({ count: 2, suppressed: 0 });
  });

  it('takes the worst severity of its records', () => {
    const incident = begin(makeBook(), 'a', START, { severity: 'warning' });
    incident.add('critical', 'errors', START);
    incident.add('info', 'errors', START);
    expect(incident.report(START).severity).toBe('critical');
  });

  it('keeps the first five samples, and names twenty services', () => {
    const incident = begin(makeBook(), 'a', START);
    for (let index = 0; index < 30; index += 1) {
      incident.evidence.addSample({ timeMillis: index, severityNumber: 17 });
      incident.evidence.addPlace(`service ${index}`, undefined);
    }
    const { samples, services, instances } = incident.report(START);
    expect(samples.map(({ timeMillis }) => timeMillis)).toEqual([0, 1, 2, 3, 4]);
    expect([services.length, instances.length]).toEqual([20, 0]);
  });

  it('is sent again after a failure when it may be, and not before', () => {
    const incident = begin(makeBook(), 'a', START);
    incident.begin('trigger');
    incident.onFailed(START + 3000);
    expect([incident.dueAction(START + 2999), incident.dueAction(START + 3000), incident.wakeAt()]).toEqual([
      undefined,
      'trigger',
      START + 3000,
    ]);
  });

  it('is late where it could not be delivered for long and its records have stopped', () => {
    const incident = begin(makeBook(), 'a', START);
    expect(incident.report(START + 15 * MINUTE).lateMillis).toBeUndefined();
    expect(incident.report(START + 16 * MINUTE).lateMillis).toBe(16 * MINUTE);
    again(incident, START + 10 * MINUTE);
    expect(incident.report(START + 16 * MINUTE).lateMillis).toBeUndefined();
  });

  it('that is refused pages no more, and tries again with its next records', () => {
    const incident = begin(makeBook(), 'a', START);
    incident.begin('trigger');
    expect(incident.onRefused(START)).toBe(false);
    expect(incident.dueAction(START + HOUR)).toBeUndefined();
    again(incident, START + 1);
    expect(incident.dueAction(START + 5 * MINUTE)).toBe('update');
  });
});

describe('an incident that resolves itself', () => {
  it('does so when it has been quiet, once', () => {
    const incident = begin(makeBook(), 'a', START, { policy: RESOLVING });
    deliver(incident, START);
    again(incident, START + MINUTE);
    deliver(incident, START + 6 * MINUTE);
    expect(incident.dueAction(START + 11 * MINUTE - 1)).toBeUndefined();
    expect(deliver(incident, START + 11 * MINUTE)).toEqual(['resolve', true]);
  });

  it('stays open for its shortest time', () => {
    const policy = makePolicy({ resolveAfterMillis: 1000, minOpenMillis: 5 * MINUTE });
    const incident = begin(makeBook(), 'a', START, { policy });
    deliver(incident, START);
    expect([incident.dueAction(START + 5 * MINUTE - 1), incident.dueAction(START + 5 * MINUTE)]).toEqual([
      undefined,
      'resolve',
    ]);
  });

  it('stays open where a record comes before its resolve was sent', () => {
    const incident = begin(makeBook(), 'a', START, { policy: RESOLVING });
    deliver(incident, START);
    incident.begin('resolve');
    incident.onFailed(START + 10 * MINUTE);
    expect(again(incident, START + 11 * MINUTE)).toBe(true);
    expect(incident.state).toBe('open');
    expect(deliver(incident, START + 11 * MINUTE)).toEqual(['update', false]);
  });

  it('tells of it at once where it goes on after a resolve whose answer was lost: that would have to page', () => {
    const incident = begin(makeBook(), 'a', START, { policy: RESOLVING });
    deliver(incident, START);
    again(incident, START + MINUTE);
    deliver(incident, START + 6 * MINUTE);
    incident.begin('resolve');
    incident.onFailed(START + 7 * MINUTE);
    again(incident, START + 7 * MINUTE);
    expect(incident.dueAction(START + 7 * MINUTE)).toBe('update');
  });

  it('is a new incident with what has come while its resolve was on its way', () => {
    const incident = begin(makeBook(), 'a', START, { policy: RESOLVING });
    deliver(incident, START);
    incident.begin('resolve');
    again(incident, START + 10 * MINUTE);
    expect(incident.onDelivered(1, START + 10 * MINUTE)).toBe(false);
    expect(incident.report(START + 10 * MINUTE)).toMatchObject({ count: 1, firstSeenMillis: START + 10 * MINUTE });
    expect(incident.onRouteSinceMillis).toBe(START + 10 * MINUTE);
    expect(deliver(incident, START + 10 * MINUTE)).toEqual(['trigger', false]);
  });

  it('does not do so any more where it has paged three times within an hour, until it is calm', () => {
    const book = makeBook();
    for (const now of [START, START + 10 * MINUTE]) {
      const incident = begin(book, 'flapping', now, { policy: RESOLVING });
      deliver(incident, now);
      deliver(incident, now + 10 * MINUTE);
      book.end(incident);
    }
    const third = begin(book, 'flapping', START + 20 * MINUTE, { policy: RESOLVING });
    deliver(third, START + 20 * MINUTE);
    expect(third.dueAction(START + 30 * MINUTE)).toBeUndefined();
    expect(third.dueAction(START + HOUR)).toBe('resolve');
  });

  it('does so when a record says that it is over, unless another one follows', () => {
    const incident = begin(makeBook(), 'a', START, { policy: makePolicy({ minOpenMillis: 0 }) });
    deliver(incident, START);
    incident.resolvedMillis = START + 1;
    expect(incident.dueAction(START + 1)).toBe('resolve');
    expect(again(incident, START + 2)).toBe(true);
    expect(incident.dueAction(START + 3)).toBeUndefined();
  });
});

describe('an incident that is stored', () => {
  it('goes on where it was', () => {
    const incident = begin(makeBook(), 'a', START, { policy: RESOLVING });
    incident.evidence.addSample({ timeMillis: START, severityNumber: 17, body: 'broken' });
    incident.evidence.addPlace('shop', 'shop-1');
    deliver(incident, START);
    again(incident, START + MINUTE);
    const restored = restoredIncident(structuredClone(storedIncident(incident)), RESOLVING, START + HOUR);
    expect(restored.report(START + HOUR)).toEqual({ ...incident.report(START + HOUR), suppressed: expect.any(Number) });
    expect(restored.wakeAt()).toBe(incident.wakeAt());
    expect(restored.dueAction(START + HOUR)).toBe('resolve');
    expect(storedIncident(restored)).toEqual(storedIncident(incident));
  });

  it('is still to be paged where it was not', () => {
    const incident = begin(makeBook(), 'a', START);
    const restored = restoredIncident(structuredClone(storedIncident(incident)), makePolicy(), START + HOUR);
    expect(restored.dueAction(START + HOUR)).toBe('trigger');
    expect(restored.report(START + HOUR).lateMillis).toBe(HOUR);
  });
});
