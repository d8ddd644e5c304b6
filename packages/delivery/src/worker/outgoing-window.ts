import type { EncodedPayload } from '../payload.ts';
import { payloadBytes } from '../outbox.ts';
import type { StageMessage } from './messages.ts';

/** Bytes that the worker may have without having stored them. */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** Bytes that may wait beside them; a worker that is stuck or dead must not fill the memory of the application. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * Stages on their way to the worker. So many are posted as it can deal with soon; the others wait here, in order. All of
 * them stay here until the worker has answered for them: the next one is given them again.
 */
export class OutgoingWindow {
  readonly #post: (message: StageMessage) => void;
  readonly #posted = new Map<number, StageMessage>();
  readonly #waiting = new Map<number, StageMessage>();
  #postedBytes = 0;
  #waitingBytes = 0;
  #count = 0;

  constructor(post: (message: StageMessage) => void) {
    this.#post = post;
  }

  /** Stages that have come so far. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#postedBytes + this.#waitingBytes;
  }

  /** Says whether there is room for it. */
  add(message: StageMessage): boolean {
    const bytes = bytesOf(message);
    this.#count += 1;
    if (this.#waiting.size === 0 && this.#hasRoomFor(bytes)) this.#send(message, bytes);
    else if (this.#waitingBytes + bytes > MAX_WAITING_BYTES) return false;
    else {
      this.#waiting.set(message.stage, message);
      this.#waitingBytes += bytes;
    }
    return true;
  }

  /** The worker has answered for a stage. Returns its payloads, where they are still here. */
  onStored(stage: number): readonly EncodedPayload[] {
    const message = this.#posted.get(stage);
    if (message === undefined) return [];
    this.#posted.delete(stage);
    this.#postedBytes -= bytesOf(message);
    this.#postWaiting();
    return message.payloads;
  }

  /** Posts everything: the worker is to deal with it now. */
  postAll(): void {
    for (const message of this.#waiting.values()) this.#send(message, bytesOf(message));
    this.#waiting.clear();
    this.#waitingBytes = 0;
  }

  /** Posts again what was posted to a worker that has died. */
  postAgain(): void {
    for (const message of this.#posted.values()) this.#post(message);
  }

  /** Gives out all that is here, in order, of one destination or of all. */
  take(destination?: number): StageMessage[] {
    const isTaken = (message: StageMessage): boolean =>
      destination === undefined || message.destination === destination;
    const posted = [...this.#posted.values()].filter(isTaken);
    const waiting = [...this.#waiting.values()].filter(isTaken);
    // First, or they would be posted in the place of those that leave.
    for (const message of waiting) {
      this.#waiting.delete(message.stage);
      this.#waitingBytes -= bytesOf(message);
    }
    for (const message of posted) this.onStored(message.stage);
    return [...posted, ...waiting];
  }

  #postWaiting(): void {
    for (const [name, next] of this.#waiting) {
      const bytes = bytesOf(next);
      if (!this.#hasRoomFor(bytes)) return;
      this.#waiting.delete(name);
      this.#waitingBytes -= bytes;
      this.#send(next, bytes);
    }
  }

  /** An empty window takes anything: a stage may be larger than the window. */
  #hasRoomFor(bytes: number): boolean {
    return this.#posted.size === 0 || this.#postedBytes + bytes <= WINDOW_BYTES;
  }

  #send(message: StageMessage, bytes: number): void {
    this.#posted.set(message.stage, message);
    this.#postedBytes += bytes;
    this.#post(message);
  }
}

function bytesOf({ payloads }: StageMessage): number {
  return payloads.reduce((sum, payload) => sum + payloadBytes(payload), 0);
}
