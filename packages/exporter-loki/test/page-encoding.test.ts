import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import { encode } from '../src/encode.ts';
import { CONTEXT, OPTIONS } from './encode-options.ts';
import { naiveEntry } from './naive-mapping.ts';
import { allEntries } from './push-request.ts';
import { batches } from './record-arbitraries.ts';

vi.mock('#fast-encoding', () => import('../src/browser-fast-encoding.ts'));

test('a page encodes every record as Node does, without what makes that fast', () => {
  const state = new EncodeState(OPTIONS);
  expect('encode' in state.fast).toBe(false);
  fc.assert(
    fc.property(batches, (list) => {
      for (const records of list) {
        const { payloads, drops } = encode(records, state, CONTEXT);
        const entries = allEntries(payloads).map(({ labels, line, metadata }) => ({ labels, line, metadata }));
        const expected = records.map((record) => naiveEntry(record, []));
        expect(sorted(entries)).toEqual(sorted(expected));
        expect(drops).toEqual([]);
      }
    }),
  );
});

/** A stream's records keep their order, but streams come in any. */
function sorted<T extends { readonly labels: Readonly<Record<string, string>> }>(entries: readonly T[]): T[] {
  const keyOf = ({ labels }: T): string =>
    JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return entries.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : keyOf(left) > keyOf(right) ? 1 : 0));
}
