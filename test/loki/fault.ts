import type { IncomingHttpHeaders } from 'node:http';

/** What goes wrong with a push. Every kind but `delay` decides how the request ends. */
export type Fault =
  /** Waits, then goes on as usual or with another fault. */
  | { readonly kind: 'delay'; readonly millis: number; readonly followedBy?: Fault }
  /**
   * Answers itself, as a gateway in front of Loki would: 429 with Retry-After, 5xx, 413, a redirect (307 and a Location header).
   * `store` stores the request first: it was delivered, and the client cannot know.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly store?: boolean;
    }
  /** Loki's own refusal while ingestion is blocked: nothing is stored, with a status that looks like success (260). */
  | { readonly kind: 'block-ingestion'; readonly status?: number; readonly untilMillis?: number }
  /** Closes the connection with a TCP reset. */
  | { readonly kind: 'reset'; readonly when: 'before-reading' | 'after-reading' | 'after-storing' }
  /** Reads the request and never answers. `store` stores it first. */
  | { readonly kind: 'hang'; readonly store?: boolean }
  /** Stores the request, answers with a status and then sends the body byte by byte, `bytes` of them. */
  | { readonly kind: 'dribble'; readonly everyMillis: number; readonly bytes?: number; readonly status?: number }
  /** Stores the request if the status is a success, sends status and headers, and breaks the connection within the body. */
  | { readonly kind: 'break-after-status'; readonly status?: number }
  /** Answers with a body of this size, without storing. */
  | { readonly kind: 'huge-body'; readonly bytes: number; readonly status?: number };

/** What a fault can be chosen by: the body was not read yet. */
export interface FaultRequest {
  /** Number of pushes since the fault was set, this one not counted. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Chooses the fault of a push; undefined lets it through. */
export type FaultPlan = (request: FaultRequest) => Fault | undefined;

/** One fault after the other, then none. `undefined` in the list lets a push through. */
export const faultSequence =
  (faults: readonly (Fault | undefined)[]): FaultPlan =>
  ({ index }) =>
    faults[index];

/** The fault for a part of the pushes, chosen by a generator with a seed: the same seed, the same choice. */
export const flappingFault = (options: {
  readonly fault: Fault;
  readonly ratio: number;
  readonly seed: number;
}): FaultPlan => {
  let state = options.seed >>> 0;
  return () => {
    // Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const random = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    return random < options.ratio ? options.fault : undefined;
  };
};
