import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { type Deadline, type DeadlineOptions, untilDeadline } from '@spillway/core';

/** What `enabled` is asked. */
export type EnabledOptions = Parameters<NonNullable<LogRecordProcessor['enabled']>>[0];

/** A call that can go wrong in a delegate. */
export type DelegateOperation = 'onEmit' | 'enabled' | 'forceFlush' | 'shutdown' | 'flushSync';

/** Told of what went wrong, and with which record. */
export type OnDelegateFailure = (operation: DelegateOperation, error: unknown, record?: ReadWriteLogRecord) => void;

/** What processors of this project understand beyond the SDK's interface. Others ignore the budget. */
interface BudgetedProcessor {
  forceFlush(options: DeadlineOptions): unknown;
  shutdown(options: DeadlineOptions): unknown;
  flushSync?(deadlineMillis: number): void;
}

/** A processor that stands behind one of ours. It may be anybody's: whatever goes wrong in it ends here. */
export class Delegate {
  readonly #processor: LogRecordProcessor;
  readonly #onFailure: OnDelegateFailure;
  #isAsked = false;

  /** @param onFailure must not throw */
  constructor(processor: LogRecordProcessor, onFailure: OnDelegateFailure) {
    this.#processor = processor;
    this.#onFailure = onFailure;
  }

  emit(record: ReadWriteLogRecord, context: Context | undefined): void {
    try {
      const answer: unknown = this.#processor.onEmit(record, context);
      if (answer instanceof Promise) this.#watch('onEmit', answer, record);
    } catch (error) {
      this.#onFailure('onEmit', error, record);
    }
  }

  /** True where the delegate does not say, as the specification has it. */
  enabled(options: EnabledOptions): boolean {
    // A delegate that logs where it is asked would be asked about that too, and so on.
    if (this.#isAsked) return true;
    this.#isAsked = true;
    try {
      const answer: unknown = this.#processor.enabled?.(options);
      if (answer instanceof Promise) this.#watch('enabled', answer);
      return answer !== false;
    } catch (error) {
      this.#onFailure('enabled', error);
      return true;
    } finally {
      this.#isAsked = false;
    }
  }

  /** Resolves when the delegate has flushed, has failed to, or has not ended in time. */
  forceFlush(deadline: Deadline): Promise<void> {
    return this.#end('forceFlush', deadline);
  }

  /** Resolves when the delegate is shut down, has failed to be, or has not ended in time. */
  shutdown(deadline: Deadline): Promise<void> {
    return this.#end('shutdown', deadline);
  }

  /** @param timeoutMillis how long it may take */
  flushSync(timeoutMillis: number): void {
    try {
      const answer: unknown = (this.#processor as BudgetedProcessor).flushSync?.(timeoutMillis);
      if (answer instanceof Promise) this.#watch('flushSync', answer);
    } catch (error) {
      this.#onFailure('flushSync', error);
    }
  }

  /** A method that should answer at once may be `async` all the same: left alone, its rejection would end the process. */
  #watch(operation: DelegateOperation, answer: Promise<unknown>, record?: ReadWriteLogRecord): void {
    answer.catch((error: unknown) => this.#onFailure(operation, error, record));
  }

  async #end(operation: 'forceFlush' | 'shutdown', deadline: Deadline): Promise<void> {
    const timeoutMillis = deadline.remainingMillis;
    let isOver = false;
    const onError = (error: unknown): void => {
      // What fails after its time has been reported already.
      if (!isOver) this.#onFailure(operation, error);
    };
    await untilDeadline(deadline, (onDone) => {
      const work = this.#call(operation, timeoutMillis);
      work.catch(onError).finally(() => {
        isOver = true;
        onDone();
      });
      return () => {
        onError(new DelegateTimeoutError(operation, timeoutMillis));
        isOver = true;
      };
    });
  }

  async #call(operation: 'forceFlush' | 'shutdown', timeoutMillis: number): Promise<unknown> {
    return (this.#processor as BudgetedProcessor)[operation]({ timeoutMillis });
  }
}

/** A delegate that did not end within its budget. */
class DelegateTimeoutError extends Error {
  override readonly name = 'DelegateTimeoutError';

  constructor(operation: string, timeoutMillis: number) {
    super(`${operation}() did not end within ${Math.round(timeoutMillis)} ms`);
  }
}
