import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { encodeOnce, NOW_MILLIS } from './encode-options.ts';
import { type OtlpInput, recordOfOtlp } from './otlp-record.ts';
import { allEntries, storedStream } from './push-request.ts';

/** What a real Loki stored, or answered, for one record that came over OTLP. */
interface Case {
  readonly name: string;
  readonly input: OtlpInput;
  readonly status: number;
  readonly line?: string;
  readonly stream: Readonly<Record<string, string>> | null;
}

const CASES = JSON.parse(readFileSync(new URL('./vectors/loki-otlp.json', import.meta.url), 'utf8')) as Case[];

/** Loki's OTLP endpoint refuses the whole request for these; here the name is spelled out. */
const REPAIRED: Readonly<Record<string, Record<string, string>>> = {
  'attr.nameOnlySymbols': { service_name: '<id>', key_e9: '1' },
  'attr.nameEmpty': { service_name: '<id>', key_empty: '1' },
};

function timeOf(name: string): bigint | undefined {
  const one = CASES.find((candidate) => candidate.name === name) as Case;
  return allEntries(encodeOnce([recordOfOtlp(one.input, NOW_MILLIS)]).payloads)[0]?.time;
}

describe('the mapping of OTLP records', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s is stored as by the OTLP endpoint of Loki', (name, one) => {
    const { payloads, drops } = encodeOnce([recordOfOtlp(one.input, NOW_MILLIS)]);
    const [entry] = allEntries(payloads);
    expect(drops).toEqual([]);
    const { detected_level: _, ...stored } = one.stream ?? {};
    expect(entry && storedStream(entry)).toEqual(REPAIRED[name] ?? stored);
    expect(entry?.line).toBe(one.line ?? 'b');
  });

  it('repairs exactly the cases that Loki refuses', () => {
    const refused = CASES.filter((one) => one.status !== 204).map((one) => one.name);
    expect(refused).toEqual(Object.keys(REPAIRED));
  });

  it('takes the time, else the time of observation, else now', () => {
    expect(timeOf('time.observedOnly')).toBe(1_795_224_243_463_000_000n);
    expect(timeOf('time.none')).toBe(BigInt(NOW_MILLIS) * 1_000_000n);
    expect(timeOf('body.string')).toBe(BigInt(NOW_MILLIS) * 1_000_000n);
  });
});
