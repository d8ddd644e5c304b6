import type { ClientBufferMetrics, ClientBufferOptions } from '@spillway/buffer';
import { type Deadline, type ThrottledDiag, untilDeadline, withTracingSuppressed } from '@spillway/core';

import type { RecentRecords } from '../records/recent-records.ts';
import type { TailRecord } from '../records/tail-record.ts';
import type { ClientStream, Transport } from './client-stream.ts';
import type { FlushKind } from './flush-choice.ts';
import { Heartbeat } from './heartbeat.ts';
import { type StartRequest, startPointOf } from './start-point.ts';
import { type ClientAccount, type ExportSize, TailClient } from './tail-client.ts';

export interface TailClientsOptions {
  readonly maxClients: number;
  readonly buffer: Required<ClientBufferOptions>;
  readonly flush: FlushKind;
  readonly disconnectSlowAfterMillis: number;
}

/** One client that is connected, as the health page shows it. */
export interface ClientHealth {
  readonly clientId: string;
  readonly transport: Transport;
  readonly healthy: boolean;
  /** Whether nothing has left to it for a second, though something waits. */
  readonly stalled: boolean;
  readonly metrics: ClientBufferMetrics;
}

/** All clients: those connected, and the account of those that were. */
export interface ClientsStats extends ClientAccount {
  readonly connected: number;
}

const PROTOCOL = 1;
/** How often a flush looks for clients that stall meanwhile. */
const STALL_CHECK_MILLIS = 100;
/** What a client that is told to go has to read that. */
const GOODBYE_MILLIS = 1000;
const ACCOUNT_FIELDS = ['offered', 'sent', 'dropped', 'waiting', 'abandoned'] as const;

/** Everybody who is connected. */
export class TailClients {
  readonly #options: TailClientsOptions;
  readonly #recent: RecentRecords;
  readonly #heartbeat: Heartbeat;
  readonly #clients = new Set<TailClient>();
  readonly #listeners = new Set<() => void>();
  #count = 0;
  #past: ClientAccount = { offered: 0, sent: 0, dropped: 0, waiting: 0, abandoned: 0 };

  readonly #onProgress = (): void => {
    for (const listener of this.#listeners) listener();
  };

  constructor(options: TailClientsOptions, recent: RecentRecords, diag: ThrottledDiag) {
    this.#options = options;
    this.#recent = recent;
    this.#heartbeat = new Heartbeat(this.#clients, {
      disconnectSlowAfterMillis: options.disconnectSlowAfterMillis,
      diag,
      tellStats: (client) => this.#tellStats(client),
      dismiss: (client) => this.#dismiss(client, 'slow'),
    });
  }

  get size(): number {
    return this.#clients.size;
  }

  get isFull(): boolean {
    return this.#clients.size >= this.#options.maxClients;
  }

  /** Takes a client in. Answers what to call when it has gone. */
  add(stream: ClientStream, request: StartRequest): () => void {
    this.#count += 1;
    const { buffer, flush } = this.#options;
    const id = `${stream.transport}-${this.#count}`;
    const [recent, onProgress] = [this.#recent, this.#onProgress];
    const client = new TailClient({ id, stream, recent, buffer, flush, onProgress });
    this.#clients.add(client);
    const { epoch, next } = recent;
    // More than its buffer has room for cannot be given to it at once.
    const oldest = Math.max(recent.oldest, next - buffer.maxSize);
    stream.writeEvent('hello', { protocol: PROTOCOL, client: id, epoch, oldest, next });
    client.begin(startPointOf(request, { epoch, oldest, next }));
    this.#tellStats(client);
    withTracingSuppressed(() => this.#heartbeat.begin());
    return () => this.#remove(client);
  }

  offer(record: TailRecord): void {
    for (const client of this.#clients) client.offer(record);
  }

  /** Whether an export of this size has to wait, after what clients would take now has left. */
  holdUp(size: ExportSize, now: number): boolean {
    let isHeld = false;
    for (const client of this.#clients) if (client.holdsUp(size, now)) isHeld = true;
    return isHeld;
  }

  /** Calls the listener when something has left, or somebody. Answers how to stop that. */
  onProgress(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves when all who can be waited for have what there is now, or the deadline has passed. */
  deliver(deadline: Deadline): Promise<void> {
    const end = this.#recent.next;
    const now = performance.now();
    for (const client of this.#clients) client.hurry(now);
    return this.#until(deadline, (client, at) => client.hasAllBefore(end) || client.isStalled(at));
  }

  /** Takes leave of everybody, and resolves when all have gone, or the deadline has passed and they are cut off. */
  async close(deadline: Deadline): Promise<void> {
    for (const client of this.#clients) this.#dismiss(client, 'shutdown');
    await this.#until(deadline, (client, now) => client.isStalled(now));
    for (const client of this.#clients) {
      client.stream.destroy();
      this.#remove(client);
    }
  }

  health(): ClientHealth[] {
    const now = performance.now();
    return [...this.#clients].map((client) => ({
      clientId: client.id,
      transport: client.stream.transport,
      healthy: client.isHealthy,
      stalled: client.isStalled(now),
      metrics: client.metrics,
    }));
  }

  stats(): ClientsStats {
    const accounts = [this.#past, ...[...this.#clients].map((client) => client.account())];
    return { connected: this.#clients.size, ...sumOf(accounts) };
  }

  #tellStats(client: TailClient): void {
    const { buffered, maxSize, dropped, healthy } = client.metrics;
    const [received, clients] = [this.#recent.next, this.#clients.size];
    client.stream.writeEvent('stats', { received, clients, buffered, maxBuffered: maxSize, dropped, healthy });
  }

  #dismiss(client: TailClient, reason: 'slow' | 'shutdown'): void {
    if (client.isClosed) return;
    client.tellMissing();
    client.close();
    client.stream.writeEvent('bye', { reason });
    client.stream.end();
    // Whoever does not read does not read that either.
    setTimeout(() => client.stream.destroy(), GOODBYE_MILLIS).unref();
  }

  #remove(client: TailClient): void {
    if (!this.#clients.delete(client)) return;
    client.close();
    this.#past = sumOf([this.#past, client.account()]);
    if (this.#clients.size === 0) this.#heartbeat.end();
    this.#onProgress();
  }

  async #until(deadline: Deadline, isOver: (client: TailClient, now: number) => boolean): Promise<void> {
    const areOver = (): boolean => {
      const now = performance.now();
      return [...this.#clients].every((client) => isOver(client, now));
    };
    await untilDeadline(deadline, (onDone) => {
      if (areOver()) return undefined;
      const check = (): void => {
        if (!areOver()) return;
        stop();
        onDone();
      };
      const stopListening = this.onProgress(check);
      const timer = setInterval(check, STALL_CHECK_MILLIS);
      const stop = (): void => {
        clearInterval(timer);
        stopListening();
      };
      return stop;
    });
  }
}

function sumOf(accounts: readonly ClientAccount[]): ClientAccount {
  const sum = { offered: 0, sent: 0, dropped: 0, waiting: 0, abandoned: 0 };
  for (const account of accounts) for (const field of ACCOUNT_FIELDS) sum[field] += account[field];
  return sum;
}
