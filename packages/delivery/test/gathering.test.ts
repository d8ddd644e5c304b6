import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Gathering } from '../src/gathering.ts';
import type { EncodedPayload } from '../src/payload.ts';

const MIB = 1024 * 1024;

function payload(bytes: number, highestSeverity = 9): EncodedPayload {
  return { body: new Uint8Array(bytes), recordOffsets: new Uint32Array(1), highestSeverity, oldestTimeMillis: 0 };
}

/** Joins whatever is given up to 1 MiB, as sizes. */
function merge(payloads: readonly EncodedPayload[]): readonly EncodedPayload[] {
  const sizes: number[] = [];
  for (const { body } of payloads) {
    const last = sizes.at(-1);
    if (last === undefined || last + body.byteLength > MIB) sizes.push(body.byteLength);
    else sizes[sizes.length - 1] = last + body.byteLength;
  }
  return sizes.map((size) => payload(size));
}

function open(merger: typeof merge | undefined): { gathering: Gathering; sent: number[][] } {
  const sent: number[][] = [];
  const dispatch = (payloads: readonly EncodedPayload[]): void => {
    sent.push(payloads.map(({ body }) => body.byteLength));
  };
  return {
    gathering: new Gathering({ merge: merger, dispatch, now: () => performance.now(), lingerMillis: 10 }),
    sent,
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a payload that comes alone does not wait', () => {
  const { gathering, sent } = open(merge);
  gathering.add([payload(10)]);
  vi.advanceTimersByTime(10);
  gathering.add([payload(20)]);
  expect(sent).toEqual([[10], [20]]);
});

test('payloads that follow within 10 ms become one', () => {
  const { gathering, sent } = open(merge);
  for (let millis = 0; millis < 30; millis += 1) {
    gathering.add([payload(10)]);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(10);
  expect(sent.map((sizes) => sizes.length)).toEqual(sent.map(() => 1));
  expect(sent.flat().reduce((sum, size) => sum + size, 0)).toBe(300);
  expect(sent.length).toBeLessThan(6);
});

test('what is severe never waits, and takes the others along', () => {
  const { gathering, sent } = open(merge);
  gathering.add([payload(1)]);
  gathering.add([payload(2)]);
  gathering.add([payload(3, 17)]);
  expect(sent).toEqual([[1], [5]]);
});

test('full requests go at once, and the rest waits for more', () => {
  const { gathering, sent } = open(merge);
  gathering.add([payload(1)]);
  for (let count = 0; count < 3; count += 1) gathering.add([payload(MIB / 2)]);
  expect(sent).toEqual([[1], [MIB]]);
  expect(gathering.bytes).toBe(MIB / 2);
  vi.advanceTimersByTime(10);
  expect(sent.at(-1)).toEqual([MIB / 2]);
  expect(gathering.bytes).toBe(0);
});

test('without a way to merge nothing waits', () => {
  const { gathering, sent } = open(undefined);
  for (let count = 0; count < 3; count += 1) gathering.add([payload(1)]);
  expect(sent).toEqual([[1], [1], [1]]);
});

test('what is taken out is not sent', () => {
  const { gathering, sent } = open(merge);
  gathering.add([payload(1)]);
  gathering.add([payload(2)]);
  expect(gathering.take().length).toBe(1);
  vi.advanceTimersByTime(100);
  expect(sent).toEqual([[1]]);
});

test('where joining fails, payloads go as they are', () => {
  const { gathering, sent } = open(() => {
    throw new Error('boom');
  });
  for (const bytes of [1, 2, 3]) gathering.add([payload(bytes)]);
  vi.advanceTimersByTime(10);
  expect(sent).toEqual([[1], [2, 3]]);
});
