import { type Context, context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { DropWarnings, Ledger, ThrottledDiag } from '@spillway/core';

import type { FlushOptions } from '../deadline.ts';
import { isOwnSending } from '../own-sending.ts';
import { DecoratorLife, type LifeHooks } from './decorator-life.ts';
import { Delegate } from './delegate.ts';

/** What every decorator does besides deciding: the account, what it takes in, the way on, flush and end. Never throws. */
export class DecoratorShell {
  readonly ledger: Ledger = new Ledger();
  readonly diag: ThrottledDiag = new ThrottledDiag({ namespace: '@spillway/processors' });
  readonly #warnings = new DropWarnings(this.diag, this.ledger);
  readonly #delegates: Delegate[] = [];
  readonly #life: DecoratorLife;

  constructor(hooks: LifeHooks = {}) {
    this.#life = new DecoratorLife(this.#delegates, {
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

  /** Takes a processor under its wings: it is flushed and shut down with the decorator. `field` names its option. */
  addDelegate(field: string, processor: LogRecordProcessor): Delegate {
    const delegate = new Delegate(processor, (operation, error) =>
      this.diag.error(`${field} ${operation}`, `${operation}() of \`${field}\` failed`, error),
    );
    this.#delegates.push(delegate);
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
    if (!isOwnSending(emitContext ?? context.active())) return true;
    this.ledger.drop('suppressed');
    return false;
  }

  /** Hands a record on. The ledger counts it first, so that whoever looks from within the delegate finds it there. */
  pass(delegate: Delegate, record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    this.ledger.pass();
    delegate.emit(record, emitContext);
  }

  /** Drops a record that cannot be read, such as one with a getter that throws. */
  dropInvalid(error: unknown): void {
    this.ledger.drop('invalid');
    this.#warnings.onDrop(error instanceof Error ? error : undefined);
  }

  forceFlush(options: FlushOptions | undefined): Promise<void> {
    return this.#life.forceFlush(options);
  }

  shutdown(options: FlushOptions | undefined): Promise<void> {
    return this.#life.shutdown(options);
  }

  flushSync(deadlineMillis: number): void {
    this.#life.flushSync(deadlineMillis);
  }
}
