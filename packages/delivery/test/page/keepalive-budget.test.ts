import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { keepaliveBudget } from '../../src/page/keepalive-budget.ts';

beforeEach(() => void vi.stubGlobal('document', {}));
afterEach(() => void vi.unstubAllGlobals());

function takeAll(sizes: readonly number[]): number[] {
  return sizes.filter((bytes) => keepaliveBudget.tryTake(bytes));
}

function giveBack(sizes: readonly number[]): void {
  for (const bytes of sizes) keepaliveBudget.giveBack(bytes);
}

test('requests that outlive the page are 60 KiB together, and what has ended makes room', () => {
  const taken = takeAll([30_000, 30_000, 1441, 1440, 1]);
  expect(taken).toEqual([30_000, 30_000, 1440]);
  expect(keepaliveBudget.freeBytes).toBe(0);
  giveBack(taken);
  expect(keepaliveBudget.freeBytes).toBe(61_440);
});

test('they are nine at most', () => {
  const taken = takeAll(Array.from({ length: 12 }, () => 10));
  expect(taken).toHaveLength(9);
  giveBack(taken);
});

test('outside of browsers nothing outlives anything', () => {
  vi.stubGlobal('document', undefined);
  expect(takeAll([1])).toEqual([]);
});
