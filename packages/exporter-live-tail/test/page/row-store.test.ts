import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { RowStore } from '../../page/src/row-store.ts';
import type { TailRow } from '../../page/src/tail-row.ts';
import { recordRow } from './rows.ts';

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('push' as const), bytes: fc.integer({ min: 0, max: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('filter' as const), every: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
);

test('keeps and shows what a naive list does', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 80 }), (maxRows, steps) => {
      const store = new RowStore({ maxRows, maxBytes: 30 });
      let kept: TailRow[] = [];
      let every = 1;
      for (const [number, action] of steps.entries()) {
        let [left, expectedLeft] = [0, 0];
        if (action.do === 'push') {
          const row = recordRow(number, {}, action.bytes);
          const all = [...kept, row];
          kept = lastThatFit(all, maxRows, 30);
          [left, expectedLeft] = [store.push(row), all.length - kept.length];
        } else if (action.do === 'filter') {
          ({ every } = action);
          store.setFilter((row) => row.number % action.every === 0);
        } else {
          kept = [];
          store.clear();
        }
        expect(left).toBe(expectedLeft);
        const shown = kept.filter((row) => row.number % every === 0);
        expect(store.toArray()).toEqual(kept);
        expect([store.size, store.bytes, store.shownSize]).toEqual([kept.length, bytesOf(kept), shown.length]);
        expect(Array.from({ length: shown.length + 1 }, (_, index) => store.shownAt(index))).toEqual([
          ...shown,
          undefined,
        ]);
        expect(store.shownAt(-1)).toBeUndefined();
        expect(store.shownIndexOf(number)).toBe(shown.filter((row) => row.number < number).length);
      }
    }),
  );
});

test('counts the rows that a list has lost at its front, so that it can stand still', () => {
  const store = new RowStore({ maxRows: 10, maxBytes: 1000 });
  store.setFilter(({ number }) => number % 2 === 0);
  for (let number = 0; number < 5000; number += 1) {
    store.push(recordRow(number));
    expect(store.shownLeft + store.shownSize).toBe(Math.floor(number / 2) + 1);
  }
  expect(store.shownAt(0)?.number).toBe(4990);
  store.setFilter(() => true);
  expect(store.shownLeft).toBe(0);
});

function lastThatFit(rows: TailRow[], maxRows: number, maxBytes: number): TailRow[] {
  let left = rows.slice(-maxRows);
  while (bytesOf(left) > maxBytes && left.length > 1) left = left.slice(1);
  return left;
}

function bytesOf(rows: readonly TailRow[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0);
}
