import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EncodedPayload } from '@spillway/delivery';

import { mergePayloads } from '../src/merge-payloads.ts';
import { BODY_END, BODY_START, findRecords, RECORD_END, splitPayload, streamStart } from '../src/push-body.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const unlimited = (): number => Infinity;

function payloadOf(labels: string, lines: readonly string[], tenant?: string): EncodedPayload {
  const records = lines.map((line, index) => JSON.stringify([String(index), line, {}])).join(RECORD_END);
  const body = encoder.encode(BODY_START + streamStart(labels) + records + BODY_END);
  const recordOffsets = Uint32Array.from(findRecords(body));
  return { body, recordOffsets, highestSeverity: lines.length, oldestTimeMillis: 100 - lines.length, tenant };
}

function recordsOf({ body, recordOffsets }: EncodedPayload): unknown[] {
  const { streams } = JSON.parse(decoder.decode(body)) as { streams: { stream: unknown; values: unknown[] }[] };
  const records = streams.flatMap(({ stream, values }) => values.map((value) => ({ stream, value })));
  expect(recordOffsets.length).toBe(records.length);
  for (const [index, offset] of recordOffsets.entries()) {
    const start = JSON.stringify((records[index] as { value: unknown }).value);
    expect(decoder.decode(body.subarray(offset, offset + encoder.encode(start).length))).toBe(start);
  }
  return records;
}

const lines = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 });
const labels = fc.constantFrom('{"service_name":"a"}', '{"service_name":"b"}');
const tenants = fc.constantFrom(undefined, 'team-a');
const payloads = fc.array(
  fc.tuple(labels, lines, tenants).map(([label, texts, tenant]) => payloadOf(label, texts, tenant)),
  { maxLength: 8 },
);

describe('payloads that are merged', () => {
  it('hold the same records in the same order, at the offsets they say', () => {
    fc.assert(
      fc.property(payloads, (given) => {
        const merged = mergePayloads(given, unlimited);
        expect(merged.flatMap(recordsOf)).toEqual(given.flatMap(recordsOf));
      }),
    );
  });

  it('are one payload where they have one stream and one tenant', () => {
    const given = [payloadOf('{"a":"1"}', ['x', 'y']), payloadOf('{"a":"1"}', ['z'])];
    const merged = mergePayloads(given, unlimited);
    expect(merged).toMatchObject([{ highestSeverity: 2, oldestTimeMillis: 98 }]);
    expect(mergePayloads(merged.flatMap(splitPayload), unlimited)).toEqual(merged);
  });

  it('stay as small as they have to be', () => {
    const given = Array.from({ length: 9 }, () => payloadOf('{"a":"1"}', ['x'.repeat(100)]));
    const size = given[0]?.body.byteLength ?? 0;
    expect(mergePayloads(given, () => 2.5 * size).map(({ recordOffsets }) => recordOffsets.length)).toEqual([
      2, 2, 2, 2, 1,
    ]);
    expect(mergePayloads(given, () => 1)).toEqual(given);
  });
});
