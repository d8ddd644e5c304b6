import type { LedgerSnapshot } from '@spillway/core';
import { expect } from 'vitest';

/** The law of the ledger: what came in is handed on, dropped for a reason, or held. */
export function expectClosed(stats: LedgerSnapshot): void {
  const { received, created, recovered, passed, dropped, droppedTotal, held } = stats;
  expect(received + created + recovered).toBe(passed + droppedTotal + held);
  expect(Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(droppedTotal);
  expect(Math.min(received, created, recovered, passed, droppedTotal, held)).toBeGreaterThanOrEqual(0);
}
