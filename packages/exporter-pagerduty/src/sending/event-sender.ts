import { type Deadline, type Secret, untilDeadline, withTracingSuppressed } from '@spillway/core';
import { type Admission, attempt } from '@spillway/delivery';
import { startTimer } from '@spillway/retry';

import type { PagerDutyEvent } from '../events/pagerduty-event.ts';
import type { IncidentRoute } from '../incidents/incident.ts';
import type { EventFactory } from './event-factory.ts';
import { EventSettlement, type EventSettlementOptions } from './event-settlement.ts';
import type { EventTask, IncidentTask } from './event-task.ts';
import type { PageRoute } from './page-route.ts';
import { pageVerdict, type PageVerdict } from './page-verdict.ts';

export interface EventSenderOptions extends EventSettlementOptions {
  readonly events: EventFactory;
  readonly fetch: typeof fetch | undefined;
  readonly timeoutMillis: number;
}

/** A flush that waits. */
interface Flush {
  readonly endMillis: number;
  readonly onDone: () => void;
}

/**
 * Sends what is due: pages first, then resolves, then changes, then updates. What an incident has to tell is read when its
 * event leaves, so that nothing queues up but the incidents themselves. It sleeps until something is due. Never throws.
 */
export class EventSender {
  readonly #options: EventSenderOptions;
  readonly #settlement: EventSettlement;
  readonly #giveUp: AbortController = new AbortController();
  readonly #flushes: Set<Flush> = new Set();
  #cancelWake: () => void = () => {};
  #inFlight = 0;

  constructor(options: EventSenderOptions) {
    this.#options = options;
    this.#settlement = new EventSettlement(options);
  }

