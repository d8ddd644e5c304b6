import type { DeadlineOptions } from '@spillway/core';

import { recordAttributes } from './attributes/record-attributes.ts';
import { recordBody } from './attributes/record-body.ts';
import type { Severity } from './log-level.ts';
import { DONE, type LoggerStats, type ScopeSink } from './log-sink.ts';
import { type LoggerOptions, type ResolvedLoggerOptions, resolveLoggerOptions } from './logger-options.ts';
import { joinTopic, TopicNames } from './topic.ts';

/** The SDK's name for a scope without one, which it would warn of. */
const UNNAMED_SCOPE = 'unknown';

/** A logger without its methods' names: one place in the tree of children. It stands for the options of a child. */
export class LoggerNode implements LoggerOptions {
  readonly name: string;
  readonly #resolved: ResolvedLoggerOptions;
  readonly #scope: ScopeSink;
  readonly #topics: TopicNames;

  /** The node of a child, or a new root. */
  static of(options: LoggerOptions): LoggerNode {
    return options instanceof LoggerNode ? options : new LoggerNode(resolveLoggerOptions(options));
  }

  private constructor(resolved: ResolvedLoggerOptions) {
    const { name, version, defaultTopic, sink } = resolved;
    this.name = name;
    this.#resolved = resolved;
    this.#scope = sink.scope(name === '' ? UNNAMED_SCOPE : name, version);
    this.#topics = new TopicNames(name, defaultTopic);
  }

  child(prefix: string): LoggerNode {
    return new LoggerNode({ ...this.#resolved, name: joinTopic(this.name, prefix) });
  }

  isEnabled(severity: Severity): boolean {
    return severity.severityNumber >= this.#resolved.minSeverity && this.#scope.isEnabled(severity);
  }

  /** @param topic also the context, where there is no topic */
  log(severity: Severity, message: unknown, topic: string | object | undefined, context?: object): Promise<void> {
    if (!this.isEnabled(severity)) return DONE;
    if (typeof topic === 'object' && topic !== null) return this.log(severity, message, undefined, context ?? topic);
    return this.#scope.emit({
      severityNumber: severity.severityNumber,
      severityText: severity.severityText,
      body: typeof message === 'string' ? message : recordBody(message),
      attributes: recordAttributes(this.#topics.of(topic), message, context),
    });
  }

  forceFlush(options: DeadlineOptions | undefined): Promise<void> {
    return this.#resolved.sink.forceFlush(options);
  }

  shutdown(options: DeadlineOptions | undefined): Promise<void> {
    return this.#resolved.sink.shutdown(options);
  }

  stats(): LoggerStats {
    return this.#resolved.sink.stats();
  }
}
