import type { EncodedPayload } from '@spillway/delivery';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeLabels } from '../../src/remote-write/label-bytes.ts';
import type { TimeSeries } from '../../src/remote-write/time-series.ts';
import { timeSeriesBytes } from '../../src/remote-write/time-series-writer.ts';
import { encodeWriteRequests, type RequestLimits, splitWriteRequest } from '../../src/remote-write/write-requests.ts';
import { type ReadSeries, readWriteRequest } from './write-request-reader.ts';

const UNLIMITED: RequestLimits = { maxSamples: Infinity, maxBytes: Infinity };

function seriesOf(name: string, timestampMillis = 1000, traceId?: string): TimeSeries {
  return {
    labelBytes: encodeLabels([['__name__', name]]),
    timestampMillis,
    value: 1,
    exemplar:
      traceId === undefined
        ? undefined
        : { labelBytes: encodeLabels([['trace_id', traceId]]), value: 1, timestampMillis },
  };
}

/** Series with names of their own, in groups of one time each. */
const manySeries = fc
  .array(fc.array(fc.record({ length: fc.nat(300), traceId: fc.option(fc.string(), { nil: undefined }) })), {
    maxLength: 4,
  })
  .map((groups) =>
    groups.flatMap((group, time) =>
      group.map(({ length, traceId }, index) =>
        seriesOf(`s${time}_${index}_${'x'.repeat(length)}`, 1000 + time, traceId),
      ),
    ),
  );
const limits = fc.record({ maxSamples: fc.integer({ min: 1, max: 12 }), maxBytes: fc.integer({ min: 1, max: 2000 }) });

/** What a payload holds, read at each of its offsets. */
function seriesIn({ body, recordOffsets }: EncodedPayload): ReadSeries[] {
  const ends = [...recordOffsets.subarray(1), body.length];
  const parts = Array.from(recordOffsets, (offset, index) => readWriteRequest(body.subarray(offset, ends[index])));
  for (const part of parts) expect(part).toHaveLength(1);
  expect(parts.flat()).toEqual(readWriteRequest(body));
  return parts.flat();
}

function nameOf({ labels }: ReadSeries): string {
  return labels[0]?.[1] ?? '';
}

describe('encodeWriteRequests', () => {
  it('keeps all samples in their order, whatever the limits', () => {
    fc.assert(
      fc.property(manySeries, limits, (series, own) => {
        const bodies = encodeWriteRequests(series, own).map(({ body }) => body);
        const whole = encodeWriteRequests(series, UNLIMITED).map(({ body }) => body);
        expect(Buffer.concat(bodies)).toEqual(Buffer.concat(whole));
        expect(encodeWriteRequests(series, own).flatMap(seriesIn)).toHaveLength(series.length);
      }),
    );
  });

  it('makes requests of one time, as large as the limits allow and no larger', () => {
    fc.assert(
      fc.property(manySeries, limits, (series, own) => {
        const naive: TimeSeries[][] = [];
        for (const one of series) {
          const last = naive.at(-1) ?? [];
          const bytes = [...last, one].reduce((sum, each) => sum + timeSeriesBytes(each), 0);
          const fits = last.length < own.maxSamples && bytes <= own.maxBytes;
          if (last[0]?.timestampMillis === one.timestampMillis && fits) last.push(one);
          else naive.push([one]);
        }
        const payloads = encodeWriteRequests(series, own);
        expect(payloads.map(({ recordOffsets }) => recordOffsets.length)).toEqual(naive.map(({ length }) => length));
        expect(payloads.map(({ oldestTimeMillis }) => oldestTimeMillis)).toEqual(
          naive.map(([first]) => first?.timestampMillis),
        );
      }),
    );
  });

  it('makes no request of nothing', () => {
    expect(encodeWriteRequests([], UNLIMITED)).toEqual([]);
  });

  it('sends alone what is too large by itself', () => {
    const series = [seriesOf('a'), seriesOf('x'.repeat(5000)), seriesOf('b')];
    const payloads = encodeWriteRequests(series, { maxSamples: 10, maxBytes: 100 });
    expect(payloads.map(({ recordOffsets }) => recordOffsets.length)).toEqual([1, 1, 1]);
  });
});

describe('splitWriteRequest', () => {
  const one = manySeries
    .map((series) => encodeWriteRequests(series, UNLIMITED)[0])
    .filter((payload) => payload !== undefined);

  it('cuts a payload in two halves of the same bytes', () => {
    fc.assert(
      fc.property(one, (payload) => {
        const parts = splitWriteRequest(payload);
        expect(parts).toHaveLength(Math.min(2, payload.recordOffsets.length));
        expect(Buffer.concat(parts.map(({ body }) => body))).toEqual(Buffer.from(payload.body));
        expect(parts.flatMap(seriesIn)).toEqual(seriesIn(payload));
        for (const { oldestTimeMillis, highestSeverity } of parts) {
          expect({ oldestTimeMillis, highestSeverity }).toMatchObject({
            oldestTimeMillis: payload.oldestTimeMillis,
            highestSeverity: payload.highestSeverity,
          });
        }
      }),
    );
  });

  it('isolates the series that a receiver refuses whole requests for', () => {
    fc.assert(
      fc.property(one, fc.infiniteStream(fc.boolean()), (payload, coins) => {
        const names = seriesIn(payload).map((series) => nameOf(series));
        const poisoned = new Set(names.filter(() => coins.next().value));
        const stored: string[] = [];
        const dropped: string[] = [];
        const send = (part: EncodedPayload): void => {
          const own = seriesIn(part).map((series) => nameOf(series));
          if (!own.some((name) => poisoned.has(name))) stored.push(...own);
          else if (own.length === 1) dropped.push(...own);
          else for (const half of splitWriteRequest(part)) send(half);
        };
        send(payload);
        expect(dropped).toEqual([...poisoned]);
        expect(stored).toEqual(names.filter((name) => !poisoned.has(name)));
      }),
    );
  });
});
