import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { EncodeContext, Encoding } from '@spillway/delivery';

import { EncodeState } from '../src/encode-state.ts';
import type { EncodeOptions } from '../src/encode-options.ts';
import { encode } from '../src/encode.ts';

export const NOW_MILLIS = 1_795_224_243_463;

export const OPTIONS: EncodeOptions = {
  labels: [],
  maxStreams: 1000,
  maxRequestBytes: 0x10_0000,
  schemaVersion: false,
  tenantId: undefined,
};

export const CONTEXT: EncodeContext = { nowMillis: NOW_MILLIS, sizeRatio: (): number => 1 };

/** Encodes one batch with a state of its own. */
export function encodeOnce(records: readonly ReadableLogRecord[], options: Partial<EncodeOptions> = {}): Encoding {
  return encode(records, new EncodeState({ ...OPTIONS, ...options }), CONTEXT);
}

const RESOURCE = { attributes: { 'service.name': 'shop' } } as unknown as ReadableLogRecord['resource'];
const SCOPE: ReadableLogRecord['instrumentationScope'] = { name: '' };

/** A record of now, with fields of the caller's choice, of any type. */
export function makeRecord(fields: { readonly [Field in keyof ReadableLogRecord]?: unknown } = {}): ReadableLogRecord {
  const record = {
    hrTime: hrTimeOf(NOW_MILLIS),
    hrTimeObserved: hrTimeOf(NOW_MILLIS),
    body: 'a line',
    attributes: {},
    droppedAttributesCount: 0,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
  };
  return Object.defineProperties(record, Object.getOwnPropertyDescriptors(fields));
}

export function hrTimeOf(millis: number, nanos = 0): [number, number] {
  return [Math.floor(millis / 1000), (millis % 1000) * 1_000_000 + nanos];
}
