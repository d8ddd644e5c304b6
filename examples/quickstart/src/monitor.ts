import { openAccount, unaccounted } from './account.ts';
import type { CountingLogger } from './counting-logger.ts';
import type { Relay } from './relay.ts';
import type { LivePage, Status } from './status.ts';
import type { Components } from './telemetry.ts';

export interface Watched {
  readonly logger: CountingLogger;
  readonly components: Components;
  readonly relay: Relay;
}

const INTERVAL_MILLIS = 100;

/** Looks at a run ten times per second, and checks the account each time. */
export class Monitor {
  readonly #watched: Watched;
  #startedAt = Infinity;
  #timer: NodeJS.Timeout | undefined;
  #checks = 0;
  #failedChecks = 0;
  #maxHeld = 0;
  #visitors = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** Since the start; 0 before it. */
  get elapsedMillis(): number {
    return Math.max(0, performance.now() - this.#startedAt);
  }

  /** Looks so far, each of them a check of the account. */
  get checks(): number {
    return this.#checks;
  }

  /** Checks that found records nowhere, or in two places. */
  get failedChecks(): number {
    return this.#failedChecks;
  }

  /** Most records that the exporter held at once. */
  get maxHeld(): number {
    return this.#maxHeld;
  }

  /** What the live page got so far. */
  get livePage(): LivePage {
    const { passed, clients } = this.#watched.components.live_tail.stats();
    return { evaluated: passed, sent: clients.sent, missed: clients.dropped, visitors: this.#visitors };
  }

  start(onLook: (status: Status) => void): void {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => onLook(this.look()), INTERVAL_MILLIS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): Status {
    const { logger, components, relay } = this.#watched;
    // Read in one go: records may change hands in the next turn.
    const exporter = components.loki.stats();
    const account = openAccount(logger.emitted, {
      fanOut: components.fan_out.stats(),
      recorder: components.ring_buffer.stats(),
      burstDrop: components.burst_drop.stats(),
      sampling: components.sampling.stats(),
      hybrid: components.hybrid.stats(),
      exporter,
    });
    this.#checks += 1;
    if (unaccounted(account) !== 0) this.#failedChecks += 1;
    this.#maxHeld = Math.max(this.#maxHeld, account.held);
    this.#visitors = Math.max(this.#visitors, components.live_tail.stats().clients.connected);
    return {
      elapsedMillis: this.elapsedMillis,
      isOut: !relay.isOpen,
      account,
      requestsSucceeded: exporter.requestsSucceeded,
      requestsFailed: exporter.requestsFailed,
    };
  }
}
