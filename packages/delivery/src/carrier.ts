import type { Deadline } from '@spillway/core';

import type { PayloadOwner } from './held-payload.ts';
import type { EncodedPayload } from './payload.ts';

/** Whose payloads are carried, with its account. */
export interface CarriedOwner extends PayloadOwner {
  /** Records that its ledger holds now, and that the carriage was given: not those that wait to share a request. */
  readonly carried: number;
  /** Module that has {@link PayloadOwner.backend} as its export `backend`; undefined where no worker can have it. */
  readonly backendUrl: string | undefined;
  /** Whether the headers of its requests never change. */
  readonly hasFixedHeaders: boolean;
  /** Hands over at once what waits for others to share a request. */
  handOn(): void;
  /** The headers of its requests that do not depend on the payload; rejects where a secret cannot be had. */
  revealHeaders(): Promise<Record<string, string>>;
  /** The same at once; undefined where it takes time. */
  revealHeadersNow(): Record<string, string> | undefined;
}

/** Payloads that are taken in together, and answered for together. */
export interface Stage {
  /** Calls back once an outbox has answered for all of them; at once where it has. */
  onStored(callback: () => void): void;
}

/** What becomes of encoded payloads: they are compressed, held, sent and settled, on this thread or on another one. */
export interface Carrier {
  readonly isClosed: boolean;
  /** Whether an export may be answered only once its payloads are in the outbox. */
  readonly writesAhead: boolean;
  /** How long payloads that come thick and fast may wait for others to share a request, in milliseconds. */
  readonly lingerMillis: number;
  /** Bytes in the outbox. */
  readonly outboxBytes: number;
  readonly requestsInFlight: number;
  /** @throws TypeError or RangeError where this owner's payloads cannot be carried. */
  attach(owner: CarriedOwner): Carriage;
  /** Ends all that is under way, within the time, and frees everything. */
  close(deadline: Deadline): Promise<void>;
}

/** The way of one owner's payloads. */
export interface Carriage {
  /** Bytes on the way into the outbox, not compressed. */
  readonly stagedBytes: number;
  /** How large requests for this tenant may be: 1, or a half, a quarter ... after repeated 429. */
  sizeRatio(tenant: string | undefined): number;
  /** Begins to store payloads, in the order they are to be sent. */
  stage(payloads: readonly EncodedPayload[]): Stage;
  /** Takes responsibility for the records of a stage. */
  accept(stage: Stage): void;
  /** Resolves when the outbox has answered for all that is staged now. */
  stored(): Promise<void>;
  /** The point up to which a flush waits: what is staged from here on it does not. */
  mark(): number;
  /** Resolves when what was staged before the mark is settled, when waiting is pointless, or at the deadline. */
  flush(mark: number, deadline: Deadline): Promise<void>;
  /** The owner's address has changed. */
  redirect(): void;
  /**
   * Gives up what has not been settled; what outlives the process stays held. Ends within a second.
   * @param onGivingUp called right before: until then the owner's account goes on
   */
  abandon(onGivingUp: () => void): Promise<void>;
  /** Makes what was staged durable, or sends it, without anything asynchronous on this thread. */
  flushSync(deadline: Deadline): void;
}
