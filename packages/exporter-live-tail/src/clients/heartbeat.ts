import type { ThrottledDiag } from '@spillway/core';

import { isProcessIdle } from './process-idleness.ts';
import type { TailClient } from './tail-client.ts';

interface HeartbeatOptions {
  readonly disconnectSlowAfterMillis: number;
  readonly diag: ThrottledDiag;
  readonly tellStats: (client: TailClient) => void;
  /** Takes leave of a client that is too slow. */
  readonly dismiss: (client: TailClient) => void;
}

interface Pulse {
  unhealthySince: number | undefined;
  toldDrops: number;
}

const INTERVAL_MILLIS = 1000;
const PING_EVERY = 15;

/** Looks after all clients once a second, while there are any. */
export class Heartbeat {
  readonly #clients: ReadonlySet<TailClient>;
  readonly #options: HeartbeatOptions;
  readonly #pulses = new WeakMap<TailClient, Pulse>();
  #timer: NodeJS.Timeout | undefined;
  #beats = 0;

  constructor(clients: ReadonlySet<TailClient>, options: HeartbeatOptions) {
    this.#clients = clients;
    this.#options = options;
  }

  begin(): void {
    this.#timer ??= setInterval(() => this.#beat(), INTERVAL_MILLIS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    this.#beats += 1;
    const now = performance.now();
    for (const client of this.#clients) this.#look(client, now);
    this.#letTheProcessEnd(now);
  }

  #look(client: TailClient, now: number): void {
    const { stream } = client;
    if (client.isClosed) return;
    client.tellMissing();
    // Whoever does not read would only have more to read.
    if (!stream.outflow.isFull) this.#options.tellStats(client);
    if (!stream.outflow.isFull && this.#beats % PING_EVERY === 0) stream.ping();
    const pulse = this.#pulses.get(client) ?? { unhealthySince: undefined, toldDrops: 0 };
    this.#pulses.set(client, pulse);
    this.#warnOfDrops(client, pulse);
    const isSlow = !client.isHealthy || client.isStalled(now);
    pulse.unhealthySince = isSlow ? (pulse.unhealthySince ?? now) : undefined;
    const slowMillis = pulse.unhealthySince === undefined ? 0 : now - pulse.unhealthySince;
    if (isSlow && slowMillis >= this.#options.disconnectSlowAfterMillis) this.#options.dismiss(client);
  }

  #warnOfDrops({ id, metrics }: TailClient, pulse: Pulse): void {
    const { dropped } = metrics;
    const key = `drops of ${id}`;
    const { diag } = this.#options;
    if (dropped === pulse.toldDrops || !diag.isDue(key)) return;
    pulse.toldDrops = dropped;
    diag.warn(key, `The client ${id} reads too slowly: ${dropped} records were dropped for it so far`);
  }

  /**
   * A live tail keeps no script running: once nothing but writes to stalled clients is left, those are given up. Where that is
   * a mistake they come back, and miss nothing that is kept.
   */
  #letTheProcessEnd(now: number): void {
    const stalled = [...this.#clients].filter((client) => client.isStalled(now));
    if (stalled.length > 0 && isProcessIdle()) for (const { stream } of stalled) stream.destroy();
  }
}
