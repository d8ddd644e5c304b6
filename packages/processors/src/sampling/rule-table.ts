import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

import type { ResolvedSamplingRule } from './sampling-rule.ts';
import type { SamplingRate } from './sampling-rate.ts';

const MAX_SEVERITY = 24;

/** What is known of a record before it is made. */
export interface RecordOutline {
  readonly scopeName: string;
  /** Undefined where it is not known. */
  readonly eventName: string | undefined;
}

/** Asks the predicate of a rule about a record; undefined where it gives no answer. */
export type AskPredicate = (rule: ResolvedSamplingRule, record: ReadWriteLogRecord) => boolean | undefined;

/** Finds the rate of a record: that of the first rule that matches. Records of a severity without rules are all kept. */
export class RuleTable {
  /** The rules that can match a severity, by its number. */
  readonly #bySeverity: readonly (readonly ResolvedSamplingRule[])[];

  /** @param keepMinSeverity records of this severity number and above are kept, whatever the rules say */
  constructor(rules: readonly ResolvedSamplingRule[], keepMinSeverity: number) {
    this.#bySeverity = Array.from({ length: MAX_SEVERITY + 1 }, (_, severity) =>
      severity >= keepMinSeverity
        ? []
        : rules.filter(({ minSeverity, maxSeverity }) => minSeverity <= severity && severity <= maxSeverity),
    );
  }

  /** The rate for a record; undefined keeps it. Throws what the getters of the record throw. */
  rateFor(severity: number, record: ReadWriteLogRecord, ask: AskPredicate): SamplingRate | undefined {
    const rules = this.#bySeverity[severity] as readonly ResolvedSamplingRule[];
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index] as ResolvedSamplingRule;
      if (rule.isUnconditional) return rule.rate;
      if (!matches(rule, record)) continue;
      const answer = rule.predicate === undefined || ask(rule, record);
      if (answer === undefined) return undefined;
      if (answer) return rule.rate;
    }
    return undefined;
  }

  /** Whether some record of this outline can be kept. */
  canKeep(severity: number, outline: RecordOutline): boolean {
    for (const rule of this.#bySeverity[severity] ?? []) {
      if (rule.matchesScope?.(outline.scopeName) === false) continue;
      if (rule.eventName !== undefined && outline.eventName !== undefined && rule.eventName !== outline.eventName)
        continue;
      if (!rule.rate.isNever) return true;
      const isCertain =
        rule.predicate === undefined && (rule.eventName === undefined || outline.eventName !== undefined);
      if (isCertain) return false;
    }
    return true;
  }
}

/** Whether all conditions are met but for the predicate. */
function matches(rule: ResolvedSamplingRule, record: ReadWriteLogRecord): boolean {
  if (rule.eventName !== undefined && record.eventName !== rule.eventName) return false;
  return rule.matchesScope === undefined || rule.matchesScope(record.instrumentationScope.name);
}
