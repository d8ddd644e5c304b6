import type { Drop } from '@spillway/core';

import type { Compressor } from './compression.ts';
import type { EncodedPayload } from './payload.ts';

/** What a backend answered: everything that decides about the payload. */
export interface BackendResponse {
  /** HTTP status. */
  readonly status: number;
  /** At most the first 64 KiB of the body, as text; empty for 2xx, and where it could not be read. */
  readonly body: string;
}

/** What an answer means for the payload that was sent. */
export type Verdict =
  /** All of it is stored. */
  | { readonly outcome: 'delivered' }
  /** `rejectedCount` of its records were refused for good, the others are stored. */
  | { readonly outcome: 'rejected'; readonly rejectedCount: number; readonly error: Error }
  /**
   * Nothing can be said for good: send the same bytes again. `throttled` where the backend asks for less, `isUnavailable`
   * where it says that it is down as a whole, so that no payload can be the reason.
   */
  | {
      readonly outcome: 'retryable';
      readonly throttled: boolean;
      readonly isUnavailable?: boolean;
      readonly error: Error;
    }
  /** Not as one: send its halves. `reason` is what a single record is dropped for. */
  | { readonly outcome: 'split'; readonly reason: 'too_large' | 'rejected'; readonly error: Error }
  /** Address or credentials are wrong: hold everything and say so. */
  | { readonly outcome: 'refused-by-configuration'; readonly error: Error };

/**
 * A backend's side of delivery: pure functions in a module of their own, so that a worker can import it.
 * `encode` is the third of them; it stays on the emitting thread and is given to {@link DestinationOptions}.
 */
export interface Backend {
  /** Short, stable name, such as `loki`. */
  readonly id: string;
  /** `Content-Type` of its bodies. */
  readonly contentType: string;
  /** Header that carries a payload's tenant; undefined where there are no tenants. */
  readonly tenantHeader?: string;
  /** How bodies are compressed, where the protocol knows one way only; the option `compression` has no effect then. */
  readonly compressor?: Compressor;
  /**
   * Whether payloads have to arrive in the order of encoding: each is sent when the one before it is settled. What comes
   * later says more than what came before, so that a record which fails by itself is soon given up. Severities make no
   * difference. @defaultValue false
   */
  readonly isOrdered?: boolean;
  /** What an answer means. Redirects and network errors never reach it. */
  classify(response: BackendResponse, payload: { readonly recordCount: number }): Verdict;
  /** Cuts a payload of several records in two by slicing its encoded records; the bytes of a record stay identical. */
  split(payload: EncodedPayload): readonly EncodedPayload[];
}

/** What `encode` made of some records: every one of them is in a payload or in a drop. */
export interface Encoding {
  readonly payloads: readonly EncodedPayload[];
  readonly drops: readonly Drop[];
}
