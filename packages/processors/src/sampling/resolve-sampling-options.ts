import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  checkBoolean,
  checkFields,
  checkFunction,
  checkMinSeverity,
  checkNumber,
  checkOptions,
  optionMessage,
  SEVERITY_NAMES,
  type SeverityName,
} from '@spillway/core';

import { checkMeterProvider, checkProcessor } from '../common-options.ts';
import { PressureLevel } from './pressure-level.ts';
import { RuleTable } from './rule-table.ts';
import type { SamplingLogRecordProcessorOptions } from './sampling-options.ts';
import { MAX_LEVEL } from './sampling-rate.ts';
import {
  type ResolvedSamplingRule,
  resolveRate,
  resolveRule,
  rulesOfSeverities,
  type SamplingRule,
} from './sampling-rule.ts';

/** Options as the processor works with them. */
export interface ResolvedSamplingOptions {
  readonly delegate: LogRecordProcessor;
  readonly rules: RuleTable;
  readonly usePriority: boolean;
  readonly pressure: (() => number) | undefined;
  readonly pressureLevel: PressureLevel;
  /** By severity range, how often its ratio may be halved. */
  readonly maxLevels: readonly number[];
  readonly random: (() => number) | undefined;
  readonly selfObsMeterProvider: MeterProvider | undefined;
}

const PRESSURE_OPTIONS = ['pressureLowMark', 'pressureHighMark', 'pressureMinRatios'] as const;
const OPTIONS: readonly (keyof SamplingLogRecordProcessorOptions)[] = [
  'delegate',
  'ratio',
  'every',
  'rules',
  'severityRatios',
  'keepMinSeverity',
  'usePriority',
  'pressure',
  ...PRESSURE_OPTIONS,
  'random',
  'selfObsMeterProvider',
];
const ERROR_SEVERITY = 17;
const MIN_RATIOS: Readonly<Record<SeverityName, number>> = {
  TRACE: 2 ** -MAX_LEVEL,
  DEBUG: 2 ** -MAX_LEVEL,
  INFO: 2 ** -6,
  WARN: 2 ** -3,
  ERROR: 1,
  FATAL: 1,
};

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveSamplingOptions(options: SamplingLogRecordProcessorOptions): ResolvedSamplingOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { delegate, pressure, random, selfObsMeterProvider } = options;
  checkProcessor('delegate', delegate);
  checkFunction('pressure', pressure);
  checkFunction('random', random);
  checkMeterProvider(selfObsMeterProvider);
  checkPressureOptions(options);
  const maxLevels = resolveMaxLevels(options.pressureMinRatios ?? {});
  const highMark = checkNumber('pressureHighMark', options.pressureHighMark ?? 0.9, { max: 1 });
  const lowMark = checkNumber('pressureLowMark', options.pressureLowMark ?? 0.5, { max: highMark });
  if (lowMark === highMark) {
    throw new RangeError(optionMessage('pressureLowMark', 'less than `pressureHighMark`', lowMark));
  }
  return {
    delegate,
    rules: resolveRules(options),
    usePriority: checkBoolean('usePriority', options.usePriority ?? true),
    pressure,
    pressureLevel: new PressureLevel({ lowMark, highMark, maxLevel: Math.max(...maxLevels) }),
    maxLevels,
    random,
    selfObsMeterProvider,
  };
}

function resolveRules(options: SamplingLogRecordProcessorOptions): RuleTable {
  const { ratio, every, rules = [], severityRatios = {} } = options;
  if (ratio !== undefined && every !== undefined) {
    throw new TypeError(optionMessage('every', 'absent where `ratio` is given', every));
  }
  if (!Array.isArray(rules)) throw new TypeError(optionMessage('rules', 'an array', rules));
  checkTable('severityRatios', severityRatios);
  const keepMinSeverity = checkMinSeverity('keepMinSeverity', options.keepMinSeverity ?? ERROR_SEVERITY);
  const resolved = [
    ...Array.from(rules, (rule: SamplingRule, index) => resolveRule(`rules[${index}]`, rule)),
    ...rulesOfSeverities(severityRatios),
  ];
  for (const { field, minSeverity } of resolved) {
    if (minSeverity >= keepMinSeverity) {
      const rule = `for severities below \`keepMinSeverity\` (${keepMinSeverity}), which are kept before any rule is asked`;
      throw new RangeError(optionMessage(field, rule, minSeverity));
    }
  }
  return new RuleTable([...resolved, defaultRule(ratio, every)], keepMinSeverity);
}

function defaultRule(ratio: number | undefined, every: number | undefined): ResolvedSamplingRule {
  return {
    field: 'ratio',
    minSeverity: 0,
    maxSeverity: Infinity,
    matchesScope: undefined,
    eventName: undefined,
    predicate: undefined,
    predicateOption: '',
    isUnconditional: true,
    rate: resolveRate('', { ...(ratio !== undefined && { ratio }), ...(every !== undefined && { every }) }),
  };
}

/** A table by severity names. */
function checkTable(field: string, table: object): void {
  if (typeof table !== 'object' || table === null || Array.isArray(table)) {
    throw new TypeError(optionMessage(field, 'an object', table));
  }
  checkFields(`${field}.`, table, SEVERITY_NAMES);
}

/** What says how pressure counts means nothing where there is none. */
function checkPressureOptions(options: SamplingLogRecordProcessorOptions): void {
  if (options.pressure !== undefined) return;
  for (const field of PRESSURE_OPTIONS) {
    const value = options[field];
    if (value !== undefined) throw new TypeError(optionMessage(field, 'left out where there is no `pressure`', value));
  }
}

function resolveMaxLevels(ratios: Readonly<Partial<Record<SeverityName, number>>>): number[] {
  checkTable('pressureMinRatios', ratios);
  return SEVERITY_NAMES.map((name) => {
    const range = { min: 2 ** -MAX_LEVEL, max: 1 };
    const ratio = checkNumber(`pressureMinRatios.${name}`, ratios[name] ?? MIN_RATIOS[name], range);
    return Math.floor(-Math.log2(ratio));
  });
}
