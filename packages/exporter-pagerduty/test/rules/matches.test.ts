import { describe, expect, it } from 'vitest';

import { incidentSeverity } from '../../src/rules/incident-severity.ts';
import { matches } from '../../src/rules/matches.ts';
import type { PagerDutyRule } from '../../src/rules/pagerduty-rule.ts';
import { resolveRules } from '../../src/rules/resolve-rules.ts';
import type { ResolvedAlertRule } from '../../src/rules/resolved-rule.ts';
import { logRecord, unreadable } from '../key/failure-record.ts';

const NO_SEVERITIES = [undefined, null, 0, -1, Number.NaN, '21', {}];

const isMatch = (rule: object, severityNumber: unknown, fields: object = {}): boolean => {
  const [resolved] = resolveRules('rules', [{ name: 'a', ...rule } as PagerDutyRule]);
  return resolved !== undefined && matches(resolved, logRecord({ ...fields, severityNumber }), severityNumber);
};

const severityOf = (rule: object, severityNumber: unknown): string => {
  const [resolved] = resolveRules('rules', [{ name: 'a', when: {}, ...rule }]);
  return incidentSeverity(resolved as ResolvedAlertRule, severityNumber);
};

describe('a rule', () => {
  it('matches records that meet its condition', () => {
    expect([16, 17, 24, 99].map((severity) => isMatch({ when: { minSeverity: 17 } }, severity))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(isMatch({ when: [{ minSeverity: 21 }, { eventName: 'page' }] }, 5, { eventName: 'page' })).toBe(true);
  });

  it('of an alert never matches a record without a severity, whatever its condition is', () => {
    const rules = [{}, { minSeverity: 1 }, { predicate: () => true }].map((when) => ({ when }));
    for (const rule of rules) expect(NO_SEVERITIES.map((severity) => isMatch(rule, severity))).not.toContain(true);
  });

  it('of a change takes a record without a severity for INFO', () => {
    const rule = { type: 'change', when: { minSeverity: 9, maxSeverity: 9 } };
    expect(NO_SEVERITIES.map((severity) => isMatch(rule, severity))).not.toContain(false);
  });

  it('lets through what a getter of the record throws', () => {
    expect(() => isMatch({ when: { attributes: { a: 1 } } }, 21, { attributes: unreadable })).toThrow('unreadable');
    expect(isMatch({ when: { minSeverity: 22, attributes: { a: 1 } } }, 21, { attributes: unreadable })).toBe(false);
  });
});

describe('the severity of an incident', () => {
  it('goes by the severity number', () => {
    const numbers = [1, 8, 9, 12, 13, 16, 17, 20, 21, 24, 99];
    const severities = ['info', 'info', 'info', 'info', 'warning', 'warning', 'error', 'error', 'critical', 'critical'];
    expect(numbers.map((number) => severityOf({}, number))).toEqual([...severities, 'critical']);
  });

  it('is that of the rule where it has one', () => {
    expect(severityOf({ severity: 'warning' }, 24)).toBe('warning');
  });

  it('is that of a table by the severity of the record, and as always where the table has none', () => {
    const severity = { ERROR: 'warning', INFO: 'critical', WARN: undefined };
    const numbers = [5, 9, 13, 17, 20, 21];
    expect(numbers.map((number) => severityOf({ severity }, number))).toEqual([
      'info',
      'critical',
      'warning',
      'warning',
      'warning',
      'critical',
    ]);
  });

  it.each([
    [{ error: 'warning' }, '`rules[0].severity.error`'],
    [{ ERROR: 'WARNING' }, '`rules[0].severity.ERROR`'],
    [['warning'], '`rules[0].severity`'],
    [null, '`rules[0].severity`'],
    ['fatal', '`rules[0].severity`'],
  ])('is not %j', (severity, field) => {
    expect(() => severityOf({ severity }, 17)).toThrow(field);
  });
});
