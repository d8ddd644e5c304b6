import { expect } from 'vitest';

import { NOW_MILLIS } from './encode-options.ts';
import { naiveName } from './naive-mapping.ts';
import type { PushEntry } from './push-request.ts';

const LABEL_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DAY_NANOS = 86_400_000_000_000n;
const NOW_NANOS = BigInt(NOW_MILLIS) * 1_000_000n;

/** Fails for an entry that a Loki with default limits would refuse, alone or with its whole request. */
export function expectLokiAccepts({ labels, time, line, metadata }: PushEntry): void {
  expect(time >= NOW_NANOS - 7n * DAY_NANOS && time <= NOW_NANOS + 600_000_000_000n + 1_000_000_000n).toBe(true);
  expect(bytes(line)).toBeLessThanOrEqual(262_144);
  expectWellFormed(line);
  expectLabels(labels);
  const pairs = Object.entries(metadata);
  expect(pairs.length).toBeLessThanOrEqual(128);
  expect(pairs.reduce((sum, [name, value]) => sum + bytes(name) + bytes(value), 0)).toBeLessThanOrEqual(65_536);
  for (const [name, value] of pairs) {
    // Loki sanitises names itself: one that it would change, or refuse, could clash with another one there.
    expect(naiveName(name)).toBe(name);
    expect(value).not.toBe('');
    expectWellFormed(value);
  }
}

function expectLabels(labels: Readonly<Record<string, string>>): void {
  const names = Object.keys(labels);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => name !== 'service_name').length).toBeLessThanOrEqual(15);
  for (const [name, value] of Object.entries(labels)) {
    expect(name).toMatch(LABEL_NAME);
    expect(bytes(name)).toBeLessThanOrEqual(1024);
    expect(bytes(value)).toBeLessThanOrEqual(2048);
    expectWellFormed(value);
  }
}

function expectWellFormed(text: string): void {
  expect(Buffer.from(text).toString() === text).toBe(true);
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}
