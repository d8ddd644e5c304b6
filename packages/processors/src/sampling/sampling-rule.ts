import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  checkFields,
  checkInteger,
  checkNumber,
  lowestSeverity,
  optionMessage,
  type ResolvedRecordFilter,
  resolveRecordFilter,
  type SeverityName,
} from '@spillway/core';

import { SamplingRate } from './sampling-rate.ts';

/** Which records a ratio is for: those that meet every condition that is given. */
export interface SamplingRule {
  /** Lowest severity number, 1 to 24. Records without a severity count as INFO (9). @defaultValue 1 */
  readonly minSeverity?: number;
  /** Highest severity number, `minSeverity` to 24. @defaultValue 24 */
  readonly maxSeverity?: number;
  /** Name of the instrumentation scope; `*` stands for any characters. @defaultValue any scope */
  readonly scope?: string;
  /** Event name, as it is. @defaultValue any record, with an event name or without */
  readonly eventName?: string;
  /**
   * A condition of your own: the rule is for records that it answers true for. Asked while the application waits, so it
   * must be fast. Where it throws, the record is kept.
   * @defaultValue none
   */
  readonly predicate?: (record: ReadWriteLogRecord) => boolean;
  /** Part of these records that is kept, 0 to 1. Give this or `every`. */
  readonly ratio?: number;
  /** Keeps the first and then exactly one of so many of these records, 1 and up; writes no threshold. Give this or `ratio`. */
  readonly every?: number;
}

/** A rule with everything filled in. */
export interface ResolvedSamplingRule extends Omit<
  ResolvedRecordFilter<(record: ReadWriteLogRecord) => boolean>,
  'scope'
> {
  /** How it is named in messages. */
  readonly field: string;
  readonly matchesScope: ((name: string) => boolean) | undefined;
  /** How the predicate is named in messages. */
  readonly predicateOption: string;
  /** Whether the severity alone decides. */
  readonly isUnconditional: boolean;
  readonly rate: SamplingRate;
}

const RULE_FIELDS: readonly (keyof SamplingRule)[] = [
  'minSeverity',
  'maxSeverity',
  'scope',
  'eventName',
  'predicate',
  'ratio',
  'every',
];
const NUMBERS_PER_NAME = 4;

/** @param field how the rule is named in messages, such as `rules[0]` */
export function resolveRule(field: string, rule: SamplingRule): ResolvedSamplingRule {
  if (typeof rule !== 'object' || rule === null) throw new TypeError(optionMessage(field, 'an object', rule));
  checkFields(`${field}.`, rule, RULE_FIELDS);
  const { minSeverity, maxSeverity, scope, eventName, predicate } = resolveRecordFilter(field, rule);
  if ((rule.ratio === undefined) === (rule.every === undefined)) {
    throw new TypeError(optionMessage(field, 'a rule with either `ratio` or `every`', rule));
  }
  return {
    field,
    minSeverity,
    maxSeverity,
    matchesScope: scope === undefined ? undefined : scopeMatcher(scope),
    eventName,
    predicate,
    predicateOption: `${field}.predicate`,
    isUnconditional: scope === undefined && eventName === undefined && predicate === undefined,
    rate: resolveRate(`${field}.`, rule),
  };
}

/** The rate that `ratio` and `every` stand for; everything where neither is given. */
export function resolveRate(prefix: string, { ratio, every }: Pick<SamplingRule, 'ratio' | 'every'>): SamplingRate {
  return new SamplingRate(
    checkNumber(`${prefix}ratio`, ratio ?? 1, { max: 1 }),
    checkInteger(`${prefix}every`, every ?? 1, { min: 1 }),
  );
}

/** One rule for each severity that is named. */
export function rulesOfSeverities(ratios: Readonly<Partial<Record<SeverityName, number>>>): ResolvedSamplingRule[] {
  const given = Object.entries(ratios).filter(([, ratio]) => ratio !== undefined);
  return given.map(([key, ratio]) => {
    const field = `severityRatios.${key}`;
    const minSeverity = lowestSeverity(key as SeverityName);
    checkNumber(field, ratio, { max: 1 });
    return resolveRule(field, { minSeverity, maxSeverity: minSeverity + NUMBERS_PER_NAME - 1, ratio });
  });
}

function scopeMatcher(pattern: string): (name: string) => boolean {
  if (!pattern.includes('*')) return (name) => name === pattern;
  const expression = new RegExp(`^${pattern.split('*').map(escape).join('.*')}$`, 's');
  return (name) => expression.test(name);
}

/** `RegExp.escape` is not in Node 22. */
function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
