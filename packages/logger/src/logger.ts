import type { DeadlineOptions } from '@spillway/core';

import { type LogLevel, SEVERITIES, severityOf } from './log-level.ts';
import type { LoggerStats } from './log-sink.ts';
import { LoggerNode } from './logger-node.ts';
import type { LoggerOptions } from './logger-options.ts';

const { trace, debug, info, warn, error, fatal } = SEVERITIES;

/**
 * A logger over the OpenTelemetry Logs API, or over handlers of its own. Run time never throws: whatever a message, a
 * context or a handler is or does, the application goes on, and the record is not lost.
 *
 * - The path of a logger, its `name` and the prefixes of its children, is the instrumentation scope. The path and the
 *   topic of a call, joined by dots, are the attribute `log.topic`.
 * - A context becomes attributes. An error, as message, as context or under `error`, `err` or `exception` in it, becomes
 *   `exception.type`, `exception.message` and `exception.stacktrace`.
 * - Calls answer with a promise that never rejects. Over a provider it is resolved already; over handlers it resolves when
 *   all of them have ended. There is no need to await it.
 *
 * @typeParam Context what the context of a call may be; any object by default
 */
export class Logger<Context extends object = object> {
  readonly #node: LoggerNode;

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: LoggerOptions = {}) {
    this.#node = LoggerNode.of(options);
  }

  /** What stands before each topic, such as `dsp.pipeline`; empty for a root without a name. */
  get path(): string {
    return this.#node.name;
  }

  /**
   * Logs a record.
   *
   * @param level what is no level counts as `info`
   * @param message the body; of an error its message
   * @param topic joined to the path; the default topic where it is missing or empty, or the context stands in its place
   * @param context becomes attributes
   */
  log(level: LogLevel, message: string | Error, context: Context | Error): Promise<void>;
  log(level: LogLevel, message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  log(
    level: LogLevel,
    message: string | Error,
    topic?: string | Context | Error,
    context?: Context | Error,
  ): Promise<void> {
    return this.#node.log(severityOf(level), message, topic, context);
  }

  trace(message: string | Error, context: Context | Error): Promise<void>;
  trace(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  trace(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(trace, message, topic, context);
  }

  debug(message: string | Error, context: Context | Error): Promise<void>;
  debug(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  debug(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(debug, message, topic, context);
  }

  info(message: string | Error, context: Context | Error): Promise<void>;
  info(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  info(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(info, message, topic, context);
  }

  warn(message: string | Error, context: Context | Error): Promise<void>;
  warn(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  warn(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(warn, message, topic, context);
  }

  error(message: string | Error, context: Context | Error): Promise<void>;
  error(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  error(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(error, message, topic, context);
  }

  fatal(message: string | Error, context: Context | Error): Promise<void>;
  fatal(message: string | Error, topic?: string, context?: Context | Error): Promise<void>;
  fatal(message: string | Error, topic?: string | Context | Error, context?: Context | Error): Promise<void> {
    return this.#node.log(fatal, message, topic, context);
  }

  /** Whether a record of this level would be made now: for contexts that are costly to build. */
  isEnabled(level: LogLevel): boolean {
    return this.#node.isEnabled(severityOf(level));
  }

  /**
   * A logger whose path is this one's and the prefix, with the same provider or handlers. A prefix names a part of the
   * program: providers keep each name for good, so what differs from request to request belongs into the context.
   *
   * @typeParam ChildContext what the child's contexts may be; those of this logger by default
   */
  child<ChildContext extends object = Context>(prefix: string): Logger<ChildContext> {
    return new Logger<ChildContext>(this.#node.child(prefix));
  }

  /**
   * Resolves when handlers have ended what was pending and exporters have flushed, or the time is over. Over a provider it
   * flushes that, if it can be flushed. Never rejects.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#node.forceFlush(options);
  }

  /**
   * Flushes, then shuts exporters made into handlers down, for this logger and all others of its tree: what is logged later
   * is dropped, and a second call gets the same promise. A provider is only flushed. Never rejects.
   *
   * @param options `timeoutMillis`: budget of all that together, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#node.shutdown(options);
  }

  /** The account of this logger and all others of its tree. */
  stats(): LoggerStats {
    return this.#node.stats();
  }
}
