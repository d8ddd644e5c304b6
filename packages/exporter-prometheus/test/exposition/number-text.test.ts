import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boundText, numberText } from '../../src/exposition/number-text.ts';

describe('numbers', () => {
  it('are written without loss, and infinite ones as Prometheus reads them', () => {
    const texts = [Number.NaN, Infinity, -Infinity, 2 ** 53, 2 ** 64, 1e21, 1e-7, -0].map((number) =>
      numberText(number),
    );
    expect(texts).toEqual(['NaN', '+Inf', '-Inf', '9007199254740992', '18446744073709552000', '1e+21', '1e-7', '0']);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(Number(numberText(number))).toBe(number === 0 ? 0 : number);
      }),
    );
  });
});

describe('bounds', () => {
  it('are written as OpenMetrics lists them', () => {
    const listed =
      '0.0 0.001 0.002 0.01 0.1 0.9 0.95 0.99 0.999 1.0 1.7 10.0 1e-10 1e-09 1e-05 0.0001 100000.0 1e+06 1e+10';
    expect(listed.split(' ').map((text) => boundText(Number(text)))).toEqual(listed.split(' '));
    const more = [1234567, 123456, 1.5e-5, 1e100, 5e-324, Infinity, -0].map((bound) => boundText(bound));
    expect(more).toEqual(['1.234567e+06', '123456.0', '1.5e-05', '1e+100', '5e-324', '+Inf', '0.0']);
  });

  it('are written without loss', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (bound) => {
        expect(Number(boundText(bound))).toBe(bound === 0 ? 0 : bound);
      }),
    );
  });
});
