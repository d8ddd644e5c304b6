import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { seededRandom } from './seeded-random.ts';

/** What goes wrong with a request, and ends it. Storing means that what the request asks for is done. */
export type EndingFault =
  /**
   * Answers itself, as a gateway in front of the backend would: 429 with Retry-After, 5xx, 413, a redirect (307 and a Location
   * header). `store` stores the request first: it was delivered, and the client cannot know.
   */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
      readonly store?: boolean;
    }
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

/** Waits, then goes on as usual or with another fault. */
interface DelayFault<Next> {
  readonly kind: 'delay';
  readonly millis: number;
  readonly followedBy?: Next;
}

/** A fault, or one after a delay. */
export type Delayed<Ending> = Ending | DelayFault<Delayed<Ending>>;

export type Fault = Delayed<EndingFault>;

/** What a fault can be chosen by. */
export interface FaultRequest {
  /** Number of requests since the fault was set, this one not counted. */
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** Chooses the fault of a request; undefined lets it through. */
export type FaultPlan<F = Fault, R extends FaultRequest = FaultRequest> = (request: R) => F | undefined;

/** Waits as long as a fault delays; what follows, or undefined where the request goes on as usual. */
export const passDelays = async <Ending extends { readonly kind: string }>(
  fault: Delayed<Ending> | undefined,
  signal: AbortSignal,
): Promise<Ending | undefined> => {
  let next = fault;
  while (next !== undefined && isDelay(next)) {
    await delay(next.millis, undefined, { signal, ref: false });
    next = next.followedBy;
  }
  return next;
};

const isDelay = <Ending extends { readonly kind: string }>(
  fault: Delayed<Ending>,
): fault is DelayFault<Delayed<Ending>> => fault.kind === 'delay';

/** One fault after the other, then none. `undefined` in the list lets a request through. */
export const faultSequence =
  <F>(faults: readonly (F | undefined)[]): FaultPlan<F> =>
  ({ index }) =>
    faults[index];

/** The fault for a part of the requests, chosen by a generator with a seed: the same seed, the same choice. */
export const flappingFault = <F>(options: {
  readonly fault: F;
  readonly ratio: number;
  readonly seed: number;
}): FaultPlan<F> => {
  const random = seededRandom(options.seed);
  return () => (random() < options.ratio ? options.fault : undefined);
};
