import { effectiveSeverity, type DropReason, meetsAny, ownText, type ThrottledDiag } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { ChangeQueue } from './changes/change-queue.ts';
import type { PagerDutySeverity } from './events/pagerduty-event.ts';
import { readField } from './events/read-field.ts';
import { alertSummary, changeSummary } from './events/record-summary.ts';
import { machineName, sourceOf } from './events/record-text.ts';
import type { Incident } from './incidents/incident.ts';
import type { IncidentBook } from './incidents/incident-book.ts';
import type { IncidentHeadline } from './incidents/incident-headline.ts';
import { takeSample } from './incidents/take-sample.ts';
import { dedupKey } from './key/dedup-key.ts';
import { readChoice } from './key/read-choice.ts';
import { KeyReader } from './key/key-reader.ts';
import { ResourcePlaces } from './resource-places.ts';
import { incidentSeverity } from './rules/incident-severity.ts';
import { matches } from './rules/matches.ts';
import { OVERFLOW_POLICY } from './rules/overflow-policy.ts';
import type { FieldChoice, ResolvedAlertRule, ResolvedChangeRule, ResolvedRule } from './rules/resolved-rule.ts';
import type { PageAccount } from './sending/page-account.ts';

/** Scopes of our own components: what they log about paging must not page. */
const OWN_SCOPE = '@spillway/';

export interface RecordAdmissionOptions {
  readonly rules: readonly ResolvedRule[];
  readonly keyPrefix: string;
  readonly book: IncidentBook;
  readonly changes: ChangeQueue;
  readonly account: PageAccount;
  readonly diag: ThrottledDiag;
  /** Tells this process and its successors from other replicas. */
  readonly instanceId: () => string;
  /** A page is due: it is to be saved, and sent. */
  readonly onPage: () => void;
  /** A change is due: it is to be sent. */
  readonly onChange: () => void;
  /** Something may be due later because of a record. */
  readonly onUpdate: () => void;
  /** An incident has one record more, of which nothing is due: it is to be saved some time. */
  readonly onCount: () => void;
}

/** What became of the records that met a rule. */
export interface AdmissionStats {
  /** Records that belonged to an incident, or were counted beyond the limits. */
  readonly matched: number;
  /** Those that had nothing by which incidents could be told apart, but their rule and service. */
  readonly withoutKey: number;
  /** Rules that could not be evaluated for a record, because a function or the record threw. */
  readonly errors: number;
}

/** Decides what a record means: a new incident, one more record of an open one, a change, or nothing. Never throws. */
export class RecordAdmission {
  readonly #options: RecordAdmissionOptions;
  readonly #keys: KeyReader = new KeyReader();
  readonly #machine: string = machineName();
  readonly #places: ResourcePlaces = new ResourcePlaces();
  #matched = 0;
  #withoutKey = 0;
  #errors = 0;

  constructor(options: RecordAdmissionOptions) {
    this.#options = options;
  }

