import { describe, expect, it } from 'vitest';

import { distinctStorm, lookAlikeStorm, MAX_DISTINCT, repeatedStorm, type StormRecord } from './storm.ts';

/** What differs between two occurrences of one failure, the most specific first. */
const VARIABLE_PARTS = [
  /"[^"]*"|'[^']*'/g,
  /\d{4}-\d\d-\d\dT[\d:.]+Z/g,
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g,
  /(?:[0-9a-f]{4}:){7}[0-9a-f]{4}/g,
  /(?:\d{1,3}\.){3}\d{1,3}/g,
  /\b0x[0-9a-f]+\b|\b[0-9a-f]{16,}\b/g,
  /\d+(?:\.\d+)?/g,
];

function masked(text: string): string {
  return VARIABLE_PARTS.reduce((rest, part) => rest.replaceAll(part, '*'), text);
}

function bodiesOf(storm: readonly StormRecord[]): { readonly all: number; readonly masked: number } {
  const bodies = storm.map(({ body }) => body);
  return { all: new Set(bodies).size, masked: new Set(bodies.map(masked)).size };
}

describe('a storm', () => {
  it.each(Object.entries({ repeatedStorm, lookAlikeStorm, distinctStorm }))(
    'of %s has 10,000 records that page by default, the same ones each time',
    (_, make) => {
      const storm = make();
      expect(storm).toHaveLength(10_000);
      expect(storm.every(({ severityNumber }) => severityNumber === 21)).toBe(true);
      expect(make()).toEqual(storm);
    },
  );

  it('that repeats has one body', () => {
    expect(bodiesOf(repeatedStorm())).toEqual({ all: 1, masked: 1 });
  });

  it('that looks alike never repeats, and has one body once what varies is masked', () => {
    expect(bodiesOf(lookAlikeStorm())).toEqual({ all: 10_000, masked: 1 });
  });

  it('that is distinct has no two bodies alike, masked or not, to its very limit', () => {
    expect(bodiesOf(distinctStorm())).toEqual({ all: 10_000, masked: 10_000 });
    expect(bodiesOf(distinctStorm({ count: MAX_DISTINCT }))).toEqual({ all: MAX_DISTINCT, masked: MAX_DISTINCT });
    expect(() => distinctStorm({ count: MAX_DISTINCT + 1 })).toThrow(RangeError);
  });

  it('that is distinct has no word that could be a number, hexadecimal or not', () => {
    const words = new Set(distinctStorm({ count: MAX_DISTINCT }).flatMap(({ body }) => body.split(/[ :]+/)));
    expect([...words].filter((word) => /^[0-9a-f]+$/i.test(word) || /\d/.test(word))).toEqual([]);
  });

  it('has as many records of such a severity as asked for', () => {
    expect(lookAlikeStorm({ count: 2, severityNumber: 17 })).toMatchObject([
      { severityNumber: 17 },
      { severityNumber: 17 },
    ]);
  });
});
