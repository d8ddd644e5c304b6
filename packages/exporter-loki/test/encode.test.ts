import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import { encode } from '../src/encode.ts';
import { CONTEXT, encodeOnce, makeRecord, NOW_MILLIS, OPTIONS } from './encode-options.ts';
import { naiveEntry } from './naive-mapping.ts';
import { allEntries, entriesOf, type PushEntry, textOf } from './push-request.ts';
import { batches } from './record-arbitraries.ts';

/** Records of one batch by stream: that is how they come out, each stream in its order. */
function naiveBatch(records: readonly ReadableLogRecord[], labels: readonly string[]): Map<string, unknown[]> {
  return groupByLabels(records.map((record) => naiveEntry(record, labels)));
}

function groupByLabels<T extends { labels: Readonly<Record<string, string>> }>(
  entries: readonly T[],
): Map<string, T[]> {
  return groupBy(entries, ({ labels }) =>
    JSON.stringify(
      labels,
      Object.keys(labels).toSorted((left, right) => (left < right ? -1 : 1)),
    ),
  );
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}

describe('encode', () => {
  it.each([[[]], [['level']], [['url.path', 'é', 'a.b']]])(
    'comes to the same records as the naive mapping, with extra labels %j',
    (labels) => {
      fc.assert(
        fc.property(batches, (list) => {
          const state = new EncodeState({ ...OPTIONS, labels });
          for (const records of list) {
            const { payloads, drops } = encode(records, state, CONTEXT);
            const entries = allEntries(payloads).map(({ labels: own, line, metadata }) => ({
              labels: own,
              line,
              metadata,
            }));
            expect(groupByLabels(entries)).toEqual(naiveBatch(records, labels));
            expect(drops).toEqual([]);
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  it('gives each record of a stream a time of its own, in the order of the records, across batches', () => {
    fc.assert(
      fc.property(batches, (list) => {
        const state = new EncodeState(OPTIONS);
        const entries = list.flatMap((records) => allEntries(encode(records, state, CONTEXT).payloads));
        for (const stream of groupByLabels(entries).values()) {
          const times = stream.map(({ time }) => time);
          expect(new Set(times).size).toBe(times.length);
          for (const [millis, within] of groupBy(times, (time) => time / 1_000_000n)) {
            expect([millis, within]).toEqual([millis, within.toSorted((left, right) => (left < right ? -1 : 1))]);
          }
        }
      }),
    );
  });

  it('tells where each record begins, and how severe and how old the records are', () => {
    fc.assert(
      fc.property(batches, (list) => {
        const { payloads } = encodeOnce(list.flat());
        // Of the records, not of the metadata: an attribute may be called `severity.number`.
        const severities = list.flat().map(({ severityNumber }) => severityNumber ?? 0);
        expect(Math.max(0, ...payloads.map(({ highestSeverity }) => highestSeverity))).toBe(Math.max(0, ...severities));
        for (const payload of payloads) {
          const text = Buffer.from(payload.body);
          const records = Array.from(payload.recordOffsets, (offset, index) => {
            const end = payload.recordOffsets[index + 1] ?? text.length;
            return text.subarray(offset, end).toString();
          });
          const entries = entriesOf(payload);
          expect(records.map((record) => /^\["(\d+)",/.exec(record)?.[1])).toEqual(
            entries.map(({ time }) => String(time)),
          );
          const oldest = entries.map(({ time }) => time).reduce((left, right) => (left < right ? left : right));
          expect(Math.abs(payload.oldestTimeMillis - Number(oldest / 1_000_000n))).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('is deterministic', () => {
    fc.assert(
      fc.property(batches, (list) => {
        const run = (): string[] => {
          const state = new EncodeState({ ...OPTIONS, labels: ['level'] });
          return list.flatMap((records) => encode(records, state, CONTEXT).payloads.map((payload) => textOf(payload)));
        };
        expect(run()).toEqual(run());
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a thousand equal lines apart and in order', () => {
    const record = makeRecord();
    const state = new EncodeState(OPTIONS);
    const entries: PushEntry[] = [];
    for (let batch = 0; batch < 10; batch += 1) {
      entries.push(
        ...allEntries(
          encode(
            Array.from({ length: 100 }, () => record),
            state,
            CONTEXT,
          ).payloads,
        ),
      );
    }
    const start = BigInt(NOW_MILLIS) * 1_000_000n;
    expect(entries.map(({ time }) => time)).toEqual(Array.from({ length: 1000 }, (_, index) => start + BigInt(index)));
  });

  it('makes nothing of no records', () => {
    expect(encodeOnce([])).toEqual({ payloads: [], drops: [] });
  });

  it('adds the version of the mapping where that is wanted', () => {
    const [entry] = allEntries(encodeOnce([makeRecord()], { schemaVersion: true }).payloads);
    expect(entry?.metadata['schema']).toBe('spillway/loki/v1');
  });
});
