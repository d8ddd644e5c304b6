import type { PlainValue } from '@spillway/core';
import * as fc from 'fast-check';

import type { StoredIncident, StoredState } from '../../src/store/incident-store.ts';

const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
const STATES = ['pending', 'open', 'resolving'] as const;
const ROUTES = ['primary', 'fallback'] as const;

/** JSON has no negative zero. */
const millis = fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((value) => value + 0);
const count = fc.nat();
const text = fc.string({ unit: 'binary', maxLength: 20 });
const texts = fc.array(text, { maxLength: 4 });
const identity = fc.string({ minLength: 1, maxLength: 20 });
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', 'toJSON', 'hasOwnProperty'));

const plainValue = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as PlainValue);

const sampleFields = {
  timeMillis: millis,
  severityNumber: fc.integer({ min: 1, max: 24 }),
  eventName: text,
  body: plainValue,
  attributes: fc.dictionary(key, plainValue, { maxKeys: 4 }),
  scope: text,
  traceId: text,
  spanId: text,
};
const sample = fc.record(sampleFields, { requiredKeys: ['timeMillis', 'severityNumber'] });

const neededFields = {
  dedupKey: identity,
  rule: identity,
  severity: fc.constantFrom(...SEVERITIES),
  summary: text,
  source: text,
  keyText: text,
  state: fc.constantFrom(...STATES),
  route: fc.constantFrom(...ROUTES),
  dueMillis: millis,
  openedMillis: millis,
  firstSeenMillis: millis,
  lastSeenMillis: millis,
  lastSentMillis: millis,
  count,
  countSent: count,
  samples: fc.array(sample, { maxLength: 5 }),
  services: texts,
  instances: texts,
  recentOpens: fc.array(millis, { maxLength: 4 }),
};
const optionalFields = { component: text, group: text, class: text, tally: fc.dictionary(key, count, { maxKeys: 4 }) };

const needed = Object.keys(neededFields) as (keyof typeof neededFields)[];

/** Fields without which an incident is not valid. */
export const NEEDED_FIELDS: readonly (keyof StoredIncident)[] = needed;

const incident: fc.Arbitrary<StoredIncident> = fc.record(
  { ...neededFields, ...optionalFields },
  { requiredKeys: needed },
);

/** Any state that can be saved, of a few incidents. */
export const arbitraryState: fc.Arbitrary<StoredState> = fc.record({
  schema: fc.constant(1 as const),
  instanceId: identity,
  incidents: fc.array(incident, { maxLength: 4 }),
});
