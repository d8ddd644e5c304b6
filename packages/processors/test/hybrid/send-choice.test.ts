import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { chooseSend, type SendSituation } from '../../src/hybrid/send-choice.ts';

const idle: SendSituation = {
  maxConcurrentExports: 5,
  immediateInFlight: 0,
  batchInFlight: 0,
  hasImmediate: false,
  waitingRetries: 0,
  waitingFallbacks: 0,
  isBackingOff: false,
  hasDueBatch: false,
};

const situation: fc.Arbitrary<SendSituation> = fc.record({
  maxConcurrentExports: fc.integer({ min: 1, max: 6 }),
  immediateInFlight: fc.nat(6),
  batchInFlight: fc.nat(6),
  hasImmediate: fc.boolean(),
  waitingRetries: fc.nat(6),
  waitingFallbacks: fc.nat(6),
  isBackingOff: fc.boolean(),
  hasDueBatch: fc.boolean(),
});

test('nothing is chosen that is not there, and never more than the slots allow', () => {
  fc.assert(
    fc.property(situation, (now) => {
      const hasSlot = now.immediateInFlight + now.batchInFlight < now.maxConcurrentExports;
      const isPossible = {
        immediate: hasSlot && now.hasImmediate,
        retry: hasSlot && now.waitingRetries > 0 && !now.isBackingOff,
        batch: hasSlot && now.hasDueBatch && now.waitingRetries === 0,
        nothing: true,
      };
      expect(isPossible[chooseSend(now) ?? 'nothing']).toBe(true);
    }),
  );
});

test('from two slots on, one is kept for each lane', () => {
  const lanes = { ...idle, hasImmediate: true, hasDueBatch: true };
  expect(chooseSend({ ...lanes, batchInFlight: 4 })).toBe('immediate');
  expect(chooseSend({ ...lanes, immediateInFlight: 4 })).toBe('batch');
  expect(chooseSend({ ...lanes, hasImmediate: false, batchInFlight: 4 })).toBeUndefined();
  expect(chooseSend({ ...lanes, hasDueBatch: false, immediateInFlight: 4 })).toBeUndefined();
});

test('with one slot nothing is kept, and the immediate lane goes first', () => {
  const single = { ...idle, maxConcurrentExports: 1, hasDueBatch: true };
  expect(chooseSend(single)).toBe('batch');
  expect(chooseSend({ ...single, hasImmediate: true })).toBe('immediate');
  expect(chooseSend({ ...single, hasImmediate: true, batchInFlight: 1 })).toBeUndefined();
});

test('while a batch backs off nothing newer of its lane is sent, but immediate records are', () => {
  const outage = { ...idle, hasDueBatch: true, waitingRetries: 1, isBackingOff: true };
  expect(chooseSend(outage)).toBeUndefined();
  expect(chooseSend({ ...outage, hasImmediate: true })).toBe('immediate');
  expect(chooseSend({ ...outage, isBackingOff: false })).toBe('retry');
});

test('an outage piles up no more failed immediate batches than there are slots', () => {
  const outage = { ...idle, hasImmediate: true, waitingRetries: 5, waitingFallbacks: 5, isBackingOff: true };
  expect(chooseSend(outage)).toBeUndefined();
  expect(chooseSend({ ...outage, waitingFallbacks: 4 })).toBe('immediate');
});
