import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { type Deadline, type Ledger, type ThrottledDiag, workUntilDeadline } from '@spillway/core';

import type { LogHandler } from '../handlers/log-handler.ts';
import { HandlerCalls } from './handler-calls.ts';
import { type HandlerFailure, handlerErrorRecord } from './handler-error-record.ts';
import { HandlerProcessor } from './handler-processor.ts';
import type { OwnDoing } from './own-doing.ts';
import { ReportLimit } from './report-limit.ts';

export interface FailureReportsOptions {
  readonly fallback: LogHandler;
  readonly resource: ReadableLogRecord['resource'];
  readonly maxPending: number;
  readonly ownDoing: OwnDoing;
  /** The logger's, in which reports are created. */
  readonly ledger: Ledger;
  readonly diag: ThrottledDiag;
}

/** What is told of a failure; describing it costs some microseconds, and is left where nobody is told. */
export type DescribeFailure = () => Omit<HandlerFailure, 'unreported'>;

/** Tells the fallback handler what goes wrong in the others. What goes wrong in itself goes to `diag`. Never throws. */
export class FailureReports {
  readonly #options: FailureReportsOptions;
  readonly #limit = new ReportLimit();
  readonly #calls: HandlerCalls;
  readonly #processor: HandlerProcessor;

  constructor(options: FailureReportsOptions) {
    const { fallback: handler, maxPending, ownDoing, diag } = options;
    this.#options = options;
    this.#calls = new HandlerCalls({
      handler,
      maxPending,
      ownDoing,
      onFailure: (error) => diag.error('fallback', 'The fallback handler failed', error),
      onOverflow: () => diag.warn('fallback full', 'Too many calls of the fallback handler are pending'),
    });
    this.#processor = new HandlerProcessor({ handler, calls: this.#calls, ownDoing });
  }

  report(describe: DescribeFailure): void {
    const { ownDoing, diag } = this.#options;
    const unreported = this.#limit.take(performance.now());
    if (unreported === undefined) {
      diag.warn('failures', 'Handlers fail more often than is reported');
      return;
    }
    try {
      // A getter of the error may log.
      ownDoing.run(() => this.#tell({ ...describe(), unreported }));
    } catch (error) {
      // What a handler has written to a record before it failed may be anything.
      diag.error('report', 'A failure of a handler could not be described', error);
    }
  }

  /** Resolves when the fallback has flushed, has failed to, or has no time left. */
  forceFlush(deadline: Deadline): Promise<void> {
    return this.#end('forceFlush', deadline, this.#processor.forceFlush());
  }

  /** Likewise; what is pending then is not waited for. */
  async shutdown(deadline: Deadline): Promise<void> {
    const timeoutMillis = deadline.remainingMillis;
    await this.#end('shutdown', deadline, this.#processor.shutdown({ timeoutMillis }));
    this.#calls.letGo();
  }

  #tell(failure: HandlerFailure): void {
    const { resource, ledger } = this.#options;
    const record = handlerErrorRecord(failure, Date.now(), resource);
    ledger.create();
    ledger.pass();
    this.#processor.onEmit(record);
  }

  #end(operation: string, deadline: Deadline, work: Promise<void>): Promise<void> {
    const { diag } = this.#options;
    const onError = (error: unknown): void =>
      diag.error(`fallback ${operation}`, `${operation}() of the fallback handler failed`, error);
    return workUntilDeadline(deadline, work.catch(onError));
  }
}