  stats(): AdmissionStats {
    return { matched: this.#matched, withoutKey: this.#withoutKey, errors: this.#errors };
  }

  /** Answers why the record is left out; undefined where it was evaluated. */
  evaluate(record: ReadableLogRecord, nowMillis: number): DropReason | undefined {
    const { rules } = this.#options;
    if (isOwn(record)) return 'suppressed';
    // One whose severity cannot be read has none.
    const severityNumber = readField(record, 'severityNumber');
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index] as ResolvedRule;
      try {
        if (matches(rule, record, severityNumber)) this.#admit(rule, record, severityNumber, nowMillis);
        else if (resolves(rule, record, severityNumber)) this.#resolve(rule, record, nowMillis);
      } catch (error) {
        this.#onError(rule.name, error);
      }
    }
    return undefined;
  }

  #admit(rule: ResolvedRule, record: ReadableLogRecord, severityNumber: unknown, nowMillis: number): void {
    this.#matched += 1;
    if (rule.type === 'change') this.#addChange(rule, record, nowMillis);
    else this.#addAlert(rule, record, incidentSeverity(rule, severityNumber), nowMillis);
  }

  #addAlert(rule: ResolvedAlertRule, record: ReadableLogRecord, severity: PagerDutySeverity, nowMillis: number): void {
    const { book } = this.#options;
    const key = this.#keys.read(rule, record);
    if (key.isFallback) this.#withoutKey += 1;
    const incident = book.find(key.text, nowMillis);
    if (incident !== undefined) this.#onAdded(this.#addTo(incident, rule, record, severity, nowMillis));
    else if (book.isDue(rule, key.text, nowMillis)) this.#begin(rule, key.text, record, severity, nowMillis);
  }

  /** @param isDueLater whether something may be due later because of a record */
  #onAdded(isDueLater: boolean): void {
    const { onUpdate, onCount } = this.#options;
    if (isDueLater) onUpdate();
    else onCount();
  }

  #begin(
    rule: ResolvedAlertRule,
    keyText: string,
    record: ReadableLogRecord,
    severity: PagerDutySeverity,
    nowMillis: number,
  ): void {
    const { book, account, onPage } = this.#options;
    const hasPlace = book.hasPlace({ severity }, nowMillis);
    const policy = hasPlace ? rule : OVERFLOW_POLICY;
    const text = hasPlace ? ownText(keyText) : this.#overflowKey(record);
    // One for all services: each of them pages, and there may be any number.
    const known = hasPlace ? undefined : book.tally;
    const incident =
      known ??
      book.begin(
        {
          policy,
          keyText: text,
          dedupKey: this.#dedupKey(policy.name, text, hasPlace && resolvesItself(rule)),
          severity,
          headline: hasPlace ? this.#headline(rule, record) : this.#overflowHeadline(record),
        },
        !hasPlace,
        nowMillis,
      );
    const isDueLater = this.#addTo(incident, rule, record, severity, nowMillis);
    if (known === undefined) {
      account.pages.create();
      onPage();
    } else this.#onAdded(isDueLater);
  }

  /** Answers whether something may be due later because of the record. */
  #addTo(
    incident: Incident,
    rule: ResolvedAlertRule,
    record: ReadableLogRecord,
    severity: PagerDutySeverity,
    nowMillis: number,
  ): boolean {
    const { evidence } = incident;
    if (evidence.wantsSample) evidence.addSample(takeSample(record));
    const { service, instance } = this.#places.of(record);
    evidence.addPlace(service, instance);
    return incident.add(severity, rule.name, nowMillis);
  }

  #addChange(rule: ResolvedChangeRule, record: ReadableLogRecord, nowMillis: number): void {
    const { changes, account, onChange } = this.#options;
    const summary = changeSummary(record, rule.summary, (error) => this.#onError(rule.name, error));
    if (!changes.isNews(`${rule.name}\n${summary}`, nowMillis)) return;
    const source = sourceOf(record, this.#machine);
    account.changes.create();
    const { service } = this.#places.of(record);
    const report = { rule: rule.name, summary, source, service, sample: takeSample(record) };
    if (changes.tryAdd(report, nowMillis)) onChange();
    else account.drop(account.changes, { count: 1, reason: 'queue_full' });
  }

  /** A record says that what it is about is over. */
  #resolve(rule: ResolvedAlertRule, record: ReadableLogRecord, nowMillis: number): void {
    const { book, onUpdate } = this.#options;
    const prefix = this.#keys.prefix(rule, record);
    let hasResolved = false;
    for (const incident of book.all()) {
      // What follows the prefix is the fingerprint, or another field of a key that only begins alike.
      if (incident.policy !== rule || !incident.keyText.startsWith(`${prefix}|`)) continue;
      incident.resolvedMillis = nowMillis;
      hasResolved = true;
    }
    if (hasResolved) onUpdate();
  }

  #headline(rule: ResolvedAlertRule, record: ReadableLogRecord): IncidentHeadline {
    return {
      summary: alertSummary(record, rule.summary, (error) => this.#onError(rule.name, error)),
      source: sourceOf(record, this.#machine),
      component: ownChoice(rule.component, record),
      group: ownChoice(rule.group, record),
      class: ownChoice(rule.class, record),
    };
  }

  #overflowHeadline(record: ReadableLogRecord): IncidentHeadline {
    const { service = 'a service' } = this.#places.of(record);
    const summary = `More incidents than the limits allow: records of ${service} that are told of by their rules only`;
    return { summary, source: sourceOf(record, this.#machine), group: service };
  }

  #overflowKey(record: ReadableLogRecord): string {
    return `${OVERFLOW_POLICY.name}\n${this.#places.of(record).service ?? ''}`;
  }

  /** One quiet replica would resolve what another one still has, so that incidents that resolve themselves are each one's own. */
  #dedupKey(rule: string, keyText: string, isOfProcess: boolean): string {
    const { keyPrefix: prefix, instanceId } = this.#options;
    return dedupKey({ prefix, rule, keyText, ...(isOfProcess && { instanceId: instanceId() }) });
  }

  #onError(rule: string, error: unknown): void {
    this.#errors += 1;
    this.#options.diag.error(rule, `A record could not be evaluated by the rule \`${rule}\``, error);
  }
}

/** A copy: a part of a long text would keep all of it in memory, for as long as the incident is open. */
function ownChoice(choice: FieldChoice, record: ReadableLogRecord): string | undefined {
  const text = readChoice(choice, record);
  return text === undefined ? undefined : ownText(text);
}

function isOwn(record: ReadableLogRecord): boolean {
  const name = readField(readField(record, 'instrumentationScope'), 'name');
  return typeof name === 'string' && name.startsWith(OWN_SCOPE);
}

function resolves(rule: ResolvedRule, record: ReadableLogRecord, severityNumber: unknown): rule is ResolvedAlertRule {
  if (rule.type !== 'alert' || rule.resolveWhen === undefined) return false;
  return meetsAny(rule.resolveWhen, record, effectiveSeverity(severityNumber));
}

/** Whether incidents of a rule end without anybody's doing. */
function resolvesItself({ resolveAfterMillis, resolveWhen }: ResolvedAlertRule): boolean {
  return resolveAfterMillis < Infinity || resolveWhen !== undefined;
}