  /** Starts every request that may start now, within this call, and sets the timer for the next one. */
  pump(): void {
    if (this.#giveUp.signal.aborted) return;
    const { routes, book, changes, now } = this.#options;
    const nowMillis = now();
    let wakeAt = Infinity;
    for (const [name, route] of routes) {
      for (let task = this.#next(name, nowMillis); task !== undefined; task = this.#next(name, nowMillis)) {
        const admission = route.tryAdmit(nowMillis, isUrgent(task));
        if (admission === undefined) {
          wakeAt = Math.min(wakeAt, laterThan(nowMillis, route.wakeAt(nowMillis, isUrgent(task))));
          break;
        }
        this.#start(task, route, admission);
      }
    }
    // Read last: what the application does while an event is made may have begun another incident.
    wakeAt = Math.min(wakeAt, laterThan(nowMillis, book.wakeAt()), laterThan(nowMillis, changes.wakeAt()));
    this.#cancelWake();
    if (wakeAt < Infinity) this.#cancelWake = startTimer(() => this.pump(), wakeAt - nowMillis);
    for (const flush of this.#flushes) {
      if (!this.#isSettled(flush.endMillis)) continue;
      this.#flushes.delete(flush);
      flush.onDone();
    }
  }

  /** Sends what waits, and resolves when it is sent, when nothing more will get through, or at the deadline. */
  async flush(deadline: Deadline): Promise<void> {
    const { book, changes, routes, now } = this.#options;
    for (const incident of book.all()) incident.hurry(now());
    changes.endWaits();
    for (const { gate } of routes.values()) gate.forceProbe();
    this.pump();
    const endMillis = now() + deadline.remainingMillis;
    if (this.#isSettled(endMillis)) return;
    await untilDeadline(deadline, (onDone) => {
      const flush = { endMillis, onDone };
      this.#flushes.add(flush);
      return () => void this.#flushes.delete(flush);
    });
  }

  /** Ends all requests and timers. */
  close(): void {
    this.#giveUp.abort();
    this.#cancelWake();
  }

  #next(name: IncidentRoute, nowMillis: number): EventTask | undefined {
    const { book, changes } = this.#options;
    const incident = book.next(name, nowMillis);
    const action = incident?.dueAction(nowMillis);
    const change =
      name === 'primary' && action !== 'trigger' && action !== 'resolve' ? changes.next(nowMillis) : undefined;
    if (change !== undefined) return { kind: 'change', change };
    if (incident === undefined || action === undefined) return undefined;
    return { kind: 'incident', incident, action, count: incident.count };
  }

  #start(task: EventTask, route: PageRoute, admission: Admission): void {
    const { events, now } = this.#options;
    this.#inFlight += 1;
    if (task.kind === 'incident') task.incident.begin(task.action);
    else task.change.isInFlight = true;
    const event = task.kind === 'incident' ? eventOf(task, events, now()) : events.change(task.change.report);
    void this.#send(event, route, task).then((verdict) => {
      this.#inFlight -= 1;
      // Once all was given up, pages are kept or dropped as they were then.
      const known = this.#giveUp.signal.aborted ? undefined : verdict;
      this.#settlement.settle(task, route, admission, known);
      this.pump();
    });
  }

  async #send(event: PagerDutyEvent, route: PageRoute, task: EventTask): Promise<PageVerdict | undefined> {
    const { events, fetch, timeoutMillis } = this.#options;
    let body: Uint8Array<ArrayBuffer>;
    try {
      body = events.encode(event, await this.#reveal(route.routingKey));
    } catch {
      // What the user's function has thrown may quote the key.
      return { outcome: 'misconfigured', error: new Error('The routing key could not be fetched.') };
    }
    const url = `${route.url}${task.kind === 'change' ? '/v2/change/enqueue' : '/v2/enqueue'}`;
    const result = await attempt(
      { url, headers: jsonHeaders, body },
      { fetch, timeoutMillis, signal: this.#giveUp.signal },
    );
    return result.kind === 'aborted' ? undefined : pageVerdict(result, Date.now());
  }

  /** Rejects where the user's function does, or takes too long: a page could not even go through the other key then. */
  #reveal(key: Secret): Promise<string> {
    const { signal } = this.#giveUp;
    return new Promise((resolve, reject) => {
      const onEnd = (): void => {
        cancelTimer();
        signal.removeEventListener('abort', onEnd);
        reject(new Error('The routing key took too long.'));
      };
      const cancelTimer = startTimer(onEnd, this.#options.timeoutMillis);
      signal.addEventListener('abort', onEnd);
      // What a client of a vault logs of its troubles must not page.
      void withTracingSuppressed(() => key.reveal())
        .then(resolve, reject)
        .finally(onEnd);
    });
  }

  /** Whether nothing is left to send, or nothing of it will get through before the end. */
  #isSettled(endMillis: number): boolean {
    if (this.#inFlight > 0) return false;
    const { routes, now } = this.#options;
    return [...routes].every(([name, { gate }]) => {
      const pendingAt = this.#pendingAt(name, now());
      return pendingAt === Infinity || pendingAt > endMillis || gate.isShut(endMillis);
    });
  }

  /** When the next thing that a flush waits for can be sent; `Infinity` where there is none. */
  #pendingAt(name: IncidentRoute, nowMillis: number): number {
    const { book, changes } = this.#options;
    let earliest = name === 'primary' ? changes.wakeAt() : Infinity;
    for (const incident of book.all()) {
      if (incident.route === name && incident.isUrgent(nowMillis)) earliest = Math.min(earliest, incident.wakeAt());
    }
    return earliest;
  }
}

function isUrgent(task: EventTask): boolean {
  return task.kind === 'incident' && task.action !== 'update';
}

function jsonHeaders(): Promise<Record<string, string>> {
  return Promise.resolve({ 'content-type': 'application/json' });
}

function eventOf({ incident, action }: IncidentTask, events: EventFactory, nowMillis: number): PagerDutyEvent {
  if (action === 'resolve') return events.resolve(incident.dedupKey);
  return events.trigger(incident.report(nowMillis), incident.isStripped);
}

/** What is due already has been tried, or waits for something other than time. */
function laterThan(nowMillis: number, atMillis: number): number {
  return atMillis > nowMillis ? atMillis : Infinity;
}
