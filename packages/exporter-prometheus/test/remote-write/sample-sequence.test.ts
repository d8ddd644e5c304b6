import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { MAX_AHEAD_MILLIS } from '../../src/remote-write/push-clock.ts';
import { SampleSequence } from '../../src/remote-write/sample-sequence.ts';
import { encodeWriteRequests } from '../../src/remote-write/write-requests.ts';
import type { Exemplar, FamilySnapshot, SeriesSnapshot } from '../../src/store/family-snapshot.ts';
import { STALE_BITS, type StoredSeries, StrictReceiver } from './strict-receiver.ts';

const START = 1_795_000_000_000;
const EXTRA = { job: 'shop', instance: 'a:1' };
const BOUNDS = [0.25, 1, Infinity];

type FamilyType = FamilySnapshot['type'];

/** A sequence with a receiver behind it. */
class Sender {
  readonly sequence = new SampleSequence([
    ['job', EXTRA.job],
    ['instance', EXTRA.instance],
  ]);
  readonly receiver = new StrictReceiver();

  /** Says whether anything could be sent. */
  push(families: readonly FamilySnapshot[], nowMillis: number, maxSamples = 3): boolean {
    const series = this.sequence.next(families, nowMillis);
    if (series === undefined) return false;
    for (const { body } of encodeWriteRequests(series, { maxSamples, maxBytes: 1e6 })) {
      this.receiver.write(body);
      // Its answer was lost, so that it is sent again.
      this.receiver.write(body);
    }
    return true;
  }

  of(name: string, labels: Readonly<Record<string, string>> = {}): StoredSeries {
    return this.receiver.of({ ...EXTRA, ...labels, __name__: name });
  }
}

function family(type: FamilyType, name: string, series: readonly SeriesSnapshot[]): FamilySnapshot {
  return { name, type, help: '', series };
}

function counter(value: number, own?: Exemplar): FamilySnapshot {
  return family('counter', 'errors', [{ labels: [['code', '5']], value, ...(own && { exemplar: own }) }]);
}

function histogram(counts: readonly number[], sum: number): FamilySnapshot {
  const buckets = BOUNDS.map((upperBound, index) => ({ upperBound, count: counts[index] ?? 0 }));
  return family('histogram', 'wait_seconds', [{ labels: [], value: sum, buckets }]);
}

function exemplar(traceId: string, timestampMillis: number, value = 1): Exemplar {
  return { labels: [['trace_id', traceId]], value, timestampMillis };
}

function samplesOf({ samples }: StoredSeries): [number, number][] {
  return samples.map(({ timestamp, value }) => [Number(timestamp) - START, value]);
}

/** Trace ids and times of the counter's exemplars. */
function exemplarsOf(sender: Sender): [string, number][] {
  const { exemplars } = sender.of('errors_total', { code: '5' });
  return exemplars.map(({ labels, timestamp }) => [labels[0]?.[1] as string, Number(timestamp) - START]);
}

describe('SampleSequence', () => {
  it('begins a counter with 0, a millisecond before its first value, and sends it each time', () => {
    const sender = new Sender();
    sender.push([counter(5)], START);
    sender.push([counter(5)], START + 15_000);
    sender.push([counter(7)], START + 30_000);
    expect(samplesOf(sender.of('errors_total', { code: '5' }))).toEqual([
      [-1, 0],
      [0, 5],
      [15_000, 5],
      [30_000, 7],
    ]);
  });

  it('begins nothing with 0 that is 0, and no gauge', () => {
    const sender = new Sender();
    const gauge = family('gauge', 'depth', [{ labels: [], value: 3 }]);
    sender.push([counter(0), gauge], START);
    expect(samplesOf(sender.of('errors_total', { code: '5' }))).toEqual([[0, 0]]);
    expect(samplesOf(sender.of('depth'))).toEqual([[0, 3]]);
  });

  it('sends a histogram as its buckets, its sum and its count', () => {
    const sender = new Sender();
    sender.push([histogram([0, 2, 3], 7.5)], START);
    expect(samplesOf(sender.of('wait_seconds_bucket', { le: '0.25' }))).toEqual([[0, 0]]);
    expect(samplesOf(sender.of('wait_seconds_bucket', { le: '1.0' }))).toEqual([
      [-1, 0],
      [0, 2],
    ]);
    expect(samplesOf(sender.of('wait_seconds_bucket', { le: '+Inf' })).at(-1)).toEqual([0, 3]);
    expect(samplesOf(sender.of('wait_seconds_sum')).at(-1)).toEqual([0, 7.5]);
    expect(samplesOf(sender.of('wait_seconds_count')).at(-1)).toEqual([0, 3]);
    expect(sender.receiver.stored.size).toBe(5);
  });

  it('ends with a stale marker what is gone, and all parts of it', () => {
    const sender = new Sender();
    sender.push([counter(5), histogram([1, 1, 1], 0.1)], START);
    sender.push([counter(5)], START + 1000);
    sender.push([], START + 2000);
    sender.push([], START + 3000);
    expect(sender.receiver.stored.size).toBe(6);
    for (const { samples } of sender.receiver.stored.values()) {
      expect(samples.at(-1)?.bits).toBe(STALE_BITS);
      expect(samples.filter(({ bits }) => bits === STALE_BITS)).toHaveLength(1);
    }
  });

  it('takes what comes back for new', () => {
    const sender = new Sender();
    sender.push([counter(5)], START);
    sender.push([], START + 1000);
    sender.push([counter(2)], START + 2000);
    expect(samplesOf(sender.of('errors_total', { code: '5' })).slice(-2)).toEqual([
      [1999, 0],
      [2000, 2],
    ]);
  });

  it('sends nothing while the wall clock is far behind, and ends afterwards what went meanwhile', () => {
    const sender = new Sender();
    sender.push([counter(5)], START);
    expect(sender.push([], START - MAX_AHEAD_MILLIS - 1)).toBe(false);
    expect(sender.push([], START - MAX_AHEAD_MILLIS + 2)).toBe(true);
    expect(sender.of('errors_total', { code: '5' }).samples.at(-1)?.bits).toBe(STALE_BITS);
  });

  it('tells metrics and label sets apart, however alike they look', () => {
    const sender = new Sender();
    const labels = [
      [['a', 'b","c']],
      [
        ['a', 'b'],
        ['c', ''],
      ],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
      [],
    ] as const;
    const families = ['x', 'x x', 'y'].map((name) =>
      family(
        'gauge',
        name,
        labels.map((own, index) => ({ labels: own, value: index })),
      ),
    );
    sender.push(families, START);
    sender.push(families, START + 1000);
    expect(sender.receiver.stored.size).toBe(12);
    for (const { samples } of sender.receiver.stored.values()) expect(samples).toHaveLength(2);
  });

  describe('exemplars', () => {
    it('are sent once each, with the time of their record', () => {
      const sender = new Sender();
      for (const [index, own] of ['a', 'a', 'b', 'b', 'c'].entries()) {
        sender.push([counter(5, exemplar(own, START - 10_000 + own.charCodeAt(0)))], START + index * 1000);
      }
      expect(exemplarsOf(sender)).toEqual([
        ['a', -9903],
        ['b', -9902],
        ['c', -9901],
      ]);
    });

    it('are one millisecond apart at least, and never ahead of their push', () => {
      const sender = new Sender();
      const times = [START + 1e9, START, START, Number.NaN, -Infinity, START - 1e9, 0.5];
      for (const [index, time] of times.entries())
        sender.push([counter(5, exemplar(`t${index}`, time))], START + index);
      const given = exemplarsOf(sender);
      expect(given.map(([id]) => id)).toEqual(times.map((_, index) => `t${index}`));
      expect(given.map(([, time]) => time)).toEqual([0, 1, 2, 6, 8, 9, 10]);
    });

    it('belong to their bucket', () => {
      const sender = new Sender();
      const buckets = [
        { upperBound: 1, count: 1, exemplar: exemplar('fast', START) },
        { upperBound: Infinity, count: 2, exemplar: exemplar('slow', START) },
      ];
      sender.push([family('histogram', 'wait', [{ labels: [], value: 9, buckets }])], START);
      expect(sender.of('wait_bucket', { le: '1.0' }).exemplars).toMatchObject([{ labels: [['trace_id', 'fast']] }]);
      expect(sender.of('wait_bucket', { le: '+Inf' }).exemplars).toMatchObject([{ labels: [['trace_id', 'slow']] }]);
      expect(sender.of('wait_count').exemplars).toEqual([]);
    });
  });
});

