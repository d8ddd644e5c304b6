import {
  checkFields,
  checkFunction,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkTimerMillis,
  optionMessage,
  resolveConditions,
  type ResolvedCondition,
  resolveRecordField,
} from '@spillway/core';

import { resolveSeverity } from './incident-severity.ts';
import { checkKeyName } from './key-name.ts';
import { OVERFLOW_POLICY } from './overflow-policy.ts';
import type { AlertRule, ChangeRule, PagerDutyRule, RecordField } from './pagerduty-rule.ts';
import type { FieldChoice, ResolvedAlertRule, ResolvedChangeRule, ResolvedRule } from './resolved-rule.ts';
import { DEFAULT_KEY, KIND, resolveFingerprint, resolveKey } from './resolve-key.ts';

const CHANGE_FIELDS: readonly (keyof ChangeRule)[] = ['name', 'type', 'when', 'summary'];
const ALERT_FIELDS: readonly (keyof AlertRule)[] = [
  'name',
  'type',
  'when',
  'severity',
  'key',
  'fingerprint',
  'threshold',
  'thresholdWindowMillis',
  'groupWaitMillis',
  'updateIntervalMillis',
  'repeatIntervalMillis',
  'resolveAfterMillis',
  'resolveWhen',
  'minOpenMillis',
  'summary',
  'component',
  'group',
  'class',
];
const TYPES = ['alert', 'change'] as const;

/** The times of so many records are kept for each key that is counted. */
export const MAX_THRESHOLD: number = 1000;

export const MINUTE: number = 60_000;

type Limits = Readonly<
  Record<
    | 'threshold'
    | 'thresholdWindowMillis'
    | 'groupWaitMillis'
    | 'updateIntervalMillis'
    | 'repeatIntervalMillis'
    | 'resolveAfterMillis'
    | 'minOpenMillis',
    number
  >
>;

export const DEFAULTS: Limits = {
  threshold: 1,
  thresholdWindowMillis: MINUTE,
  groupWaitMillis: 0,
  updateIntervalMillis: 5 * MINUTE,
  repeatIntervalMillis: 240 * MINUTE,
  resolveAfterMillis: Infinity,
  minOpenMillis: 5 * MINUTE,
};

const SCOPE: FieldChoice = [{ field: 'scope', key: '' }];
const SERVICE: FieldChoice = [{ field: 'resource', key: 'service.name' }];

/**
 * @param field how the rule is named in messages, such as `rules[0]`
 * @throws TypeError or RangeError naming the option that is wrong.
 */
export function resolveRule(field: string, rule: PagerDutyRule): ResolvedRule {
  if (typeof rule !== 'object' || rule === null) throw new TypeError(optionMessage(field, 'an object', rule));
  checkFields(`${field}.`, rule, ALERT_FIELDS);
  const name = checkKeyName(`${field}.name`, rule.name);
  if (name === OVERFLOW_POLICY.name) {
    const other = 'another name: it is that of the incident for what is beyond the limits';
    throw new RangeError(optionMessage(`${field}.name`, other, name));
  }
  checkOneOf(`${field}.type`, rule.type ?? 'alert', TYPES);
  checkFunction(`${field}.summary`, rule.summary);
  const when = resolveWhen(`${field}.when`, rule.when);
  return rule.type === 'change' ? resolveChange(field, rule, when) : resolveAlert(field, rule, when);
}

/** A rule without a condition would page for everything, which nobody wants without saying so. */
function resolveWhen(field: string, when: PagerDutyRule['when'] | undefined): ResolvedCondition[] {
  if (when === undefined) throw new TypeError(optionMessage(field, 'a condition, or a list of them', when));
  return resolveConditions(field, when);
}

function resolveChange(field: string, rule: ChangeRule, when: readonly ResolvedCondition[]): ResolvedChangeRule {
  for (const [option, value] of Object.entries(rule)) {
    if (value === undefined || (CHANGE_FIELDS as readonly string[]).includes(option)) continue;
    throw new TypeError(optionMessage(`${field}.${option}`, 'left out of a change', value));
  }
  return { type: 'change', name: rule.name, when, summary: rule.summary };
}

function resolveAlert(field: string, rule: AlertRule, when: readonly ResolvedCondition[]): ResolvedAlertRule {
  const { severity, fingerprint, resolveWhen: recovered, summary } = rule;
  return {
    type: 'alert',
    name: rule.name,
    when,
    severity: resolveSeverity(`${field}.severity`, severity),
    key: rule.key === undefined ? DEFAULT_KEY : resolveKey(`${field}.key`, rule.key),
    fingerprint: resolveFingerprint(`${field}.fingerprint`, fingerprint),
    ...resolveLimits(field, { ...DEFAULTS, ...givenLimits(rule) }),
    resolveWhen: recovered === undefined ? recovered : resolveConditions(`${field}.resolveWhen`, recovered),
    summary,
    component: resolveChoice(`${field}.component`, rule.component, SCOPE),
    group: resolveChoice(`${field}.group`, rule.group, SERVICE),
    class: resolveChoice(`${field}.class`, rule.class, KIND),
  };
}

function givenLimits(rule: AlertRule): Partial<Limits> {
  const names = Object.keys(DEFAULTS) as (keyof Limits)[];
  return Object.fromEntries(names.flatMap((name) => (rule[name] === undefined ? [] : [[name, rule[name]]])));
}

function resolveLimits(field: string, limits: Limits): Limits {
  const millis = (name: keyof Limits, min: number): number => checkTimerMillis(`${field}.${name}`, limits[name], min);
  return {
    threshold: checkInteger(`${field}.threshold`, limits.threshold, { min: 1, max: MAX_THRESHOLD }),
    thresholdWindowMillis: millis('thresholdWindowMillis', 1),
    groupWaitMillis: millis('groupWaitMillis', 0),
    updateIntervalMillis: millis('updateIntervalMillis', 1000),
    repeatIntervalMillis: millis('repeatIntervalMillis', MINUTE),
    resolveAfterMillis: checkNumber(`${field}.resolveAfterMillis`, limits.resolveAfterMillis, {
      min: 1000,
      max: Infinity,
    }),
    minOpenMillis: millis('minOpenMillis', 0),
  };
}

function resolveChoice(field: string, value: RecordField | undefined, fallback: FieldChoice): FieldChoice {
  return value === undefined ? fallback : [resolveRecordField(field, value)];
}
