import { assert, property, string, stringMatching } from 'fast-check';
import { expect, test } from 'vitest';

import { editDistance, nearestName } from '../../src/mistakes/nearest-name.ts';

/** The same by its definition, without a table. */
function naiveDistance(from: string, to: string): number {
  if (from === '' || to === '') return from.length + to.length;
  const [a, b] = [from.slice(0, -1), to.slice(0, -1)];
  const isSame = from.at(-1) === to.at(-1);
  let edits = Math.min(naiveDistance(a, to) + 1, naiveDistance(from, b) + 1, naiveDistance(a, b) + (isSame ? 0 : 1));
  if (from.length > 1 && to.length > 1 && from.at(-1) === to.at(-2) && from.at(-2) === to.at(-1)) {
    edits = Math.min(edits, naiveDistance(from.slice(0, -2), to.slice(0, -2)) + 1);
  }
  return edits;
}

test('the distance is the number of edits, by definition', () => {
  const word = stringMatching(/^[abc]{0,5}$/);
  assert(property(word, word, (from, to) => editDistance(from, to) === naiveDistance(from, to)));
});

test('a name is nearest to itself', () => {
  assert(
    property(string({ minLength: 1, maxLength: 40 }), (name) => {
      expect(nearestName(name, ['hybrid', 'sampling', name])?.toLowerCase()).toBe(name.toLowerCase());
    }),
  );
});

test.each([
  ['bach', 'batch'],
  ['hybird', 'hybrid'],
  ['loger_provider', 'logger_provider'],
  ['Loki', 'loki'],
  ['warning', 'warn'],
  ['err', 'error'],
  ['kafka', undefined],
  ['x', undefined],
  ['', undefined],
])('%s is near to %s', (name, nearest) => {
  expect(nearestName(name, ['batch', 'hybrid', 'logger_provider', 'loki', 'warn', 'error'])).toBe(nearest);
});

test('a text that is no name is not compared', () => {
  expect(nearestName('l'.repeat(1_000_000), ['loki'])).toBe(undefined);
});