interface Present {
  readonly value: number;
  readonly exemplarId: number;
}

const NAMES = ['a', 'b', 'c', 'd'];
const TYPES: readonly FamilyType[] = ['counter', 'gauge', 'counter', 'gauge'];

const present = fc.option(fc.record({ value: fc.nat(3), exemplarId: fc.nat(3) }), { nil: undefined });
const push = fc.record({
  elapsedMillis: fc.oneof(
    fc.integer({ min: -2, max: 3 }),
    fc.integer({ min: -1e4, max: 3e4 }),
    fc.integer({ min: -2 * MAX_AHEAD_MILLIS, max: 2 * MAX_AHEAD_MILLIS }),
  ),
  series: fc.tuple(present, present, present, present),
});

function snapshotOf(series: readonly (Present | undefined)[]): FamilySnapshot[] {
  return NAMES.flatMap((name, index) => {
    const own = series[index];
    if (own === undefined) return [];
    const type = TYPES[index] as FamilyType;
    const shown = type === 'counter' && { exemplar: exemplar(`id${own.exemplarId}`, START + own.exemplarId) };
    return [family(type, name, [{ labels: [], value: own.value, ...shown }])];
  });
}

describe('SampleSequence against a naive model', () => {
  it('keeps every rule of the receiver, and what is stored is what was there', () => {
    fc.assert(
      fc.property(fc.array(push, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (pushes, maxSamples) => {
        const sender = new Sender();
        let now = START;
        let before: readonly (Present | undefined)[] = [];
        const expected = NAMES.map((): (number | 'stale')[] => []);
        const exemplars = NAMES.map((): string[] => []);
        for (const { elapsedMillis, series: drawn } of pushes) {
          now += elapsedMillis;
          // As in the store: gauges may go, counters stay.
          const series = drawn.map((is, index) => (TYPES[index] === 'counter' ? (is ?? before[index]) : is));
          if (!sender.push(snapshotOf(series), now, maxSamples)) continue;
          for (const index of NAMES.keys()) {
            const [was, is] = [before[index], series[index]];
            const isCounter = TYPES[index] === 'counter';
            if (is !== undefined) {
              if (was === undefined && isCounter && is.value !== 0) expected[index]?.push(0);
              expected[index]?.push(is.value);
            } else if (was !== undefined) expected[index]?.push('stale');
            if (is !== undefined && isCounter && is.exemplarId !== was?.exemplarId)
              exemplars[index]?.push(`id${is.exemplarId}`);
          }
          before = series;
        }
        for (const [index, name] of NAMES.entries()) {
          const stored = sender.of(TYPES[index] === 'counter' ? `${name}_total` : name);
          expect(stored.samples.map(({ bits, value }) => (bits === STALE_BITS ? 'stale' : value))).toEqual(
            expected[index],
          );
          expect(stored.exemplars.map(({ labels }) => labels[0]?.[1])).toEqual(exemplars[index]);
        }
      }),
    );
  });
});
