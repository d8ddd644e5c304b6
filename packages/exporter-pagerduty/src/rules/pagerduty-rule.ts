import type { RecordCondition, RecordField, SeverityName } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { PagerDutySeverity } from '../events/pagerduty-event.ts';

/** A part of a record that can tell incidents apart, or be shown. */
export type { RecordField } from '@spillway/core';

/** Which records of a rule are one incident, by their text. */
export type FingerprintOrigin = 'auto' | 'none' | `attributes.${string}`;

/** Records that page. */
export interface AlertRule {
  /** Letters, digits, `_`, `-` and `.`, 1 to 64 of them; part of the incident's key, so that a new name is a new incident. */
  readonly name: string;
  /** @defaultValue 'alert' */
  readonly type?: 'alert';
  /** Which records it is about: those that meet the condition, of a list any of them. A record without a severity never pages. */
  readonly when: RecordCondition | readonly RecordCondition[];
  /**
   * PagerDuty's severity of its incidents: one for all, or by the severity of the record, such as `{ ERROR: 'warning' }`. An
   * incident has the worst of its records'.
   * @defaultValue FATAL critical, ERROR error, WARN warning, else info; also for what a table leaves out
   */
  readonly severity?: PagerDutySeverity | Readonly<Partial<Record<SeverityName, PagerDutySeverity>>>;
  /**
   * What makes records one incident, besides rule and fingerprint. Never put in what differs from record to record.
   * @defaultValue `resource.service.namespace`, `resource.service.name`, `resource.deployment.environment.name`, and the event
   * name, or the type of the exception
   */
  readonly key?: readonly RecordField[];
  /**
   * - `auto`: the type and the top frames of the exception, or else the body with numbers, ids and quoted texts masked
   * - `none`: the key alone
   * - `attributes.<key>`: that attribute as it is; of records that lack it as `auto`
   * @defaultValue 'auto'
   */
  readonly fingerprint?: FingerprintOrigin;
  /** Records within `thresholdWindowMillis` that it takes to page, 1 to 1000. @defaultValue 1 */
  readonly threshold?: number;
  /** In milliseconds, 1 and up. @defaultValue 60000 */
  readonly thresholdWindowMillis?: number;
  /**
   * How long a page that is due waits for more records, so that it tells how many there are, in milliseconds, 0 and up. With 0
   * it leaves within the export.
   * @defaultValue 0: whoever is woken wants to be woken at once
   */
  readonly groupWaitMillis?: number;
  /** Shortest time between two updates of an open incident, in milliseconds, 1000 and up. @defaultValue 300000 (5 minutes) */
  readonly updateIntervalMillis?: number;
  /**
   * After this time without a record an incident is forgotten: the next record triggers it again, which pages where it was
   * resolved meanwhile. In milliseconds, 60000 and up.
   * @defaultValue 14400000 (4 hours), as Alertmanager repeats
   */
  readonly repeatIntervalMillis?: number;
  /**
   * Resolves the incident when no record has come for so long, in milliseconds, 1000 and up.
   * @defaultValue Infinity: whoever was woken resolves it, because a quiet process may be a dead one
   */
  readonly resolveAfterMillis?: number;
  /** Records that resolve the incidents of this rule with the same key, whatever their fingerprint. @defaultValue none */
  readonly resolveWhen?: RecordCondition | readonly RecordCondition[];
  /** An incident stays open for at least so long, in milliseconds, 0 and up. @defaultValue 300000 (5 minutes) */
  readonly minOpenMillis?: number;
  /** Makes the headline. Where it throws or gives no text, the default is used. @defaultValue severity, service and the first line of the body */
  readonly summary?: (record: ReadableLogRecord) => string;
  /** Part of the system that is broken. @defaultValue `scope` */
  readonly component?: RecordField;
  /** Cluster of sources. @defaultValue `resource.service.name` */
  readonly group?: RecordField;
  /** Kind of the problem. @defaultValue the event name, or the type of the exception */
  readonly class?: RecordField;
}

/** Records that are changes, such as deployments: PagerDuty shows them beside incidents, and wakes nobody. */
export interface ChangeRule {
  readonly name: string;
  readonly type: 'change';
  readonly when: RecordCondition | readonly RecordCondition[];
  /** Makes the headline. @defaultValue service, event name and the first line of the body */
  readonly summary?: (record: ReadableLogRecord) => string;
}

export type PagerDutyRule = AlertRule | ChangeRule;
