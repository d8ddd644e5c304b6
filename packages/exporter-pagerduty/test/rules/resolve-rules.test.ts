import { describe, expect, it } from 'vitest';

import type { PagerDutyRule } from '../../src/rules/pagerduty-rule.ts';
import { resolveRules } from '../../src/rules/resolve-rules.ts';

const RULE = { name: 'errors', when: { minSeverity: 17 } };
const CHANGE = { name: 'deploys', type: 'change', when: { eventName: 'deploy' } };

const resolve = (...rules: readonly unknown[]): ReturnType<typeof resolveRules> =>
  resolveRules('rules', rules as PagerDutyRule[]);

const resource = (key: string): object[] => [{ field: 'resource', key }];
const summary = (): string => 'x';

describe('rules', () => {
  it('that are left out are one: records of severity FATAL page', () => {
    expect(resolveRules('rules', undefined)).toMatchObject([
      { type: 'alert', name: 'fatal', when: [{ minSeverity: 21, maxSeverity: 24 }], threshold: 1, groupWaitMillis: 0 },
    ]);
  });

  it('have the defaults that their docstrings tell', () => {
    const kind = [
      { field: 'eventName', key: '' },
      { field: 'attributes', key: 'exception.type' },
    ];
    expect(resolve({ ...RULE, threshold: undefined })[0]).toMatchObject({
      severity: undefined,
      key: [resource('service.namespace'), resource('service.name'), resource('deployment.environment.name'), kind],
      fingerprint: 'auto',
      threshold: 1,
      thresholdWindowMillis: 60_000,
      groupWaitMillis: 0,
      updateIntervalMillis: 300_000,
      repeatIntervalMillis: 14_400_000,
      resolveAfterMillis: Infinity,
      resolveWhen: undefined,
      minOpenMillis: 300_000,
      summary: undefined,
      component: [{ field: 'scope', key: '' }],
      group: resource('service.name'),
      class: kind,
    });
  });

  it('keep what is given', () => {
    const given = {
      severity: 'info',
      threshold: 5,
      thresholdWindowMillis: 1,
      groupWaitMillis: 5000,
      updateIntervalMillis: 1000,
      repeatIntervalMillis: 60_000,
      resolveAfterMillis: 1000,
      minOpenMillis: 0,
      summary,
    };
    const fields = { key: ['attributes.a.b'], fingerprint: 'attributes.c', component: 'severity', class: 'resource.d' };
    expect(resolve({ ...RULE, ...given, ...fields, resolveWhen: { eventName: 'ok' } })[0]).toMatchObject({
      ...given,
      key: [[{ field: 'attributes', key: 'a.b' }]],
      fingerprint: [{ field: 'attributes', key: 'c' }],
      component: [{ field: 'severity' }],
      class: [{ field: 'resource', key: 'd' }],
      resolveWhen: [{ eventName: 'ok' }],
    });
    expect(resolve(CHANGE)).toEqual([
      { type: 'change', name: 'deploys', when: [expect.objectContaining({ eventName: 'deploy' })], summary: undefined },
    ]);
  });

  it.each<[expected: string, ...rules: unknown[]]>([
    ['`rules` to be a list of 1 to 100 rules, got `0` (number)'],
    ['`rules` to be a list of 1 to 100 rules, got `101` (number)', ...Array.from({ length: 101 }, () => RULE)],
    ['`rules[1]` to be an object', RULE, null],
    ['`rules[0].severty` to be left out', { ...RULE, severty: 'error' }],
    ['`rules[0].threshold` to be left out or given a value', { ...RULE, threshold: null }],
    ['`rules[0].name` to be a string', { when: {} }],
    ['`rules[0].name` to be a name of 1 to 64 letters', { ...RULE, name: 'a b' }],
    ['`rules[0].name` to be a name of 1 to 64 letters', { ...RULE, name: 'é' }],
    ['`rules[0].name` to be a name of 1 to 64 letters', { ...RULE, name: 'x'.repeat(65) }],
    ['`rules[0].name` to be another name: it is that of the incident', { ...RULE, name: 'overflow' }],
    ['`rules[2].name` to be another name than that of `rules[0]`', RULE, CHANGE, RULE],
    ['`rules[0].type`', { ...RULE, type: 'incident' }],
    ['`rules[0].when` to be a condition, or a list of them', { name: 'a' }],
    ['`rules[0].when.severity` to be left out', { ...RULE, when: { severity: 17 } }],
    ['`rules[0].severity` to be one of "critical", "error", "warning", "info"', { ...RULE, severity: 'Critical' }],
    ['`rules[0].key` to be a list of up to 16 fields', { ...RULE, key: 'scope' }],
    ['`rules[0].key` to be a list of up to 16 fields', { ...RULE, key: Array.from({ length: 17 }, () => 'scope') }],
    ['`rules[0].key[1]`', { ...RULE, key: ['scope', 'body'] }],
    ['`rules[0].fingerprint` to be `auto`, `none` or `attributes.<key>`', { ...RULE, fingerprint: 'body' }],
    ['`rules[0].fingerprint`', { ...RULE, fingerprint: 'resource.a' }],
    ['`rules[0].fingerprint`', { ...RULE, fingerprint: 'attributes.' }],
    ['`rules[0].fingerprint`', { ...RULE, fingerprint: ['attributes.a'] }],
    ['`rules[0].threshold`', { ...RULE, threshold: 0 }],
    ['`rules[0].threshold`', { ...RULE, threshold: 1.5 }],
    ['`rules[0].thresholdWindowMillis`', { ...RULE, thresholdWindowMillis: 0 }],
    ['`rules[0].groupWaitMillis`', { ...RULE, groupWaitMillis: -1 }],
    ['`rules[0].groupWaitMillis`', { ...RULE, groupWaitMillis: '5s' }],
    ['`rules[0].updateIntervalMillis`', { ...RULE, updateIntervalMillis: 999 }],
    ['`rules[0].repeatIntervalMillis`', { ...RULE, repeatIntervalMillis: 59_999 }],
    ['`rules[0].repeatIntervalMillis`', { ...RULE, repeatIntervalMillis: Infinity }],
    ['`rules[0].resolveAfterMillis`', { ...RULE, resolveAfterMillis: 999 }],
    ['`rules[0].resolveWhen`', { ...RULE, resolveWhen: [] }],
    ['`rules[0].minOpenMillis`', { ...RULE, minOpenMillis: Number.NaN }],
    ['`rules[0].summary` to be a function', { ...RULE, summary: 'failed' }],
    ['`rules[0].component`', { ...RULE, component: 'body' }],
    ['`rules[0].group`', { ...RULE, group: 'service.name' }],
    ['`rules[0].class`', { ...RULE, class: 5 }],
    ['`rules[0].threshold` to be left out of a change', { ...CHANGE, threshold: 5 }],
    ['`rules[0].severity` to be left out of a change', { ...CHANGE, severity: 'info' }],
  ])('must be right: %s', (expected, ...rules) => {
    expect(() => resolve(...rules)).toThrow(`Expected ${expected}`);
  });

  it('must be a list', () => {
    expect(() => resolveRules('rules', RULE as never)).toThrow(TypeError);
  });
});
