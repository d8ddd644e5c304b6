import { describe, expect, it } from 'vitest';

import { ChangeQueue } from '../../src/changes/change-queue.ts';
import { MINUTE, START } from '../incidents/make-incident.ts';

function report(summary: string): Parameters<ChangeQueue['tryAdd']>[0] {
  return { rule: 'deploy', summary, source: 'host', sample: { timeMillis: START, severityNumber: 9 } };
}

describe('ChangeQueue', () => {
  it('gives out the oldest that is ready, each once at a time', () => {
    const queue = new ChangeQueue();
    queue.tryAdd(report('one'), START);
    queue.tryAdd(report('two'), START);
    const first = queue.next(START);
    expect(first?.report.summary).toBe('one');
    Object.assign(first ?? {}, { isInFlight: true });
    expect(queue.next(START)?.report.summary).toBe('two');
    Object.assign(first ?? {}, { isInFlight: false, notBeforeMillis: START + 1000 });
    expect([queue.next(START + 999)?.report.summary, queue.next(START + 1000)?.report.summary]).toEqual(['two', 'one']);
    queue.endWaits();
    expect(queue.next(START)?.report.summary).toBe('one');
  });

  it('says when the next one is ready', () => {
    const queue = new ChangeQueue();
    expect(queue.wakeAt()).toBe(Infinity);
    queue.tryAdd(report('one'), START);
    const change = queue.next(START);
    Object.assign(change ?? {}, { notBeforeMillis: START + 5 });
    expect(queue.wakeAt()).toBe(START + 5);
    if (change !== undefined) queue.remove(change);
    expect([queue.wakeAt(), queue.size]).toEqual([Infinity, 0]);
  });

  it('holds twenty at most', () => {
    const queue = new ChangeQueue();
    const taken = Array.from({ length: 25 }, (_, index) => queue.tryAdd(report(`${index}`), START));
    expect(taken.filter(Boolean)).toHaveLength(20);
  });

  it('takes the same change for news again after five minutes, and remembers no more than a thousand', () => {
    const queue = new ChangeQueue();
    const times = [0, 1, 5 * MINUTE - 1, 5 * MINUTE, 5 * MINUTE + 1];
    expect(times.map((millis) => queue.isNews('a', START + millis))).toEqual([true, false, false, true, false]);
    for (let index = 0; index < 1000; index += 1) queue.isNews(`key ${index}`, START + 5 * MINUTE);
    expect(queue.isNews('a', START + 5 * MINUTE + 2)).toBe(true);
  });
});
