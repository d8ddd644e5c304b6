import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  checkBoolean,
  checkFunction,
  checkMethods,
  checkNumber,
  checkOneOf,
  checkOptions,
  optionMessage,
  SEVERITY_NAMES,
  type SeverityName,
} from '@spillway/core';

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
import { guarded } from './user-callback.ts';

/** Options as the processor works with them. */
export interface ResolvedSamplingOptions {
  readonly delegate: LogRecordProcessor;
  readonly rules: RuleTable;
  readonly usePriority: boolean;
  readonly pressure: (() => number) | undefined;
  readonly pressureLevel: PressureLevel;
  /** By severity range, how often its ratio may be halved. */
  readonly maxLevels: readonly number[];
  readonly random: () => number;
  readonly selfObsMeterProvider: MeterProvider | undefined;
}

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
  const { delegate, pressure, random, selfObsMeterProvider } = options;
  checkMethods('delegate', delegate, ['onEmit', 'forceFlush', 'shutdown']);
  checkFunction('pressure', pressure);
  checkFunction('random', random);
  if (selfObsMeterProvider !== undefined) checkMethods('selfObsMeterProvider', selfObsMeterProvider, ['getMeter']);
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
    pressure: pressure && guarded('pressure', pressure),
    pressureLevel: new PressureLevel({ lowMark, highMark, maxLevel: Math.max(...maxLevels) }),
    maxLevels,
    random: guarded('random', checkedRandom(random ?? (() => Math.random()))),
    selfObsMeterProvider,
  };
}

function resolveRules(options: SamplingLogRecordProcessorOptions): RuleTable {
  const { ratio, every, rules = [], severityRatios = {} } = options;
  if (ratio !== undefined && every !== undefined) {
    throw new TypeError(optionMessage('every', 'absent where `ratio` is given', every));
  }
  if (!Array.isArray(rules)) throw new TypeError(optionMessage('rules', 'an array', rules));
  if (typeof severityRatios !== 'object' || severityRatios === null) {
    throw new TypeError(optionMessage('severityRatios', 'an object', severityRatios));
  }
  const keepMinSeverity = checkNumber('keepMinSeverity', options.keepMinSeverity ?? ERROR_SEVERITY, {
    min: 1,
    max: Infinity,
  });
  const resolved = [
    ...rules.map((rule: SamplingRule, index) => resolveRule(`rules[${index}]`, rule)),
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
    isUnconditional: true,
    rate: resolveRate('', { ...(ratio !== undefined && { ratio }), ...(every !== undefined && { every }) }),
  };
}

function resolveMaxLevels(ratios: Readonly<Partial<Record<SeverityName, number>>>): number[] {
  if (typeof ratios !== 'object' || ratios === null) {
    throw new TypeError(optionMessage('pressureMinRatios', 'an object', ratios));
  }
  for (const key of Object.keys(ratios)) checkOneOf('key of pressureMinRatios', key, SEVERITY_NAMES);
  return SEVERITY_NAMES.map((name) => {
    const range = { min: 2 ** -MAX_LEVEL, max: 1 };
    const ratio = checkNumber(`pressureMinRatios.${name}`, ratios[name] ?? MIN_RATIOS[name], range);
    return Math.floor(-Math.log2(ratio));
  });
}

/** What is not a number from 0 to 1 would drop all records, or keep them all, with a digit that is none. */
function checkedRandom(random: () => number): () => number {
  return () => {
    const drawn: unknown = random();
    if (typeof drawn === 'number' && drawn >= 0 && drawn < 1) return drawn;
    throw new RangeError(optionMessage('random()', 'a number from 0 to below 1', drawn));
  };
}
