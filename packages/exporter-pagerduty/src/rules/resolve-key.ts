import { optionMessage, resolveRecordField } from '@spillway/core';

import type { AlertRule } from './pagerduty-rule.ts';
import type { FieldChoice, ResolvedFingerprint } from './resolved-rule.ts';

/** Each is read for each record of a storm. */
export const MAX_FIELDS: number = 16;

const ofResource = (key: string): FieldChoice => [{ field: 'resource', key }];

/** What kind of problem a record tells of: the event name, or the type of the exception. */
export const KIND: FieldChoice = [
  { field: 'eventName', key: '' },
  { field: 'attributes', key: 'exception.type' },
];

export const DEFAULT_KEY: readonly FieldChoice[] = [
  ofResource('service.namespace'),
  ofResource('service.name'),
  ofResource('deployment.environment.name'),
  KIND,
];

/** @throws TypeError or RangeError naming the field that is none. */
export function resolveKey(field: string, key: NonNullable<AlertRule['key']>): FieldChoice[] {
  const rule = `a list of up to ${MAX_FIELDS} fields`;
  if (!Array.isArray(key)) throw new TypeError(optionMessage(field, rule, key));
  if (key.length > MAX_FIELDS) throw new RangeError(optionMessage(field, rule, key.length));
  return key.map((one: unknown, index) => [resolveRecordField(`${field}[${index}]`, one)]);
}

/** @throws TypeError or RangeError naming what is no origin of a fingerprint. */
export function resolveFingerprint(field: string, origin: unknown = 'auto'): ResolvedFingerprint {
  if (origin === 'auto' || origin === 'none') return origin;
  const rule = '`auto`, `none` or `attributes.<key>`';
  if (typeof origin !== 'string') throw new TypeError(optionMessage(field, rule, origin));
  if (!/^attributes\../s.test(origin)) throw new RangeError(optionMessage(field, rule, origin));
  return [resolveRecordField(field, origin)];
}
