import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { LiveTailBye, LiveTailRecord } from '@spillway/exporter-live-tail/live-tail-client';

import { RefusingServer } from '../stand-in/refusing-server.ts';
import { FixtureClient } from './fixture-client.ts';
import { renderPage } from './rendered-page.ts';

/** A record before the server gives it an offset. */
export type TailInput = Partial<Omit<LiveTailRecord, 'offset'>>;

export interface TailFixtureOptions {
  readonly traceUrl?: string | undefined;
  /** How many records are kept for clients that come or come back, and for slow ones. */
  readonly capacity?: number;
}

const STATS_MILLIS = 1000;

/** Server of wire protocol 1 that does what a test tells it, also what a server does only when something breaks. */
export class TailFixture {
  readonly #server = new RefusingServer((request, response) => this.#answer(request, response));
  readonly #clients = new Set<FixtureClient>();
  readonly #traceUrl: string | undefined;
  readonly #capacity: number;
  readonly #statsTimer: ReturnType<typeof setInterval>;
  #token = randomBytes(16).toString('hex');
  #epoch = newEpoch();
  #frames: string[] = [];
  #next = 0;
  #nextClient = 1;

  private constructor({ traceUrl, capacity = 50_000 }: TailFixtureOptions) {
    this.#traceUrl = traceUrl;
    this.#capacity = capacity;
    this.#statsTimer = setInterval(() => this.#sendStats(), STATS_MILLIS);
  }

  static async open(options: TailFixtureOptions = {}): Promise<TailFixture> {
    const fixture = new TailFixture(options);
    await fixture.#server.accept();
    return fixture;
  }

  /** Address of the page, without the token. */
  get pageUrl(): string {
    return `${this.#server.url}/`;
  }

  /** Address of the page, as the server shows it when it starts. */
  get url(): string {
    return `${this.pageUrl}#token=${this.#token}`;
  }

  get token(): string {
    return this.#token;
  }

  /** Offset of the next record. */
  get next(): number {
    return this.#next;
  }

  emit(records: readonly TailInput[]): void {
    for (const input of records) {
      const record = { time: Date.now(), scope: 'test', attributes: {}, resource: {}, ...input, offset: this.#next };
      this.#frames.push(`id: ${this.#epoch}-${this.#next}\nevent: record\ndata: ${JSON.stringify(record)}\n\n`);
      this.#next += 1;
    }
    // Not with each record: that would copy all of them each time.
    if (this.#frames.length > this.#capacity * 1.2) this.#frames = this.#frames.slice(-this.#capacity);
    this.#pump();
  }

  /** Evaluates records that no client gets, as where their buffers overflow. */
  skip(count: number): void {
    this.#frames = [];
    this.#next += count;
    this.#pump();
  }

  /** Breaks all connections. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
    this.#clients.clear();
  }

  /** Takes no connections, as long as `work` takes; those that there are break. */
  async whileAway(work: () => Promise<void>): Promise<void> {
    this.#clients.clear();
    await this.#server.refuse();
    await work();
    await this.#server.accept();
  }

  /** Starts again: another epoch, nothing kept, and another token where one is given. */
  restart(token: string = this.#token): void {
    this.#say('shutdown');
    this.#token = token;
    this.#epoch = newEpoch();
    this.#frames = [];
    this.#next = 0;
  }

  async close(): Promise<void> {
    clearInterval(this.#statsTimer);
    this.cut();
    await this.#server.refuse();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.pageUrl);
    if (pathname === '/') this.#sendPage(response);
    else if (pathname !== '/events') response.writeHead(404).end();
    else if (request.headers.authorization !== `Bearer ${this.#token}`) response.writeHead(401).end();
    else this.#greet(request, response, searchParams.get('recent'));
  }

  #sendPage(response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64');
    const policy =
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; ` +
      `form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'`;
    response.setHeader('content-security-policy', policy);
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(renderPage({ nonce, settings: { basePath: '/', traceUrl: this.#traceUrl } }));
  }

  #greet(request: IncomingMessage, response: ServerResponse, recent: string | null): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const [epoch, offset] = String(request.headers['last-event-id'] ?? '').split('-');
    const oldest = this.#oldest;
    const isResumed = epoch === this.#epoch;
    const first = recent === null ? oldest : Math.max(oldest, this.#next - Number(recent));
    const client = new FixtureClient(response, isResumed ? Number(offset) + 1 : first);
    client.send('hello', { protocol: 1, client: `c${this.#nextClient}`, epoch: this.#epoch, oldest, next: this.#next });
    this.#nextClient += 1;
    this.#clients.add(client);
    response.once('close', () => this.#clients.delete(client));
    response.on('drain', () => client.pump(this.#oldest, this.#frames, 'slow'));
    this.#sendStats();
    client.pump(oldest, this.#frames, 'expired');
  }

  get #oldest(): number {
    return this.#next - this.#frames.length;
  }

  #pump(): void {
    for (const client of this.#clients) client.pump(this.#oldest, this.#frames, 'slow');
  }

  #sendStats(): void {
    for (const client of this.#clients) {
      const buffered = Math.min(this.#next - client.next, this.#frames.length);
      client.send('stats', {
        received: this.#next,
        clients: this.#clients.size,
        buffered,
        maxBuffered: this.#capacity,
        dropped: client.dropped,
        healthy: buffered < this.#capacity / 2,
      });
    }
  }

  #say(reason: LiveTailBye['reason']): void {
    for (const client of this.#clients) client.end(reason);
    this.#clients.clear();
  }
}

function newEpoch(): string {
  return randomBytes(8).toString('hex');
}
