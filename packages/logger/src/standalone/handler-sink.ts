import { context, isSpanContextValid, type LogRecord, trace } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  Deadline,
  type DeadlineOptions,
  type DropReason,
  DropWarnings,
  FLUSH_TIMEOUT_MILLIS,
  flushBeforeExit,
  Ledger,
  LogRecordSnapshot,
  readTimeoutMillis,
  SHUTDOWN_TIMEOUT_MILLIS,
  ThrottledDiag,
  toHrTime,
} from '@spillway/core';
import { type FanOutError, FanOutLogRecordProcessor } from '@spillway/processors';

import { describeException } from '../attributes/exception.ts';
import type { LogHandler } from '../handlers/log-handler.ts';
import { DONE, type LoggerStats, type LogSink, type ScopeSink } from '../log-sink.ts';
import { FailureReports } from './failure-reports.ts';
import { HandlerCalls } from './handler-calls.ts';
import { HandlerProcessor } from './handler-processor.ts';
import { OwnDoing } from './own-doing.ts';

export interface HandlerSinkOptions {
  readonly handlers: readonly LogHandler[];
  readonly fallback: LogHandler;
  readonly resource: ReadableLogRecord['resource'];
  readonly maxPending: number;
}

/** A record that is being handed to the handlers. */
interface Handout {
  /** Calls that have not ended yet. */
  readonly pending: Promise<void>[];
  /** Whether a handler has got it. */
  hasBegun: boolean;
}

type Scope = ReadableLogRecord['instrumentationScope'];
type Attributes = ReadableLogRecord['attributes'];

/** As many as the SDK keeps by default. */
const MAX_ATTRIBUTES = 128;

/** Hands records to handlers, each isolated from the others, without a provider. */
export class HandlerSink implements LogSink {
  readonly #resource: ReadableLogRecord['resource'];
  readonly #ledger = new Ledger();
  readonly #diag = new ThrottledDiag({ namespace: '@spillway/logger' });
  readonly #warnings = new DropWarnings(this.#diag, this.#ledger);
  readonly #ownDoing = new OwnDoing();
  readonly #calls: readonly HandlerCalls[];
  readonly #fanOut: FanOutLogRecordProcessor;
  readonly #reports: FailureReports;
  readonly #stopExitFlush: () => void;
  #handout: Handout | undefined;
  #shutdown: Promise<void> | undefined;

