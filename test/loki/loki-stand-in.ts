import type { IncomingMessage, ServerResponse } from 'node:http';

import { type EndingFault, passDelays } from '../stand-in/fault.ts';
import { playFault } from '../stand-in/fault-player.ts';
import { readBody } from '../stand-in/read-body.ts';
import { RefusingServer } from '../stand-in/refusing-server.ts';
import type { Instant } from './accepted-push.ts';
import type { IngestionBlock } from './distributor.ts';
import {
  answerPreflight,
  redirectToCleanPath,
  respondEmpty,
  respondJson,
  respondRefusal,
  respondText,
} from './http-io.ts';
import type { BlockIngestionFault, LokiFault, LokiFaultPlan } from './loki-fault.ts';
import { LOKI_DEFAULT_LIMITS, type LokiLimits } from './limits.ts';
import { decodePush } from './push-body.ts';
import { labelNames, queryRange } from './query.ts';
import { Refusal } from './refusal.ts';
import { type RecordedRequest, RequestRecord } from './request-log.ts';
import type { StoredEntry } from './stream.ts';
import { parseTenantId, SINGLE_TENANT, Tenant } from './tenant.ts';

const PUSH_PATH = '/loki/api/v1/push';
const HOUR_MILLIS = 3_600_000;

/** How a stand-in differs from a Loki with its default configuration. */
export interface LokiStandInOptions {
  /** Limits that differ from Loki's defaults. @defaultValue none */
  readonly limits?: Partial<LokiLimits>;
  /** Takes the tenant from X-Scope-OrgID and refuses requests without it. @defaultValue false: everything is tenant `fake` */
  readonly authEnabled?: boolean;
  /** Lets pages of other origins push (CORS), as a gateway would. @defaultValue false */
  readonly cors?: boolean;
  /** Wall clock in milliseconds. @defaultValue Date.now */
  readonly now?: () => number;
  /** Clock for rate limits in milliseconds. @defaultValue performance.now */
  readonly monotonicNow?: () => number;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly record: RequestRecord;
}

/** An HTTP server that takes, refuses and stores pushes as Loki does, and does wrong what it is told to do wrong. */
export class LokiStandIn {
  readonly limits: LokiLimits;
  readonly #options: LokiStandInOptions;
  readonly #tenants = new Map<string, Tenant>();
  readonly #closing = new AbortController();
  readonly #server = new RefusingServer((request, response) => void this.#handle(request, response));
  #requests: RequestRecord[] = [];
  #plan: LokiFaultPlan = () => undefined;
  #faultIndex = 0;
  #pushCount = 0;

  constructor(options: LokiStandInOptions = {}) {
    this.#options = options;
    this.limits = { ...LOKI_DEFAULT_LIMITS, ...options.limits };
  }

  /** Listens on 127.0.0.1 and returns the base URL. */
  async start(): Promise<string> {
    await this.acceptConnections();
    return this.url;
  }

  /** The base URL, without a path. It stays the same while connections are refused. */
  get url(): string {
    return this.#server.url;
  }

  /** Ends everything, waiting faults included. A closed stand-in cannot be started again. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.refuseConnections();
  }

  /** Breaks all connections and refuses new ones, as if the process were gone. What is stored stays. */
  async refuseConnections(): Promise<void> {
    await this.#server.refuse();
  }

  /** Listens again, on the same port. */
  async acceptConnections(): Promise<void> {
    await this.#server.accept();
  }

  /** Does something wrong with every push, or with those that a function chooses; undefined ends it. */
  setFault(fault: LokiFault | LokiFaultPlan | undefined): void {
    this.#plan = typeof fault === 'function' ? fault : () => fault;
    this.#faultIndex = 0;
  }

