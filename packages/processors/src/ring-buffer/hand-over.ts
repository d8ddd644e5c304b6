import type { Context } from '@opentelemetry/api';
import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import type { LogRecordSnapshot } from '@spillway/core';

import type { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate } from '../decorator/delegate.ts';
import { contextOf, holdLogRecord } from './held-log-record.ts';

/** A delegate that logs whenever it gets a record would never end: so many records come of each other, the first included. */
const MAX_GENERATIONS = 8;
/** Records that may wait at once because they were logged while others were handed on. */
const MAX_NESTED = 1000;

interface Waiting {
  readonly delegate: Delegate;
  readonly record: ReadWriteLogRecord;
  readonly context: Context | undefined;
}

/**
 * Hands records on one after the other, in the order in which they were given to it. What a delegate logs meanwhile is a
 * new generation: it waits until all that was emitted before has been handed on.
 */
export class HandOver {
  readonly #shell: DecoratorShell;
  #waiting: Waiting[] = [];
  /** Of those that wait, the ones that were logged while others were handed on. */
  #nested = 0;
  #isBusy = false;
  /** Of what is handed on now; 0 is what was not logged by a delegate. */
  #generation = 0;

  constructor(shell: DecoratorShell) {
    this.#shell = shell;
  }

  /** Whether a record that is emitted now can be taken. */
  get takesMore(): boolean {
    return !this.#isBusy || (this.#generation + 1 < MAX_GENERATIONS && this.#nested < MAX_NESTED);
  }

  /** Lets a record that was held wait for `run` or `pass`. */
  add(delegate: Delegate, record: LogRecordSnapshot): void {
    this.#waiting.push({ delegate, record, context: contextOf(record) });
  }

  /** Hands on what waits, and then a record that is being emitted. */
  pass(delegate: Delegate, record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    if (this.#isBusy) return this.#passLater(delegate, record);
    if (this.#waiting.length > 0) {
      this.#waiting.push({ delegate, record, context: emitContext });
      return this.run();
    }
    this.#isBusy = true;
    try {
      this.#shell.pass(delegate, record, emitContext);
    } finally {
      this.#isBusy = false;
    }
    if (this.#waiting.length > 0) this.#runWaiting(1);
  }

  /** Hands on what waits. Does nothing while that is being done further up the stack. */
  run(): void {
    if (!this.#isBusy && this.#waiting.length > 0) this.#runWaiting(0);
  }

  #runWaiting(generation: number): void {
    this.#isBusy = true;
    try {
      for (this.#generation = generation; this.#waiting.length > 0; this.#generation += 1) {
        const batch = this.#waiting;
        this.#waiting = [];
        this.#nested = 0;
        for (const { delegate, record, context } of batch) this.#shell.pass(delegate, record, context);
      }
    } finally {
      this.#isBusy = false;
      this.#generation = 0;
    }
  }

  /** Its emission will be over by then, after which only a record of our own may be changed by a delegate. */
  #passLater(delegate: Delegate, record: ReadWriteLogRecord): void {
    try {
      this.add(delegate, holdLogRecord(record));
      this.#nested += 1;
    } catch (error) {
      this.#shell.dropInvalid(error);
    }
  }
}
