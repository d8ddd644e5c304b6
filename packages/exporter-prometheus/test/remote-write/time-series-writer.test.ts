import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodeLabels, labelSet } from '../../src/remote-write/label-bytes.ts';
import type { TimeSeries } from '../../src/remote-write/time-series.ts';
import { timeSeriesBytes, TimeSeriesWriter } from '../../src/remote-write/time-series-writer.ts';
import type { Label } from '../../src/store/family-snapshot.ts';
import { STALE_BITS } from './strict-receiver.ts';
import { type ReadSeries, readWriteRequest } from './write-request-reader.ts';

function write(series: readonly TimeSeries[]): Uint8Array {
  const writer = new TimeSeriesWriter(series.reduce((sum, one) => sum + timeSeriesBytes(one), 0));
  for (const one of series) writer.write(one);
  expect(writer.offset).toBe(writer.body.length);
  return writer.body;
}

function seriesOf(timestampMillis: number, value: number | undefined): TimeSeries {
  return { labelBytes: encodeLabels([['__name__', 'm']]), timestampMillis, value, exemplar: undefined };
}

function sampleOf(timestampMillis: number, value: number | undefined): ReadSeries['samples'][number] {
  const [series] = readWriteRequest(write([seriesOf(timestampMillis, value)]));
  return series?.samples[0] as ReadSeries['samples'][number];
}

/** The bits of a double, as the platform has them. */
function bitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

const text = fc.string({ unit: 'binary', maxLength: 12 });
const labels = fc
  .uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 4 })
  .map((pairs): Label[] => pairs.map(([name, value]) => [name, value]));
const time = fc.oneof(
  fc.nat(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, 127, 128, 2 ** 32, 2 ** 53 - 1, -1, -(2 ** 53) + 1),
);
const value = fc.double();

const anySeries = fc
  .record({
    labels,
    time,
    value: fc.option(value, { nil: undefined }),
    exemplar: fc.option(fc.record({ labels, time, value })),
  })
  .map(({ exemplar, ...own }) => ({ ...own, exemplar: exemplar ?? undefined }));

describe('TimeSeriesWriter', () => {
  it('writes what was made by hand', () => {
    const series: TimeSeries = {
      labelBytes: encodeLabels([
        ['__name__', 'up'],
        ['job', 'é'],
      ]),
      timestampMillis: 300,
      value: 1.5,
      exemplar: { labelBytes: encodeLabels([['trace_id', 'a1']]), value: -1, timestampMillis: 5 },
    };
    const name = [0x0a, 8, ...Buffer.from('__name__'), 0x12, 2, ...Buffer.from('up')];
    const job = [0x0a, 3, ...Buffer.from('job'), 0x12, 2, 0xc3, 0xa9];
    const traceId = [0x0a, 8, ...Buffer.from('trace_id'), 0x12, 2, ...Buffer.from('a1')];
    const sample = [0x09, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x10, 0xac, 0x02];
    const exemplar = [0x0a, traceId.length, ...traceId, 0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0xbf, 0x18, 5];
    const content = [0x0a, name.length, ...name, 0x0a, job.length, ...job, 0x12, sample.length, ...sample].concat([
      0x1a,
      exemplar.length,
      ...exemplar,
    ]);
    const entry = [0x0a, content.length, ...content];
    expect([...write([series, series])]).toEqual([...entry, ...entry]);
  });

  it('writes what a strict reader reads back, of anything', () => {
    fc.assert(
      fc.property(fc.array(anySeries, { maxLength: 5 }), (given) => {
        const body = write(
          given.map(({ labels: own, time: timestampMillis, value: number, exemplar }) => ({
            labelBytes: encodeLabels(own),
            timestampMillis,
            value: number,
            exemplar: exemplar && {
              labelBytes: encodeLabels(exemplar.labels),
              value: exemplar.value,
              timestampMillis: exemplar.time,
            },
          })),
        );
        const read = readWriteRequest(body);
        expect(read.map((one) => one.labels)).toEqual(given.map((one) => one.labels.map(wellFormed)));
        for (const [index, one] of given.entries()) {
          const { samples, exemplars } = read[index] as ReadSeries;
          expect(samples).toMatchObject([{ value: one.value ?? Number.NaN, timestamp: BigInt(one.time) }]);
          expect(exemplars.map(({ timestamp, value: number }) => [timestamp, number])).toEqual(
            one.exemplar === undefined ? [] : [[BigInt(one.exemplar.time), one.exemplar.value]],
          );
        }
      }),
    );
  });

  it('keeps lengths of more than one byte', () => {
    const long = 'x'.repeat(70_000);
    const labelBytes = encodeLabels([['__name__', long]]);
    const [series] = readWriteRequest(write([{ ...seriesOf(1, 1), labelBytes }]));
    expect(series?.labels).toEqual([['__name__', long]]);
  });

  it('keeps every bit of a value', () => {
    for (const number of [0, -0, 1, -1.1, 5e-324, 1.797e308, Infinity, -Infinity]) {
      expect(sampleOf(1, number).bits).toBe(bitsOf(number));
    }
    expect(sampleOf(1, -0).bits).toBe(0x8000000000000000n);
  });

  it('ends a series with the stale marker, which no value of an application is taken for', () => {
    expect(sampleOf(1, undefined).bits).toBe(STALE_BITS);
    const stale = new Float64Array(new BigUint64Array([STALE_BITS]).buffer)[0] as number;
    for (const notANumber of [Number.NaN, stale, -Number.NaN])
      expect(sampleOf(1, notANumber).bits).toBe(0x7ff8000000000001n);
  });
});

describe('labelSet', () => {
  it('sorts labels by name, keeps the last of equal names, and leaves out those without a value', () => {
    const name = fc.constantFrom('a', 'b', '__name__', 'le', 'Z', 'job', 'a_b');
    const pairs = fc.array(fc.tuple(name, fc.constantFrom('', 'x', 'y')));
    fc.assert(
      fc.property(pairs, (given) => {
        const naive = new Map(given.filter(([, own]) => own !== ''));
        expect(labelSet(given)).toEqual([...naive].toSorted(([one], [other]) => (one < other ? -1 : 1)));
      }),
    );
  });
});

function wellFormed([name, own]: Label): Label {
  return [Buffer.from(name).toString(), Buffer.from(own).toString()];
}
