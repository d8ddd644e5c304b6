import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { scrollTopToShow, virtualWindow } from '../../page/src/virtual-window.ts';

const geometry = fc.record({
  scrollTop: fc.double({ min: -100, max: 100_000, noNaN: true }),
  viewportHeight: fc.integer({ min: 0, max: 2000 }),
  rowHeight: fc.constantFrom(22, 44),
  rowCount: fc.integer({ min: 0, max: 3000 }),
});

test('every row of which a part can be seen is there, and hardly any other', () => {
  fc.assert(
    fc.property(geometry, (list) => {
      const { first, end } = virtualWindow(list);
      const { rowHeight, rowCount, viewportHeight } = list;
      const scrollTop = Math.min(Math.max(list.scrollTop, 0), Math.max(rowCount * rowHeight - viewportHeight, 0));
      const seen = Array.from({ length: rowCount }, (_, index) => index).filter(
        (index) => (index + 1) * rowHeight > scrollTop && index * rowHeight < scrollTop + viewportHeight,
      );
      expect(seen.filter((index) => index < first || index >= end)).toEqual([]);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(rowCount);
      expect(end - first).toBeLessThanOrEqual(viewportHeight / rowHeight + 14);
    }),
  );
});

test('a row that is shown is seen whole where it fits, and nothing moves where it was', () => {
  fc.assert(
    fc.property(geometry, fc.nat(3000), (list, index) => {
      fc.pre(list.viewportHeight >= list.rowHeight);
      const top = scrollTopToShow(index, list);
      expect(index * list.rowHeight).toBeGreaterThanOrEqual(top);
      expect((index + 1) * list.rowHeight).toBeLessThanOrEqual(top + list.viewportHeight);
      expect(scrollTopToShow(index, { ...list, scrollTop: top })).toBe(top);
    }),
  );
});
