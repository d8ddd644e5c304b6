import { describe, expect, it } from 'vitest';

import { collectGarbage } from '../../../buffer/test/collect-garbage.ts';

import { logRecord, type RecordFields } from './log-record.ts';
import { NOW_MILLIS, seriesOf, storeOf } from './make-store.ts';

const spanOf = (digit: string): { traceId: string; spanId: string; traceFlags: number } => ({
  traceId: digit.repeat(32),
  spanId: digit.repeat(16),
  traceFlags: 0,
});
const traced = (
  digit: string,
  size: number,
  hrTime: [number, number] = [1_700_000_000, 123_456_789],
): RecordFields => ({
  attributes: { size },
  spanContext: spanOf(digit),
  hrTime,
});
const exemplarOf = (digit: string, value: number): unknown => ({
  labels: [
    ['span_id', digit.repeat(16)],
    ['trace_id', digit.repeat(32)],
  ],
  value,
  timestampMillis: 1_700_000_000_123,
});

describe('exemplars', () => {
  it('are the last record with a trace of a counter series, with its own value and time', () => {
    const [series] = seriesOf(
      storeOf({ value: 'attributes.size' }, traced('a', 5), traced('b', 7), { attributes: { size: 1 } }),
    );
    expect(series?.exemplar).toEqual(exemplarOf('b', 7));
  });

  it('are the last record with a trace of each bucket', () => {
    const rule = { type: 'histogram', value: 'attributes.size', buckets: [1, 2] } as const;
    const [series] = seriesOf(storeOf(rule, traced('a', 0.5), traced('b', 1), traced('c', 3)));
    expect(series?.buckets?.map(({ exemplar }) => exemplar)).toEqual([
      exemplarOf('b', 1),
      undefined,
      exemplarOf('c', 3),
    ]);
  });

  it('are none of gauges, nor where they are turned off', () => {
    const [gauge] = seriesOf(storeOf({ type: 'gauge', value: 'attributes.size' }, traced('a', 1)));
    const [counter] = seriesOf(storeOf({ exemplars: false }, traced('a', 1)));
    expect(gauge).not.toHaveProperty('exemplar');
    expect(counter).not.toHaveProperty('exemplar');
  });

  it.each<[what: string, spanContext: unknown]>([
    ['no context', undefined],
    ['a trace id of zeros', { ...spanOf('a'), traceId: '0'.repeat(32) }],
    ['a span id of zeros', { ...spanOf('a'), spanId: '0'.repeat(16) }],
    ['a short id', { ...spanOf('a'), traceId: 'a'.repeat(31) }],
    ['a long id', { ...spanOf('a'), spanId: 'a'.repeat(1000) }],
    ['ids that are not hexadecimal', spanOf('"')],
    ['ids that are numbers', { traceId: 1, spanId: 2 }],
    ['a context that is none', 'x'],
  ])('are none of records with %s', (_, spanContext) => {
    const [series] = seriesOf(storeOf({}, { spanContext }));
    expect(series).toMatchObject({ value: 1 });
    expect(series).not.toHaveProperty('exemplar');
  });

  it.each<[what: string, hrTime: [number, number]]>([
    ['zero', [0, 0]],
    ['before 1970', [-1, 0]],
    ['NaN', [Number.NaN, 0]],
    ['beyond all clocks', [1e300, 0]],
  ])('are none of records whose time is %s', (_, hrTime) => {
    expect(seriesOf(storeOf({}, traced('a', 1, hrTime)))[0]).not.toHaveProperty('exemplar');
  });

  it('keep nothing of the text that their ids were a part of, once they have been read', () => {
    const store = storeOf({ labels: [{ from: 'attributes.size' }] });
    const { traceId, spanId } = spanOf('a');
    const before = usedBytes();
    for (let size = 0; size < 100; size += 1) {
      const message = Buffer.from(`${' '.repeat(500_000)}${traceId}${spanId}`).toString('latin1');
      const context = { traceId: message.slice(-48, -16), spanId: message.slice(-16) };
      store.add(logRecord({ ...traced('a', size), spanContext: context }), NOW_MILLIS);
    }
    expect(seriesOf(store)[0]?.exemplar).toEqual(exemplarOf('a', 1));
    expect(usedBytes() - before).toBeLessThan(10_000_000);
  });
});

function usedBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
