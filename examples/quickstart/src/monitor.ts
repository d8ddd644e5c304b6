import { openAccount, unaccounted } from './account.ts';
import type { Backend } from './backend.ts';
import type { CountingLogger } from './counting-logger.ts';
import type { Status } from './status.ts';
import type { Telemetry } from './telemetry.ts';

export interface Watched {
  readonly logger: CountingLogger;
  readonly telemetry: Telemetry;
  readonly backend: Backend;
}

const INTERVAL_MILLIS = 100;

/** Looks at a run ten times per second, and checks the account each time. */
export class Monitor {
  readonly #watched: Watched;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #checks = 0;
  #failedChecks = 0;
  #maxHeld = 0;

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  get elapsedMillis(): number {
    return performance.now() - this.#startedAt;
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

  start(onLook: (status: Status) => void): void {
    this.#timer = setInterval(() => onLook(this.look()), INTERVAL_MILLIS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): Status {
    const { logger, telemetry, backend } = this.#watched;
    // Read in one go: records may change hands in the next turn.
    const exporter = telemetry.exporter.stats();
    const account = openAccount(logger.emitted, {
      recorder: telemetry.recorder.stats(),
      burstDrop: telemetry.burstDrop.stats(),
      sampling: telemetry.sampling.stats(),
      hybrid: telemetry.hybrid.stats(),
      exporter,
    });
    this.#checks += 1;
    if (unaccounted(account) !== 0) this.#failedChecks += 1;
    this.#maxHeld = Math.max(this.#maxHeld, account.held);
    return {
      elapsedMillis: this.elapsedMillis,
      isOut: backend.isOut,
      lokiState: backend.state,
      account,
      requestsSucceeded: exporter.requestsSucceeded,
      requestsFailed: exporter.requestsFailed,
    };
  }
}
