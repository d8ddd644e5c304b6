import type { FieldSource, ResolvedCondition, SeverityName } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { PagerDutySeverity } from '../events/pagerduty-event.ts';
import type { IncidentPolicy } from '../incidents/incident-policy.ts';

/** Fields of which the first that has a text counts. */
export type FieldChoice = readonly FieldSource[];

/** Where a fingerprint is read: a choice is one attribute. */
export type ResolvedFingerprint = 'auto' | 'none' | FieldChoice;

type SummaryFunction = (record: ReadableLogRecord) => string;

/** An alert rule with everything filled in. */
export interface ResolvedAlertRule extends IncidentPolicy {
  readonly type: 'alert';
  readonly when: readonly ResolvedCondition[];
  /** What a table leaves out is as the severity number of the record says it. */
  readonly severity: PagerDutySeverity | Readonly<Partial<Record<SeverityName, PagerDutySeverity>>> | undefined;
  readonly key: readonly FieldChoice[];
  readonly fingerprint: ResolvedFingerprint;
  /** Undefined where no record resolves. */
  readonly resolveWhen: readonly ResolvedCondition[] | undefined;
  readonly summary: SummaryFunction | undefined;
  readonly component: FieldChoice;
  readonly group: FieldChoice;
  readonly class: FieldChoice;
}

/** A change rule with everything filled in. */
export interface ResolvedChangeRule {
  readonly type: 'change';
  readonly name: string;
  readonly when: readonly ResolvedCondition[];
  readonly summary: SummaryFunction | undefined;
}

export type ResolvedRule = ResolvedAlertRule | ResolvedChangeRule;
