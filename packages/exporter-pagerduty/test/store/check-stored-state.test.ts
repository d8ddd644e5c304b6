import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { checkStoredState } from '../../src/store/check-stored-state.ts';
import type { StoredIncident, StoredState } from '../../src/store/incident-store.ts';
import { arbitraryState, NEEDED_FIELDS } from './arbitrary-state.ts';
import { INCIDENT, SAMPLE, stateOf } from './stored-states.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
/** An incident as any JSON may have it. */
const incidentWith = (change: object): StoredIncident => ({ ...INCIDENT, ...change });
/** The one incident of a state, as it is read. */
const readIncident = (change: object): StoredIncident | undefined =>
  checkStoredState(stateOf(incidentWith(change))).state?.incidents[0];

const fail = (): never => {
  throw new Error('a trap');
};
const throwingProxy = (): object => new Proxy({}, { get: fail, getPrototypeOf: fail, ownKeys: fail, has: fail });

/** Fields that hold a text in many places. */
const nestedWith = (text: string): object => ({
  [text]: [text, { a: text }],
  bytes: new Uint8Array([1, 2]),
  none: null,
});
const sampleWith = (text: string): object => ({ ...SAMPLE, eventName: text, body: text, attributes: nestedWith(text) });
const headlineWith = (text: string): object => ({ summary: text, source: text, component: text, services: [text] });

describe('a stored state', () => {
  it('is read as it was saved, whatever is in it', () => {
    fc.assert(
      fc.property(arbitraryState, (state) => {
        expect(checkStoredState(throughJson(state))).toEqual({ state, problem: undefined });
      }),
    );
  });

  it('is none where there is nothing', () => {
    for (const nothing of [undefined, null]) {
      expect(checkStoredState(nothing)).toEqual({ state: undefined, problem: undefined });
    }
  });

  it('never throws, and what it reads is valid, whatever the value', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true });
    const nearly = fc.record({
      schema: fc.constant(1),
      instanceId: fc.constant('replica-1'),
      incidents: fc.array(anything, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anything, nearly), (value) => {
        const { state, problem } = checkStoredState(value);
        expect(state === undefined || checkStoredState(state).problem === undefined).toBe(true);
        expect(problem === undefined || typeof problem === 'string').toBe(true);
      }),
    );
  });

  it('is none of another schema, without an instance or without a list of incidents', () => {
    const good = stateOf(INCIDENT);
    const wrong = [
      { ...good, schema: 2 },
      { ...good, schema: '1' },
      { ...good, instanceId: '' },
      { ...good, instanceId: 'x'.repeat(256) },
      { ...good, incidents: {} },
      { schema: 1, instanceId: 'replica-1' },
      [good],
      JSON.stringify(good),
      7,
      throwingProxy(),
    ];
    for (const value of wrong) {
      const { state, problem } = checkStoredState(value);
      expect(state).toBeUndefined();
      expect(problem).toMatch(/^it is no state of incidents: /);
    }
  });

  it('has no fields but its own', () => {
    const extra = { toString: 'x', extra: [1], constructor: 2 };
    const sample = { ...SAMPLE, ...extra };
    const value = { ...stateOf(incidentWith({ ...extra, samples: [sample] })), ...extra };
    expect(checkStoredState(value)).toEqual({ state: stateOf(INCIDENT), problem: undefined });
  });

  it('shares nothing with what it was read from', () => {
    const tags = ['a'];
    const samples = [{ ...SAMPLE, body: { tags } }];
    const read = readIncident({ samples });
    tags.push('b');
    samples.pop();
    expect(read?.samples).toEqual([{ ...SAMPLE, body: { tags: ['a'] } }]);
  });

  it('keeps keys that other objects inherit as data, and changes no prototype', () => {
    const poison = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}';
    const sample = `${poison},"timeMillis":1,"severityNumber":9,"body":${poison}},"attributes":${poison}}}`;
    const incident = `${poison},${JSON.stringify({ ...INCIDENT, samples: undefined }).slice(1, -1)},"samples":[${sample}],"tally":{"__proto__":3}}`;
    const json = `${poison},"schema":1,"instanceId":"replica-1","incidents":[${incident}]}`;
    const { state, problem } = checkStoredState(JSON.parse(json));
    expect(problem).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    const [read] = (state as StoredState).incidents;
    expect(Reflect.get(read as object, 'polluted')).toBeUndefined();
    expect(Object.entries(read?.tally ?? {})).toEqual([['__proto__', 3]]);
    expect(JSON.stringify(read?.samples[0]?.attributes)).toBe(`${poison}}`);
    expect(JSON.stringify(read?.samples[0]?.body)).toBe(`${poison}}`);
  });
});