  /** What is stored, in the order in which it was stored; of one tenant or of all. */
  entries(tenant?: string): readonly StoredEntry[] {
    if (tenant !== undefined) return this.#tenants.get(tenant)?.ingester.entries ?? [];
    const tenants = [...this.#tenants.values()];
    return tenants.length === 1
      ? (tenants[0]?.ingester.entries ?? [])
      : tenants.flatMap(({ ingester }) => ingester.entries);
  }

  /** Every request since the start or the last `clear`, queries included. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /** Pushes received since the start or the last `clear`, whatever became of them. */
  get pushCount(): number {
    return this.#pushCount;
  }

  /** Forgets what is stored, the streams, the state of the rate limits and the requests. Faults stay. */
  clear(): void {
    this.#tenants.clear();
    this.#requests = [];
    this.#pushCount = 0;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(this.url + (request.url ?? '/'));
    const record = new RequestRecord(request.method ?? 'GET', url.pathname, request.headers);
    this.#requests.push(record);
    response.on('finish', () => (record.status = response.statusCode));
    // A client that goes away is part of what is tested.
    response.on('error', () => undefined);
    try {
      await this.#route({ request, response, url, record });
    } catch (error) {
      if (this.#closing.signal.aborted || response.headersSent || response.destroyed) response.destroy();
      else if (error instanceof Refusal) respondRefusal(response, error);
      else respondText(response, 500, `${String(error)}\n`);
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange;
    if (this.#options.cors === true && answerPreflight(request, response)) return;
    if (redirectToCleanPath(response, url)) return;
    const label = /^\/loki\/api\/v1\/label\/([^/]+)\/values$/.exec(url.pathname)?.[1];
    if (url.pathname === PUSH_PATH) {
      if (request.method === 'POST') await this.#push(exchange);
      else respondEmpty(response, 405);
    } else if (url.pathname === '/ready') {
      respondText(response, 200, 'ready\n');
    } else if (url.pathname === '/loki/api/v1/query_range') {
      this.#query(exchange);
    } else if (url.pathname === '/loki/api/v1/labels' || label !== undefined) {
      respondJson(response, labelNames(this.#tenant(request).ingester, label && decodeURIComponent(label)));
    } else {
      respondText(response, 404, '404 page not found\n');
    }
  }

  #query({ request, response, url }: Exchange): void {
    const flags = String(request.headers['x-loki-response-encoding-flags'] ?? '').split(',');
    try {
      const { ingester } = this.#tenant(request);
      const now = this.#now().wallNanos;
      const answer = queryRange(ingester, url.searchParams, now, this.limits, flags.includes('categorize-labels'));
      respondJson(response, answer);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 401) throw error;
      // Errors of queries come without the line break that errors of pushes have.
      respondText(response, error.status, error.message);
    }
  }

  async #push(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange;
    this.#pushCount++;
    const index = this.#faultIndex++;
    const chosen = this.#plan({ index, method: 'POST', path: url.pathname, headers: request.headers });
    const fault = await passDelays(chosen, this.#closing.signal);
    if (fault !== undefined && fault.kind !== 'block-ingestion') {
      await this.#playFault(fault, exchange);
      return;
    }
    await this.#store(exchange, fault && this.#block(fault));
    respondEmpty(response, 204);
  }

  async #playFault(fault: EndingFault, exchange: Exchange): Promise<void> {
    await playFault(fault, {
      response: exchange.response,
      signal: this.#closing.signal,
      read: async () => {
        exchange.record.raw = await readBody(exchange.request, this.limits.maxBodyBytes + 1);
      },
      store: async () => {
        try {
          await this.#store(exchange);
        } catch (error) {
          // What Loki would have answered is lost in the fault.
          if (!(error instanceof Refusal)) throw error;
        }
      },
    });
  }

  /** @throws Refusal */
  async #store({ request, record }: Exchange, block?: IngestionBlock): Promise<void> {
    const { distributor } = this.#tenant(request);
    record.raw = await readBody(request, this.limits.maxBodyBytes + 1);
    const streams = await decodePush(request.headers, record.raw, this.limits);
    distributor.push(streams, this.#now(), block);
  }

  #block({ status, untilMillis }: BlockIngestionFault): IngestionBlock {
    const now = Number(this.#now().wallNanos / 1_000_000n);
    return { status: status ?? this.limits.blockIngestionStatus, untilMillis: untilMillis ?? now + HOUR_MILLIS };
  }

  /** @throws Refusal */
  #tenant(request: IncomingMessage): Tenant {
    const header = request.headers['x-scope-orgid'];
    const id = this.#options.authEnabled === true ? parseTenantId(header?.toString()) : SINGLE_TENANT;
    let tenant = this.#tenants.get(id);
    if (tenant === undefined) this.#tenants.set(id, (tenant = new Tenant(id, this.limits)));
    return tenant;
  }

  #now(): Instant {
    const { now = Date.now, monotonicNow = () => performance.now() } = this.#options;
    return { wallNanos: BigInt(Math.floor(now())) * 1_000_000n, monotonicMillis: monotonicNow() };
  }
}
