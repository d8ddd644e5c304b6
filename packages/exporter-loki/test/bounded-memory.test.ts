import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';

import { EncodeState } from '../src/encode-state.ts';
import { encode } from '../src/encode.ts';
import { StreamRegistry } from '../src/stream-registry.ts';
import { CONTEXT, makeRecord, NOW_MILLIS, OPTIONS } from './encode-options.ts';
import { naiveEntry } from './naive-mapping.ts';
import { allEntries } from './push-request.ts';

describe('what is kept between batches', () => {
  it('stays right when values are new each time, few, or both in turn', () => {
    const state = new EncodeState(OPTIONS);
    for (let batch = 0; batch < 40; batch += 1) {
      const records = Array.from({ length: 500 }, (_, index): ReadableLogRecord => {
        const count = batch * 500 + index;
        const attributes = {
          unique: `id-${count}`,
          few: `route ${count % 7}`,
          turning: batch % 2 === 0 ? `id-${count}` : 'same',
          long: 'x'.repeat(100 + (count % 3)),
          count,
          status: 200 + (count % 5),
          isHit: count % 2 === 0,
          [`key.${count % 900}`]: count % 3,
        };
        return makeRecord({ body: `line ${count}`, attributes });
      });
      const entries = allEntries(encode(records, state, CONTEXT).payloads);
      expect(entries.map(({ metadata }) => metadata)).toEqual(records.map((record) => naiveEntry(record).metadata));
    }
  });

  it('knows a resource anew when its attributes were still being detected', () => {
    const attributes: Record<string, string> = {};
    const resource = { attributes, asyncAttributesPending: true };
    const state = new EncodeState(OPTIONS);
    const labelsOf = (): Readonly<Record<string, string>> | undefined =>
      allEntries(encode([makeRecord({ resource })], state, CONTEXT).payloads)[0]?.labels;
    expect(labelsOf()).toEqual({ service_name: 'unknown_service' });
    attributes['service.name'] = 'shop';
    resource.asyncAttributesPending = false;
    expect(labelsOf()).toEqual({ service_name: 'shop' });
  });

  it('forgets the streams that were used longest ago', () => {
    const registry = new StreamRegistry(10);
    registry.startBatch(NOW_MILLIS);
    const find = (name: string): unknown => registry.find(undefined, [['service_name', name]], false);
    const first = find('s0');
    const last = find('s1');
    for (let index = 2; index < 1000; index += 1) find(`s${index}`);
    registry.endBatch();
    expect(find('s1')).toBe(last);
    for (let index = 1000; index < 1011; index += 1) find(`s${index}`);
    registry.endBatch();
    expect(find('s1')).toBe(last);
    expect(find('s0')).not.toBe(first);
  });
});