  constructor({ handlers, fallback, resource, maxPending }: HandlerSinkOptions) {
    const ownDoing = this.#ownDoing;
    this.#resource = resource;
    this.#reports = new FailureReports({
      fallback,
      resource,
      maxPending,
      ownDoing,
      ledger: this.#ledger,
      diag: this.#diag,
    });
    this.#calls = handlers.map((handler, index) => this.#callsOf(handler, index, maxPending));
    this.#fanOut = new FanOutLogRecordProcessor({
      delegates: handlers.map((handler, index) => {
        const calls = this.#calls[index] as HandlerCalls;
        const onRecord = (): void => this.#countHandedOut();
        const onPending = (call: Promise<void>): void => void this.#handout?.pending.push(call);
        return new HandlerProcessor({ handler, calls, ownDoing, onRecord, onPending });
      }),
      onError: (error) => this.#report(error),
    });
    const ledger = this.#ledger;
    this.#stopExitFlush = flushBeforeExit({
      // What a flush itself logs is dropped, and nothing to flush for: it would never end.
      get entered() {
        return ledger.received - ledger.droppedTotal;
      },
      forceFlush: (options) => this.forceFlush(options),
    });
  }

  scope(name: string, version: string | undefined): ScopeSink {
    // All records have it: a handler that changes it must not reach them.
    const scope: Scope = Object.freeze(version === undefined ? { name } : { name, version });
    return {
      // What comes after a shutdown has a place in the ledger too.
      isEnabled: () => true,
      emit: (record) => this.#emit(record, scope),
    };
  }

  /** Resolves when all handlers have ended what was pending, and exporters have flushed, or the time is over. */
  async forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    const deadline = new Deadline(readTimeoutMillis(options, FLUSH_TIMEOUT_MILLIS));
    await this.#fanOut.forceFlush({ timeoutMillis: deadline.remainingMillis });
    await this.#reports.forceFlush(deadline);
  }

  /** Flushes, then shuts exporters down; a second call gets the same promise. */
  shutdown(options: DeadlineOptions | undefined): Promise<void> {
    this.#shutdown ??= this.#close(new Deadline(readTimeoutMillis(options, SHUTDOWN_TIMEOUT_MILLIS)));
    return this.#shutdown;
  }

  stats(): LoggerStats {
    return { ...this.#ledger.snapshot(), handlers: this.#calls.map(({ ledger }) => ledger.snapshot()) };
  }

  #callsOf(handler: LogHandler, index: number, maxPending: number): HandlerCalls {
    const calls: HandlerCalls = new HandlerCalls({
      handler,
      maxPending,
      ownDoing: this.#ownDoing,
      onFailure: (error, record) =>
        this.#reports.report(() => ({
          handler: index,
          operation: 'emit',
          exception: describeException(error),
          record,
        })),
      onOverflow: () => warnings.onDrop(),
    });
    const warnings = new DropWarnings(this.#diag, calls.ledger, `records for handlers[${index}]`);
    return calls;
  }

  /** Of a flush or a shutdown: a handler that fails to take a record is not the fan-out's concern. */
  #report({ delegate, operation, error }: FanOutError): void {
    const { name: type, message, stack: stacktrace } = error;
    this.#reports.report(() => ({
      handler: delegate,
      operation: operation === 'onEmit' ? 'emit' : operation,
      exception: stacktrace === undefined ? { type, message } : { type, message, stacktrace },
      record: undefined,
    }));
  }

  #emit(record: LogRecord, scope: Scope): Promise<void> {
    this.#ledger.receive();
    if (this.#shutdown !== undefined) return this.#drop('shutdown');
    if (this.#ownDoing.isActive) return this.#drop('suppressed');
    // While one record is handed out another may come, such as one of a diagnostics logger that logs here.
    const outer = this.#handout;
    const handout: Handout = { pending: [], hasBegun: false };
    this.#handout = handout;
    try {
      this.#fanOut.onEmit(this.#recordOf(record, scope), context.active());
    } catch {
      // Only a context manager of the application is left to throw here.
      return this.#drop('invalid');
    } finally {
      this.#handout = outer;
    }
    // The fan-out hands on nothing that the sending of any telemetry has caused.
    if (!handout.hasBegun) return this.#drop('suppressed');
    return handout.pending.length === 0 ? DONE : Promise.all(handout.pending).then(() => {});
  }

  /** Before the first handler gets it, so that it finds the account closed. */
  #countHandedOut(): void {
    const handout = this.#handout;
    if (handout === undefined || handout.hasBegun) return;
    handout.hasBegun = true;
    this.#ledger.pass();
  }

  #drop(reason: DropReason): Promise<void> {
    this.#ledger.drop(reason);
    this.#warnings.onDrop();
    return DONE;
  }

  #recordOf({ severityNumber, severityText, body, attributes = {} }: LogRecord, scope: Scope): LogRecordSnapshot {
    const hrTime = toHrTime(Date.now());
    const spanContext = trace.getSpanContext(context.active());
    const kept = keptAttributes(attributes);
    const fields = {
      hrTime,
      hrTimeObserved: hrTime,
      ...(spanContext !== undefined && isSpanContextValid(spanContext) && { spanContext }),
      severityNumber,
      severityText,
      body,
      resource: this.#resource,
      instrumentationScope: scope,
      attributes: kept,
      droppedAttributesCount: kept === attributes ? 0 : Object.keys(attributes).length - MAX_ATTRIBUTES,
    };
    return new LogRecordSnapshot(fields as ReadableLogRecord, false);
  }

  async #close(deadline: Deadline): Promise<void> {
    this.#stopExitFlush();
    // The fan-out flushes first only where there are several. Half of the time, so that a flush that hangs costs no shutdown.
    if (this.#calls.length === 1) await this.#fanOut.forceFlush({ timeoutMillis: deadline.remainingMillis / 2 });
    await this.#fanOut.shutdown({ timeoutMillis: deadline.remainingMillis });
    for (const calls of this.#calls) calls.letGo();
    await this.#reports.shutdown(deadline);
    this.#warnings.flush();
  }
}

/** The topic and the exception are the first. */
function keptAttributes(attributes: Attributes): Attributes {
  const names = Object.keys(attributes);
  if (names.length <= MAX_ATTRIBUTES) return attributes;
  return Object.fromEntries(names.slice(0, MAX_ATTRIBUTES).map((name) => [name, attributes[name]]));
}