describe('a stored incident that is not valid', () => {
  it('is left out, and its neighbours are as they were', () => {
    const field = fc.constantFrom(...NEEDED_FIELDS);
    const nonsense = fc.constantFrom<unknown>(undefined, null, {}, true, Number.NaN, Infinity, () => 'x');
    fc.assert(
      fc.property(arbitraryState, fc.nat(), field, nonsense, ({ incidents }, at, name, value) => {
        const index = at % (incidents.length + 1);
        const mixed = incidents.toSpliced(index, 0, incidentWith({ [name]: value }));
        const { state, problem } = checkStoredState(stateOf(...mixed));
        expect(state).toEqual(stateOf(...incidents));
        expect(problem).toContain(
          `1 of ${mixed.length} incidents are left out: Expected \`incidents[${index}].${name}`,
        );
      }),
    );
  });

  it.each<[what: string, change: object]>([
    ['a severity that PagerDuty has not', { severity: 'Critical' }],
    ['a state of another version', { state: 'acknowledged' }],
    ['a route of another version', { route: 'third' }],
    ['an empty key', { dedupKey: '' }],
    ['a key that is too long', { dedupKey: 'x'.repeat(256) }],
    ['a rule without a name', { rule: '' }],
    ['a text of the key that is too long', { keyText: 'x'.repeat(8193) }],
    ['a time that is a text', { dueMillis: '1700000000000' }],
    ['a count below zero', { count: -1 }],
    ['an optional field that is no text', { component: 1 }],
    ['services that are no texts', { services: ['shop', 1] }],
    ['a tally that counts nothing', { tally: { fatal: '3' } }],
  ])('has %s', (_what, change) => {
    expect(checkStoredState(stateOf(incidentWith(change), INCIDENT)).state).toEqual(stateOf(INCIDENT));
  });

  it('can be one that cannot be read', () => {
    const value = { ...stateOf(), incidents: [throwingProxy(), INCIDENT, null] };
    const { state, problem } = checkStoredState(value);
    expect(state).toEqual(stateOf(INCIDENT));
    expect(problem).toBe('2 of 3 incidents are left out: a trap');
  });

  it('is not one with null in place of what may be left out', () => {
    expect(readIncident({ component: null, group: null, class: null, tally: null })).toEqual(INCIDENT);
  });
});

describe('the bounds of a stored state', () => {
  it('are 1,000 incidents, the first', () => {
    const incidents = Array.from({ length: 1001 }, (_, index) => incidentWith({ dedupKey: `key-${index}` }));
    const { state, problem } = checkStoredState(stateOf(...incidents));
    expect(state?.incidents.map(({ dedupKey }) => dedupKey)).toEqual(incidents.slice(0, 1000).map((i) => i.dedupKey));
    expect(problem).toBe('1 of 1001 incidents are left out: there are more than 1000');
  });

  it('are 5 samples, of those that are samples', () => {
    const samples = [null, { ...SAMPLE, timeMillis: null }, { ...SAMPLE, attributes: [] }, ...Array(7).fill(SAMPLE)];
    expect(readIncident({ samples })?.samples).toEqual(Array(5).fill(SAMPLE));
  });

  it('are 8,192 characters of a text, wherever it is', () => {
    const long = '€'.repeat(10_000);
    const cut = long.slice(0, 8192);
    const read = readIncident({ ...headlineWith(long), samples: [sampleWith(long)], tally: { [long]: 1 } });
    expect(read).toEqual({ ...INCIDENT, ...headlineWith(cut), samples: [sampleWith(cut)], tally: { [cut]: 1 } });
  });

  it('are 1,000 entries of a list or a map', () => {
    const names = Array.from({ length: 1001 }, (_, index) => `name-${index}`);
    const read = readIncident({ instances: names, tally: Object.fromEntries(names.map((name) => [name, 1])) });
    expect(read?.instances).toEqual(names.slice(0, 1000));
    expect(Object.keys(read?.tally ?? {})).toEqual(names.slice(0, 1000));
  });
});
