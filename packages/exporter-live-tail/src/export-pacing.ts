import type { ExportSize } from './clients/tail-client.ts';
import type { TailClients } from './clients/tail-clients.ts';

interface WaitingExport {
  readonly size: ExportSize;
  readonly expiresAt: number;
  readonly answer: () => void;
}

/** The longest that an export waits for clients: none of them is waited for that has not read for so long. */
const MAX_WAIT_MILLIS = 1000;
/** Whoever exports more than this without waiting for answers is not slowed down by waiting for them. */
const MAX_WAITING = 64;

/**
 * Answers exports when clients have room for what comes next, so that those that keep up get everything: a processor that
 * waits for answers has the queue that a burst needs. Nobody waits for a client that has stalled, and not for long for any.
 */
export class ExportPacing {
  readonly #clients: TailClients;
  readonly #waiting: WaitingExport[] = [];
  #timer: NodeJS.Timeout | undefined;
  #hasTurn = false;

  constructor(clients: TailClients) {
    this.#clients = clients;
    clients.onProgress(() => this.#planTurn());
  }

  /** Calls back at once, or when the time has come. */
  hold(size: ExportSize, answer: () => void): void {
    const now = performance.now();
    const mustWait = this.#waiting.length > 0 || this.#clients.holdUp(size, now);
    if (!mustWait || this.#waiting.length >= MAX_WAITING) {
      answer();
      return;
    }
    this.#waiting.push({ size, expiresAt: now + MAX_WAIT_MILLIS, answer });
    this.#timer ??= setTimeout(() => this.#onTime(), MAX_WAIT_MILLIS);
  }

  /** Answers everything that waits. */
  release(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const { answer } of this.#waiting.splice(0)) answer();
  }

  #planTurn(): void {
    if (this.#waiting.length === 0 || this.#hasTurn) return;
    this.#hasTurn = true;
    setImmediate(() => this.#runTurn());
  }

  /** One answer in a turn of the event loop: what it brings has to be seen before the next one is given. */
  #runTurn(): void {
    this.#hasTurn = false;
    const [head] = this.#waiting;
    if (head === undefined || this.#clients.holdUp(head.size, performance.now())) return;
    this.#waiting.shift();
    head.answer();
    this.#planTurn();
    if (this.#waiting.length > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #onTime(): void {
    this.#timer = undefined;
    const now = performance.now();
    const count = this.#waiting.findIndex(({ expiresAt }) => expiresAt > now + 1);
    for (const { answer } of this.#waiting.splice(0, count < 0 ? Infinity : count)) answer();
    const [head] = this.#waiting;
    if (head !== undefined) this.#timer ??= setTimeout(() => this.#onTime(), Math.ceil(head.expiresAt - now));
  }
}
