import { type Deadline, type Drop, type DropReason, type ThrottledDiag, workUntilDeadline } from '@spillway/core';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { ChangeQueue } from './changes/change-queue.ts';
import { EventMaker } from './events/event-maker.ts';
import { IncidentBook } from './incidents/incident-book.ts';
import type { IncidentRoute } from './incidents/incident.ts';
import type { IncidentPolicy } from './incidents/incident-policy.ts';
import type { ResolvedPagerDutyOptions } from './pagerduty-exporter-options.ts';
import { type AdmissionStats, RecordAdmission } from './record-admission.ts';
import { OVERFLOW_POLICY } from './rules/overflow-policy.ts';
import { EventSender } from './sending/event-sender.ts';
import { PageAccount, type PageStats } from './sending/page-account.ts';
import { PageRoute } from './sending/page-route.ts';
import { IncidentKeeper } from './store/incident-keeper.ts';
import type { StoredIncident, StoredState } from './store/incident-store.ts';
import { routeNow, type RoutingKeyHashes } from './store/routing-key-hashes.ts';

/** How many calls may be made at once after a quiet minute. */
const MAX_BURST = 10;

/** Puts the parts together: records become incidents, incidents are saved, and events of them are sent. Never throws after construction. */
export class IncidentDesk {
  readonly #options: ResolvedPagerDutyOptions;
  readonly #book: IncidentBook;
  readonly #changes: ChangeQueue = new ChangeQueue();
  readonly #account: PageAccount;
  readonly #admission: RecordAdmission;
  readonly #sender: EventSender;
  readonly #keeper: IncidentKeeper;
  #instanceId: string = crypto.randomUUID();
  /** Milliseconds since the epoch by a clock that never goes back. */
  readonly now: () => number;

  constructor(options: ResolvedPagerDutyOptions, diag: ThrottledDiag, onPageDrop: ((drop: Drop) => void) | undefined) {
    const startMillis = Date.now() - performance.now();
    this.now = (): number => startMillis + performance.now();
    this.#options = options;
    this.#book = new IncidentBook(options.limits);
    this.#account = new PageAccount(diag, onPageDrop);
    this.#keeper = new IncidentKeeper({
      store: options.store,
      state: () => this.#state(),
      adopt: (state) => this.#adopt(state),
      diag,
    });
    const { context, redact, fetch, attemptTimeoutMillis: timeoutMillis, random, rules, keyPrefix } = options;
    const shared = { book: this.#book, changes: this.#changes, account: this.#account, diag };
    this.#sender = new EventSender({
      ...shared,
      events: new EventMaker({ context, redact, diag }),
      routes: routesOf(options),
      fetch,
      timeoutMillis,
      random,
      now: this.now,
      onChange: () => this.#keeper.save(),
    });
    this.#admission = new RecordAdmission({
      ...shared,
      rules,
      keyPrefix,
      instanceId: () => this.#instanceId,
      onPage: () => this.#onPage(),
      onChange: () => this.#sender.pump(),
      onUpdate: () => this.#onUpdate(),
      onCount: () => this.#keeper.saveSoon(),
    });
  }

  /** Takes over what an earlier process has left. */
  open(): void {
    this.#keeper.load();
  }

  evaluate(record: ReadableLogRecord, nowMillis: number): DropReason | undefined {
    return this.#admission.evaluate(record, nowMillis);
  }

  save(): void {
    this.#keeper.save();
  }

  flush(deadline: Deadline): Promise<void> {
    return this.#sender.flush(deadline);
  }

  /** Sends what can be sent by the deadline, keeps or drops the rest, and ends everything. */
  async close(deadline: Deadline): Promise<void> {
    await this.#sender.flush(deadline);
    this.#sender.close();
    await workUntilDeadline(deadline, this.#keeper.close());
    const { pages, changes } = this.#account;
    if (!this.#keeper.isSaved && pages.held > 0) this.#account.drop(pages, { count: pages.held, reason: 'shutdown' });
    if (changes.held > 0) this.#account.drop(changes, { count: changes.held, reason: 'shutdown' });
    this.#account.end();
  }

  stats(): AdmissionStats & PageStats & { readonly openIncidents: number } {
    return { ...this.#admission.stats(), ...this.#account.stats(), openIncidents: this.#book.size };
  }

  /** Saved first: a process that dies in the moment of the page must find it again. */
  #onPage(): void {
    this.#keeper.save();
    this.#sender.pump();
  }

  #onUpdate(): void {
    this.#keeper.saveSoon();
    this.#sender.pump();
  }

  #state(): StoredState {
    const { routingKeyHashes } = this.#options;
    return { schema: 1, instanceId: this.#instanceId, routingKeyHashes, incidents: this.#book.stored() };
  }

  #adopt({ instanceId, routingKeyHashes = {}, incidents }: StoredState): void {
    this.#instanceId = instanceId;
    const before = this.#book.size;
    const known = incidents.flatMap((incident) => this.#routed(incident, routingKeyHashes));
    this.#book.restore(known, (rule) => this.#policyOf(rule), this.now());
    for (const { state } of [...this.#book.all()].slice(before)) if (state === 'pending') this.#account.pages.recover();
    this.#sender.pump();
  }

  /**
   * Of what an earlier process opened through a routing key that there is no more, nothing can be told: it is left out, so that
   * its next record pages. What was not paged yet goes through the first key.
   */
  #routed(incident: StoredIncident, hashes: RoutingKeyHashes): StoredIncident[] {
    const { routingKeyHashes, fallbackRoutingKey } = this.#options;
    const now = new Map<IncidentRoute, string | undefined>([['primary', routingKeyHashes.primary]]);
    if (fallbackRoutingKey !== undefined) now.set('fallback', routingKeyHashes.fallback);
    const route = routeNow({ route: incident.route, hashes }, now);
    if (route !== undefined) return [{ ...incident, route }];
    return incident.state === 'pending' ? [{ ...incident, route: 'primary' }] : [];
  }

  /** Of a rule that there is no more, incidents go on as those beyond the limits do, which never resolve themselves. */
  #policyOf(rule: string): IncidentPolicy {
    const known = this.#options.rules.find(({ name, type }) => name === rule && type === 'alert');
    return known?.type === 'alert' ? known : { ...OVERFLOW_POLICY, name: rule };
  }
}

function routesOf(options: ResolvedPagerDutyOptions): ReadonlyMap<IncidentRoute, PageRoute> {
  const { url, routingKey, fallbackRoutingKey, maxCallsPerMinute } = options;
  const burst = Math.min(MAX_BURST, maxCallsPerMinute / 2);
  const limits = { url, callsPerMinute: maxCallsPerMinute - burst, burst };
  const routes = new Map<IncidentRoute, PageRoute>([['primary', new PageRoute({ ...limits, routingKey })]]);
  if (fallbackRoutingKey !== undefined) {
    routes.set('fallback', new PageRoute({ ...limits, routingKey: fallbackRoutingKey }));
  }
  return routes;
}
