import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { collectGarbage } from '../../../buffer/test/collect-garbage.ts';
import type { PagerDutySeverity } from '../../src/events/pagerduty-event.ts';
import { IncidentLimits } from '../../src/incidents/incident-limits.ts';
import { ThresholdCounter } from '../../src/incidents/threshold-counter.ts';
import { again, begin, candidate, deliver, HOUR, makeBook, makePolicy, MINUTE, START } from './make-incident.ts';

describe('the incidents of a process', () => {
  it('are found by their key', () => {
    const book = makeBook();
    const incident = begin(book, 'a', START);
    expect([book.find('a', START), book.find('b', START), book.size]).toEqual([incident, undefined, 1]);
    book.end(incident);
    expect([book.find('a', START), book.size]).toEqual([undefined, 0]);
  });

  it('are sent in order: pages, the worst and then the oldest first, then resolves, then updates', () => {
    const book = makeBook();
    const update = begin(book, 'update', START);
    deliver(update, START);
    again(update, START + 1);
    const resolve = begin(book, 'resolve', START, { policy: makePolicy({ resolveAfterMillis: MINUTE }) });
    deliver(resolve, START);
    const now = START + 10 * MINUTE;
    const second = begin(book, 'second', now - 1);
    const first = begin(book, 'first', now - 2);
    const critical = begin(book, 'critical', now, { severity: 'critical' });
    const order = [];
    for (let incident = book.next('primary', now); incident !== undefined; incident = book.next('primary', now)) {
      order.push(incident);
      incident.begin(incident.dueAction(now) ?? 'update');
    }
    expect(order).toEqual([critical, first, second, resolve, update]);
    expect(book.next('fallback', now)).toBeUndefined();
  });

  it('are forgotten when they have been quiet for long, and make room', () => {
    const book = makeBook({ maxOpenIncidents: 1 });
    expect(book.hasPlace(candidate('a'), START)).toBe(true);
    deliver(begin(book, 'a', START), START);
    expect(book.hasPlace(candidate('b'), START + 4 * HOUR - 1)).toBe(false);
    expect(book.hasPlace(candidate('b'), START + 4 * HOUR)).toBe(true);
    expect(book.find('a', START)).toBeUndefined();
  });

  it('are not forgotten before they have paged, nor where they will resolve themselves', () => {
    const book = makeBook();
    begin(book, 'pending', START);
    deliver(begin(book, 'resolving', START, { policy: makePolicy({ resolveAfterMillis: 10 * HOUR }) }), START);
    book.hasPlace(candidate('c'), START + 100 * HOUR);
    expect(book.size).toBe(2);
  });

  it('are taken over from an earlier process, but for keys that have begun anew', () => {
    const before = makeBook();
    for (const key of ['a', 'b']) begin(before, key, START);
    const book = makeBook();
    const own = begin(book, 'b', START + 1);
    book.restore(structuredClone(before.stored()), () => makePolicy(), START + 1);
    expect(book.size).toBe(2);
    expect(book.find('b', START)).toBe(own);
    expect(book.find('a', START)?.dueAction(START + 1)).toBe('trigger');
  });

  it('count what is beyond the limits by its rule, in an incident that takes no place', () => {
    const book = makeBook({ maxOpenIncidents: 1 });
    book.hasPlace(candidate('a'), START);
    const tally = book.begin(candidate('overflow'), true, START);
    for (const rule of ['one', 'two', 'one']) tally.add('error', rule, START);
    expect(tally.report(START).tally).toEqual({ one: 2, two: 1 });
    expect(book.hasPlace(candidate('b', { severity: 'critical' }), START)).toBe(true);
  });
});

describe('the limits', () => {
  it('are exact over any window, and keep a fifth for what is critical', () => {
    const record = fc.record({
      severity: fc.constantFrom<PagerDutySeverity>('critical', 'error', 'warning'),
      elapsedMillis: fc.nat(3 * MINUTE),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 100 }), (records) => {
        const limits = new IncidentLimits({
          maxOpenIncidents: 1000,
          maxNewIncidents: 10,
          newIncidentWindowMillis: 10 * MINUTE,
        });
        const begun: { readonly at: number; readonly severity: PagerDutySeverity }[] = [];
        let now = START;
        for (const { severity, elapsedMillis } of records) {
          now += elapsedMillis;
          const at = now;
          const recent = begun.filter((one) => at - one.at < 10 * MINUTE).length;
          const isTaken = limits.tryBegin(severity, 0, now);
          expect(isTaken).toBe(recent < (severity === 'critical' ? 10 : 8));
          if (isTaken) begun.push({ at: now, severity });
        }
      }),
    );
  });

  it('let one incident begin where there is a place for one only', () => {
    const limits = new IncidentLimits({ maxOpenIncidents: 1, maxNewIncidents: 1, newIncidentWindowMillis: MINUTE });
    expect([limits.tryBegin('info', 0, START), limits.tryBegin('critical', 1, START)]).toEqual([true, false]);
  });
});

describe('a threshold', () => {
  it('is reached by the last of so many records within the window, whatever their times', () => {
    const options = { threshold: 3, windowMillis: 100 };
    fc.assert(
      fc.property(fc.array(fc.nat(80), { maxLength: 60 }), (gaps) => {
        const counter = new ThresholdCounter();
        let now = START;
        let times: number[] = [];
        for (const gap of gaps) {
          now += gap;
          times.push(now);
          const [oldest] = times.slice(-3);
          const isReached = times.length >= 3 && now - (oldest as number) <= 100;
          expect(counter.isReached('key', options, now)).toBe(isReached);
          if (isReached) times = [];
        }
      }),
    );
  });

  it('keeps nothing of the records that its keys were a part of', () => {
    const counter = new ThresholdCounter();
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < 200; index += 1) {
      const text = Buffer.from(`key ${index} of a long record ${' '.repeat(500_000)}`).toString('latin1');
      counter.isReached(text.slice(0, 30), { threshold: 2, windowMillis: 1e9 }, START);
    }
    collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  });

  it('counts no more than a thousand keys at once', () => {
    const counter = new ThresholdCounter();
    const options = { threshold: 2, windowMillis: 1e9 };
    for (let key = 0; key < 100_000; key += 1) counter.isReached(`key ${key}`, options, START + key);
    expect(counter.size).toBe(1000);
  });
});
