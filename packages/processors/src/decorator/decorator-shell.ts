import { type Context, context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { type DeadlineOptions, DropWarnings, Ledger, ThrottledDiag } from '@spillway/core';

import { isOwnSending } from '../own-sending.ts';
import { DecoratorLife, type LifeHooks } from './decorator-life.ts';
import { Delegate, type OnDelegateFailure } from './delegate.ts';
import { toError } from './described-error.ts';

/** A delegate that logs here for each record that it gets would never end. */
const MAX_DEPTH = 8;

/** What every decorator does besides deciding: the account, what it takes in, the way on, flush and end. Never throws. */
export class DecoratorShell {
  readonly ledger: Ledger = new Ledger();
  readonly diag: ThrottledDiag = new ThrottledDiag({ namespace: '@spillway/processors' });
  readonly #warnings = new DropWarnings(this.diag, this.ledger);
  readonly #life: DecoratorLife;
  /** Records that are being handed on now: more than one where a delegate logs. */
  #depth = 0;
  #isAsking = false;

  constructor(hooks: LifeHooks = {}) {
    this.#life = new DecoratorLife({
      ...hooks,
      beforeShutdown: () => {
        hooks.beforeShutdown?.();
        this.#warnings.flush();
      },
    });
  }

  get isShutDown(): boolean {
    return this.#life.isShutDown;
  }

  /**
   * Takes a processor under its wings: it is flushed and shut down with the decorator.
   *
   * @param field names its option
   * @param onFailure told of what goes wrong in it, in place of `diag`; must not throw
   */
  addDelegate(
    field: string,
    processor: LogRecordProcessor,
    onFailure: OnDelegateFailure = this.#warnOf(field),
  ): Delegate {
    const delegate = new Delegate(processor, onFailure);
    this.#life.add(delegate);
    return delegate;
  }

  /** The same for one that is shut down only after the delegates, which may need it until then. */
  addLast(field: string, processor: LogRecordProcessor): Delegate {
    const delegate = new Delegate(processor, this.#warnOf(field));
    this.#life.addLast(delegate);
    return delegate;
  }

  /** Counts a record that comes. Answers false where it is dropped at once: after shutdown, or caused by our own sending. */
  admit(emitContext: Context | undefined): boolean {
    this.ledger.receive();
    if (this.#life.isShutDown) {
      this.ledger.drop('shutdown');
      this.#warnings.onDrop();
      return false;
    }
    try {
      if (this.#depth < MAX_DEPTH && !isOwnSending(emitContext ?? context.active())) return true;
      this.ledger.drop('suppressed');
    } catch (error) {
      this.dropInvalid(error);
    }
    return false;
  }

  /** Hands a record on. The ledger counts it first, so that whoever looks from within the delegate finds it there. */
  pass(delegate: Delegate, record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    this.ledger.pass();
    this.emit(delegate, record, emitContext);
  }

  /** Hands a record on that the ledger has counted. */
  emit(delegate: Delegate, record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    this.#depth += 1;
    try {
      delegate.emit(record, emitContext);
    } finally {
      this.#depth -= 1;
    }
  }

  /**
   * What a callback of the application answers.
   *
   * @param option names the callback
   * @param otherwise the answer where it throws, which is logged, and about what it logs itself
   */
  ask<Argument, Answer>(
    option: string,
    callback: (argument: Argument) => Answer,
    argument: Argument,
    otherwise: Answer,
  ): Answer {
    // A callback that logs would be asked about that record too, and so on.
    if (this.#isAsking) return otherwise;
    this.#isAsking = true;
    try {
      const answer = callback(argument);
      // Left alone, what an `async` callback rejects with would end the process.
      if (answer instanceof Promise) answer.catch((error: unknown) => this.#warnOfCallback(option, error));
      return answer;
    } catch (error) {
      this.#warnOfCallback(option, error);
      return otherwise;
    } finally {
      this.#isAsking = false;
    }
  }

  /** The key that a callback of the application names: a text, or a number as its text; undefined for anything else. */
  askForKey<Argument>(
    option: string,
    callback: (argument: Argument) => unknown,
    argument: Argument,
  ): string | undefined {
    const key = this.ask<Argument, unknown>(option, callback, argument, undefined);
    if (typeof key === 'string' || key === undefined) return key;
    if (typeof key === 'number') return String(key);
    this.diag.error(option, `The ${option} callback answered with what is neither a text, nor a number, nor undefined`);
    return undefined;
  }

  /** Drops a record that cannot be read, such as one with a getter that throws. */
  dropInvalid(error: unknown): undefined {
    this.ledger.drop('invalid');
    this.#warnings.onDrop(toError(error));
    return undefined;
  }

  forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    return this.#life.forceFlush(options);
  }

  shutdown(options: DeadlineOptions | undefined): Promise<void> {
    return this.#life.shutdown(options);
  }

  flushSync(deadlineMillis: number): void {
    this.#life.flushSync(deadlineMillis);
  }

  #warnOfCallback(option: string, thrown: unknown): void {
    this.diag.error(option, `The ${option} callback threw`, toError(thrown));
  }

  #warnOf(field: string): OnDelegateFailure {
    return (operation, thrown) =>
      this.diag.error(`${field} ${operation}`, `${operation}() of \`${field}\` failed`, toError(thrown));
  }
}
