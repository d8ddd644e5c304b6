import type { Drop } from '@spillway/core';

import type { Backend } from '../backend.ts';
import type { PayloadOwner, RequestProblem } from '../held-payload.ts';
import { namedError } from '../named-error.ts';
import type { EncodedPayload, Payload } from '../payload.ts';
import { payloadHeaders } from '../request-headers.ts';
import type { EventQueue } from './event-queue.ts';
import { type AttachMessage, type PlainError, toError, toPlainError } from './messages.ts';

type Headers = Record<string, string>;

/** How long a busy thread may take to say what headers are before the last ones it said are used. */
const MAX_HEADERS_MILLIS = 1000;

/** An owner that is on the other thread: told of everything by events, asked for headers. */
export class RemoteOwner implements PayloadOwner {
  readonly backend: Backend;
  readonly destinationId: string;
  readonly onGivenUp: ((record: EncodedPayload) => void) | undefined;
  readonly #destination: number;
  readonly #hasFixedHeaders: boolean;
  readonly #events: EventQueue;
  readonly #isMainBlocked: () => boolean;
  #headers: Headers | undefined;
  #waiting: ((error?: Error) => void)[] = [];
  url: string | undefined;

  constructor(message: AttachMessage, backend: Backend, events: EventQueue, isMainBlocked: () => boolean) {
    const { destination, destinationId, url, headers, hasFixedHeaders, wantsGivenUp } = message;
    this.backend = backend;
    this.destinationId = destinationId;
    this.url = url;
    this.#destination = destination;
    this.#headers = headers;
    this.#hasFixedHeaders = hasFixedHeaders;
    this.#events = events;
    this.#isMainBlocked = isMainBlocked;
    this.onGivenUp = wantsGivenUp
      ? ({ body, recordOffsets, highestSeverity, oldestTimeMillis, tenant }): void =>
          events.add({
            kind: 'given-up',
            destination,
            record: { body, recordOffsets, highestSeverity, oldestTimeMillis, tenant },
          })
      : undefined;
  }

  async headers(payload: Payload): Promise<Headers> {
    if (!this.#hasFixedHeaders && !this.#isMainBlocked()) await this.#ask();
    if (this.#headers === undefined) {
      throw namedError('HeaderError', 'The values of headers could not be fetched in time.');
    }
    return payloadHeaders(this.#headers, this.backend, payload);
  }

  /** The other thread has answered, or waits itself now: what it said last is to be used. */
  onHeaders(headers: Headers | undefined, error?: PlainError): void {
    if (headers !== undefined) this.#headers = headers;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const settle of waiting) settle(error && toError(error));
  }

  onDelivered(count: number): void {
    this.#events.add({ kind: 'delivered', destination: this.#destination, count });
  }

  onDropped({ count, reason, error }: Drop): void {
    this.#events.add({
      kind: 'dropped',
      destination: this.#destination,
      count,
      reason,
      error: error && toPlainError(error),
    });
  }

  onRecovered(count: number): void {
    this.#events.add({ kind: 'recovered', destination: this.#destination, count });
  }

  onRequestEnd(problem: RequestProblem | undefined, durationMillis: number): void {
    const plain = problem && { ...problem, error: toPlainError(problem.error) };
    this.#events.add({ kind: 'request-end', destination: this.#destination, durationMillis, problem: plain });
  }

  /** Resolves when the other thread has said what headers are now, or has had its time to. */
  #ask(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer);
        if (error === undefined) resolve();
        else reject(error);
      };
      const timer = setTimeout(() => {
        if (this.#headers === undefined) return;
        this.#waiting = this.#waiting.filter((other) => other !== settle);
        settle();
      }, MAX_HEADERS_MILLIS);
      this.#waiting.push(settle);
      if (this.#waiting.length === 1) {
        this.#events.add({ kind: 'headers-wanted', destination: this.#destination });
      }
    });
  }
}
