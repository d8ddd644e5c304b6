import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { Ledger } from '@spillway/core';

import type { LogHandler } from '../handlers/log-handler.ts';
import type { OwnDoing } from './own-doing.ts';
import { PendingCalls } from './pending-calls.ts';
import { plainRecord } from './plain-record.ts';

export interface HandlerCallsOptions {
  readonly handler: LogHandler;
  /** Calls that may be pending at once. Beyond it a record does not get to the handler. */
  readonly maxPending: number;
  readonly ownDoing: OwnDoing;
  /** Told of what a call threw or rejected with. Must not throw. */
  readonly onFailure: (error: unknown, record: ReadableLogRecord) => void;
  /** Told of each record that does not get to the handler. Must not throw. */
  readonly onOverflow: () => void;
}

/** Calls one handler, and accounts for each record that comes for it. Never throws. */
export class HandlerCalls {
  readonly ledger: Ledger = new Ledger();
  readonly #options: HandlerCallsOptions;
  readonly #pending = new PendingCalls();

  constructor(options: HandlerCallsOptions) {
    this.#options = options;
  }

  /** Answers what resolves when the call has ended; undefined where it has already. */
  call(record: ReadableLogRecord): Promise<void> | undefined {
    const { handler, maxPending, ownDoing, onOverflow } = this.#options;
    this.ledger.receive();
    if (this.#pending.count >= maxPending) {
      this.ledger.drop('queue_full');
      onOverflow();
      return undefined;
    }
    try {
      const end = ownDoing.run(() => endOf(handler(plainRecord(record))));
      if (end !== undefined) return this.#wait(end, record);
      this.ledger.pass();
    } catch (error) {
      this.#fail(error, record);
    }
    return undefined;
  }

  /** Resolves when all calls that are pending now have ended. */
  settled(): Promise<void> {
    return this.#pending.settled();
  }

  /** Waits no longer for what is pending: for good. */
  letGo(): void {
    const count = this.#pending.letGo();
    if (count > 0) this.ledger.drop('shutdown', count);
  }

  #wait(answer: Promise<unknown>, record: ReadableLogRecord): Promise<void> {
    return this.#pending.add(
      answer.then(
        () => () => this.ledger.pass(),
        (error: unknown) => () => this.#fail(error, record),
      ),
    );
  }

  #fail(error: unknown, record: ReadableLogRecord): void {
    this.ledger.drop('rejected');
    this.#options.onFailure(error, record);
  }
}

/**
 * When what a handler has answered is over; undefined where there is nothing to wait for. Any object with a `then` may
 * come. That is called at once and not by the engine later: what runs only then, such as the query of a query builder, is
 * the handler's doing too.
 */
function endOf(answer: unknown): Promise<unknown> | undefined {
  const then: unknown = isObject(answer) ? Reflect.get(answer, 'then') : undefined;
  if (typeof then !== 'function') return undefined;
  return new Promise((resolve, reject) => void Reflect.apply(then, answer, [resolve, reject]));
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
