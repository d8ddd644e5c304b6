import { type Drop, Secret, type SecretInput, ThrottledDiag } from '@spillway/core';
import { vi } from 'vitest';

import { ChangeQueue } from '../../src/changes/change-queue.ts';
import type { IncidentReport } from '../../src/events/incident-report.ts';
import type { PagerDutyEvent } from '../../src/events/pagerduty-event.ts';
import type { Incident, IncidentRoute } from '../../src/incidents/incident.ts';
import type { IncidentBook, IncidentCandidate } from '../../src/incidents/incident-book.ts';
import type { EventFactory } from '../../src/sending/event-factory.ts';
import { EventSender } from '../../src/sending/event-sender.ts';
import { PageAccount } from '../../src/sending/page-account.ts';
import { PageRoute } from '../../src/sending/page-route.ts';
import { begin, makeBook } from '../incidents/make-incident.ts';

/** What a request had, in few words. */
export interface SentEvent {
  readonly routingKey: string;
  readonly path: string;
  readonly atMillis: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Answer = number | Response | Promise<Response> | Error | 'never';

/** Says of an event no more than tests ask for. */
const factory: EventFactory = {
  trigger: ({ dedupKey, count }: IncidentReport, isStripped) =>
    ({ event: 'trigger', dedupKey, count, isStripped }) as unknown as PagerDutyEvent,
  resolve: (dedupKey) => ({ event: 'resolve', dedupKey }) as unknown as PagerDutyEvent,
  change: ({ summary }) => ({ event: 'change', summary }) as unknown as PagerDutyEvent,
  encode: (event, routingKey) => new Uint8Array(new TextEncoder().encode(JSON.stringify({ ...event, routingKey }))),
};

function makeRoute(key: SecretInput): PageRoute {
  return new PageRoute({ url: 'http://pagerduty', routingKey: Secret.from('key', key), callsPerMinute: 50, burst: 10 });
}

interface HarnessOptions {
  readonly hasFallback?: boolean;
  readonly routingKey?: SecretInput;
}

/** A sender over a PagerDuty that answers as a test says; time stands still but for {@link pass}. */
export class SenderHarness {
  readonly sent: SentEvent[] = [];
  readonly drops: Drop[] = [];
  readonly book: IncidentBook = makeBook({ maxNewIncidents: 1000, maxOpenIncidents: 1000 });
  readonly changes: ChangeQueue = new ChangeQueue();
  readonly account: PageAccount;
  readonly sender: EventSender;
  saves = 0;
  answer: (event: SentEvent) => Answer = () => 202;

  constructor({ hasFallback = false, routingKey = 'first' }: HarnessOptions = {}) {
    const diag = new ThrottledDiag({ namespace: 'test' });
    this.account = new PageAccount(diag, (drop) => void this.drops.push(drop));
    const routes = new Map<IncidentRoute, PageRoute>([['primary', makeRoute(routingKey)]]);
    if (hasFallback) routes.set('fallback', makeRoute('second'));
    this.sender = new EventSender({
      book: this.book,
      changes: this.changes,
      events: factory,
      routes,
      account: this.account,
      diag,
      fetch: (url, init) => this.#receive(url as string, init),
      timeoutMillis: 10_000,
      now: () => Date.now(),
      random: () => 0.5,
      onChange: () => (this.saves += 1),
    });
  }

  /** A page that is due. */
  page(keyText: string, values: Partial<IncidentCandidate> = {}): Incident {
    this.account.pages.create();
    const incident = begin(this.book, keyText, Date.now(), values);
    this.sender.pump();
    return incident;
  }

  /** Lets time go on, and requests come to their ends. */
  async pass(millis: number): Promise<void> {
    await vi.advanceTimersByTimeAsync(millis);
  }

  /** What was sent so far, in words. */
  get events(): string[] {
    return this.sent.map(({ body }) => `${String(body['event'])} ${String(body['dedupKey'] ?? body['summary'])}`);
  }

  async #receive(url: string, init: RequestInit = {}): Promise<Response> {
    const body = JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as Record<string, unknown>;
    const event = { routingKey: String(body['routingKey']), path: new URL(url).pathname, atMillis: Date.now(), body };
    this.sent.push(event);
    const answer = this.answer(event);
    if (answer === 'never') {
      return new Promise((_resolve, reject) => {
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      });
    }
    if (answer instanceof Error) throw answer;
    return typeof answer === 'object' ? answer : new Response('', { status: answer });
  }
}
