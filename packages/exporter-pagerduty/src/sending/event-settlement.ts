import type { ThrottledDiag } from '@spillway/core';
import type { Admission } from '@spillway/delivery';
import { nextDelayMillis } from '@spillway/retry';

import type { ChangeQueue, PendingChange } from '../changes/change-queue.ts';
import type { Incident, IncidentAction, IncidentRoute } from '../incidents/incident.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { EventTask, IncidentTask } from './event-task.ts';
import type { PageAccount } from './page-account.ts';
import { PAGE_BACKOFF, type PageRoute } from './page-route.ts';
import type { PageVerdict } from './page-verdict.ts';

/** After this time on one routing key a page goes through the other one. */
const SWITCH_MILLIS = 60_000;

export interface EventSettlementOptions {
  readonly book: IncidentBook;
  readonly changes: ChangeQueue;
  readonly routes: ReadonlyMap<IncidentRoute, PageRoute>;
  readonly account: PageAccount;
  readonly diag: ThrottledDiag;
  /** Milliseconds since the epoch, never going back. */
  readonly now: () => number;
  readonly random: () => number;
  /** Called when an incident has changed in a way that must outlive the process. */
  readonly onChange: () => void;
}

/** Decides what becomes of an event after its request: taken, sent again, sent in short or by another key, or given up. */
export class EventSettlement {
  readonly #options: EventSettlementOptions;

  constructor(options: EventSettlementOptions) {
    this.#options = options;
  }

  /** @param verdict undefined where the request was given up */
  settle(task: EventTask, route: PageRoute, admission: Admission, verdict: PageVerdict | undefined): void {
    const { now, random, account } = this.#options;
    const nowMillis = now();
    if (verdict === undefined) {
      route.gate.onAborted(admission);
      if (task.kind === 'incident') task.incident.onFailed(nowMillis);
      else task.change.isInFlight = false;
      return;
    }
    account.onRequestEnd(verdict.outcome === 'delivered');
    if (verdict.outcome === 'misconfigured') route.gate.onRefused(nowMillis, admission);
    else if (verdict.outcome === 'retryable') route.gate.onFailed(nowMillis, random(), admission, verdict);
    else route.gate.onAnswered(nowMillis);
    if (task.kind === 'change') this.#settleChange(task.change, verdict, nowMillis);
    else this.#settleIncident(task, verdict, nowMillis);
  }

  #settleIncident({ incident, action, count }: IncidentTask, verdict: PageVerdict, nowMillis: number): void {
    const { account, onChange } = this.#options;
    if (verdict.outcome === 'delivered') {
      if (action === 'trigger') account.pages.pass();
      else if (action === 'resolve') account.onResolved();
      else account.onUpdated();
      this.#endOrReopen(incident, action, incident.onDelivered(count, nowMillis));
    } else this.#onNotTaken(incident, action, verdict, nowMillis);
    onChange();
  }

  #onNotTaken(
    incident: Incident,
    action: IncidentAction,
    verdict: Exclude<PageVerdict, { outcome: 'delivered' }>,
    nowMillis: number,
  ): void {
    const { diag, account } = this.#options;
    if (action === 'trigger') {
      diag.error('page', `A page of the rule \`${incident.policy.name}\` is not delivered`, verdict.error);
    } else diag.warn('event', 'An event of an open incident is not delivered', verdict.error);
    if (verdict.outcome === 'invalid' && !incident.isStripped) {
      incident.isStripped = true;
      incident.onFailed(nowMillis);
    } else if (verdict.outcome !== 'invalid' || (action === 'trigger' && this.#canSwitch(incident))) {
      incident.onFailed(nowMillis + this.#delayMillis(incident.failures + 1, verdict));
      if (action === 'trigger') this.#switchIfLong(incident, verdict, nowMillis);
    } else {
      if (action === 'trigger') account.drop(account.pages, { count: 1, reason: 'rejected', error: verdict.error });
      this.#endOrReopen(incident, action, incident.onRefused(nowMillis));
    }
  }

  /** What has come while a resolve was on its way is a page of its own. */
  #endOrReopen(incident: Incident, action: IncidentAction, isOver: boolean): void {
    const { book, account } = this.#options;
    if (isOver) book.end(incident);
    else if (action === 'resolve') account.pages.create();
  }

  #delayMillis(failures: number, verdict: PageVerdict): number {
    const hintMillis = verdict.outcome === 'retryable' ? verdict.hintMillis : undefined;
    return nextDelayMillis({ attempt: failures, backoff: PAGE_BACKOFF, random: this.#options.random(), hintMillis });
  }

  #canSwitch(incident: Incident): boolean {
    return this.#options.routes.size > 1 && !incident.wasSwitched;
  }

  /** A page that does not get through goes to the other routing key: at once where waiting will not help. */
  #switchIfLong(incident: Incident, verdict: PageVerdict, nowMillis: number): void {
    const { routes, diag } = this.#options;
    if (routes.size < 2) return;
    const isHopeless = verdict.outcome === 'invalid' || verdict.outcome === 'misconfigured';
    if (!isHopeless && nowMillis - incident.onRouteSinceMillis < SWITCH_MILLIS) return;
    incident.switchRoute(incident.route === 'primary' ? 'fallback' : 'primary', nowMillis);
    diag.error(
      'fallback',
      `A page of the rule \`${incident.policy.name}\` goes through the routing key ${incident.route}.`,
    );
  }

  #settleChange(change: PendingChange, verdict: PageVerdict, nowMillis: number): void {
    const { changes, account, diag } = this.#options;
    change.isInFlight = false;
    if (verdict.outcome === 'delivered') {
      changes.remove(change);
      account.changes.pass();
      return;
    }
    diag.warn('change', 'A change event is not delivered', verdict.error);
    change.failures += 1;
    change.notBeforeMillis = nowMillis + this.#delayMillis(change.failures, verdict);
    const isExpired = changes.isExpired(change, nowMillis);
    if (verdict.outcome !== 'invalid' && !isExpired) return;
    changes.remove(change);
    account.drop(account.changes, { count: 1, reason: isExpired ? 'expired' : 'rejected', error: verdict.error });
  }
}
