import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DROP_REASONS, type DropReason, Ledger } from '@spillway/core';

type Entry =
  | { readonly kind: 'receive' | 'create' | 'recover' | 'pass'; readonly count: number }
  | { readonly kind: 'drop'; readonly count: number; readonly reason: DropReason };

const count = fc.integer({ min: 1, max: 1000 });
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constantFrom('receive', 'create', 'recover', 'pass'), count }),
  fc.record({ kind: fc.constant('drop'), count, reason: fc.constantFrom(...DROP_REASONS) }),
);

function sumWhere(entries: readonly Entry[], matches: (one: Entry) => boolean): number {
  return entries.filter(matches).reduce((sum, one) => sum + one.count, 0);
}

test('after any entries the account agrees with a plain sum, and the equation holds', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 50 }), (entries) => {
      const ledger = new Ledger();
      for (const [index, one] of entries.entries()) {
        if (one.kind === 'drop') ledger.drop(one.reason, one.count);
        else ledger[one.kind](one.count);
        const soFar = entries.slice(0, index + 1);
        const { received, created, recovered, passed, dropped, droppedTotal, held } = ledger.snapshot();
        for (const reason of DROP_REASONS) {
          const expected = sumWhere(soFar, (other) => other.kind === 'drop' && other.reason === reason);
          expect(dropped[reason] ?? 0).toBe(expected);
        }
        expect([received, created, recovered, passed]).toEqual(
          ['receive', 'create', 'recover', 'pass'].map((kind) => sumWhere(soFar, (other) => other.kind === kind)),
        );
        expect(Object.values(dropped).reduce((sum, part) => sum + part, 0)).toBe(droppedTotal);
        expect(received + created + recovered).toBe(passed + droppedTotal + held);
        expect([ledger.received, ledger.passed, ledger.droppedTotal, ledger.held]).toEqual([
          received,
          passed,
          droppedTotal,
          held,
        ]);
      }
    }),
  );
});

test('an entry without a count is one record', () => {
  const ledger = new Ledger();
  ledger.receive();
  ledger.receive();
  ledger.pass();
  ledger.drop('sampled');
  expect(ledger.snapshot()).toEqual({
    received: 2,
    created: 0,
    recovered: 0,
    passed: 1,
    dropped: { sampled: 1 },
    droppedTotal: 1,
    held: 0,
  });
});

test('a snapshot does not change afterwards', () => {
  const ledger = new Ledger();
  const before = ledger.snapshot();
  ledger.receive(5);
  ledger.drop('burst', 2);
  expect(before).toMatchObject({ received: 0, dropped: {}, held: 0 });
});

test('the reasons are the closed list', () => {
  expect(DROP_REASONS).toEqual([
    'sampled',
    'burst',
    'evicted',
    'expired',
    'queue_full',
    'rejected',
    'too_large',
    'invalid',
    'outbox_full',
    'retry_exhausted',
    'suppressed',
    'disabled',
    'shutdown',
  ]);
});
