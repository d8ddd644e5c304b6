import { expect, test } from 'vitest';

import { isFinalFailure } from '../../src/hybrid/export-failure.ts';

const withCode = (code: unknown): Error => Object.assign(new Error('failed'), { code });

test('an HTTP status of 4xx is final, except the two that ask for another try', () => {
  for (const status of [400, 401, 404, 413, 422, 499]) expect(isFinalFailure(withCode(status))).toBe(true);
  for (const status of [408, 429]) expect(isFinalFailure(withCode(status))).toBe(false);
});

test('everything else is worth another try', () => {
  for (const code of [500, 503, 200, 14, 'ECONNREFUSED', '400', undefined]) {
    expect(isFinalFailure(withCode(code))).toBe(false);
  }
  for (const error of [undefined, null, 'failed', 400]) expect(isFinalFailure(error)).toBe(false);
});

test('an error whose code cannot be read is worth another try', () => {
  const error = Object.defineProperty(new Error('failed'), 'code', {
    get: () => {
      throw new Error('unreadable');
    },
  });
  expect(isFinalFailure(error)).toBe(false);
});
