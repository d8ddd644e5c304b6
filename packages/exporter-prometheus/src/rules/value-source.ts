import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { answerOf, optionMessage } from '@spillway/core';

import type { MetricRule, ValueReader } from './metric-rule.ts';

const ATTRIBUTE_PREFIX = 'attributes.';
const BODY_BYTES = 'body.bytes';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** No number needs more digits; what is longer is something else. */
const MAX_DECIMAL_CHARACTERS = 64;

/** Where the number of a record is read. */
export type ValueSource =
  | { readonly field: 'one' | 'body' }
  | { readonly field: 'attribute'; readonly key: string }
  | { readonly field: 'reader'; readonly read: ValueReader };

/** @throws TypeError or RangeError where a metric of this type cannot take its number from there. */
export function resolveValue(field: string, type: MetricRule['type'], value: unknown): ValueSource {
  if (value === undefined && type === 'counter') return { field: 'one' };
  if (value === BODY_BYTES) return { field: 'body' };
  if (typeof value === 'function') return { field: 'reader', read: value as ValueReader };
  if (typeof value === 'string' && value.startsWith(ATTRIBUTE_PREFIX) && value.length > ATTRIBUTE_PREFIX.length) {
    return { field: 'attribute', key: value.slice(ATTRIBUTE_PREFIX.length) };
  }
  const rule = '`attributes.<key>`, `body.bytes` or a function';
  throw new (typeof value === 'string' ? RangeError : TypeError)(optionMessage(field, rule, value));
}

/** The number of a record: undefined where it has none, NaN where what it has is none. Throws what its getters or a reader throw. */
export function readValue(source: ValueSource, record: ReadableLogRecord): number | undefined {
  switch (source.field) {
    case 'one':
      return 1;
    case 'body':
      return typeof record.body === 'string' ? Buffer.byteLength(record.body) : 0;
    case 'attribute':
      return numberOf(record.attributes?.[source.key]);
    default:
      return numberOf(answerOf(source.read(record)));
  }
}

function numberOf(value: unknown): number | undefined {
  switch (typeof value) {
    case 'number':
      return value;
    case 'bigint':
      return Number(value);
    case 'string':
      return value.length <= MAX_DECIMAL_CHARACTERS && DECIMAL.test(value) ? Number(value) : Number.NaN;
    default:
      return value === undefined || value === null ? undefined : Number.NaN;
  }
}
