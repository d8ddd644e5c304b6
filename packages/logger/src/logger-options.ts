import type { Attributes, LoggerProvider } from '@opentelemetry/api';
import {
  checkFields,
  checkFunction,
  checkInteger,
  checkMethods,
  checkOptions,
  checkString,
  optionMessage,
  toPlainValue,
} from '@spillway/core';

import { consoleHandler } from './handlers/console-handler.ts';
import type { LogHandler } from './handlers/log-handler.ts';
import { checkLevel, type LogLevel, SEVERITIES, type Severity } from './log-level.ts';
import type { LogSink } from './log-sink.ts';
import { ProviderSink } from './provider-sink.ts';
import { HandlerSink } from './standalone/handler-sink.ts';
import { standaloneResource } from './standalone/standalone-resource.ts';
import { joinTopic } from './topic.ts';

export interface LoggerOptions {
  /**
   * First part of the path, such as the application's or the library's name. The path is the name of the instrumentation
   * scope, and stands before each topic.
   * @defaultValue none: the scope is `unknown`, as the SDK names it, and topics stand alone
   */
  readonly name?: string;
  /** Version of what `name` names, for the instrumentation scope. @defaultValue none */
  readonly version?: string;
  /**
   * Least severe level that is logged. What is below costs nothing.
   * @defaultValue 'trace': what is kept is for the provider's processors to decide
   */
  readonly level?: LogLevel;
  /**
   * Topic of records that name none, joined to the path like any other; empty for the path alone.
   * @defaultValue 'general': so that records without a topic of their own can be told from those of children
   */
  readonly defaultTopic?: string;
  /**
   * Where records go: any provider of the Logs API. It is flushed with the logger, but never shut down.
   * @defaultValue the global provider, as it is at each call, unless there are `handlers`
   */
  readonly provider?: LoggerProvider;
  /**
   * Where records go instead, without a provider: functions, and exporters by `toHandler`; at least one, each only once.
   * They are called in this order, without waiting for each other, and none can harm another.
   * @defaultValue none: records go to the provider
   */
  readonly handlers?: readonly LogHandler[];
  /**
   * Gets a record of topic `logger.handler.error` for each handler that fails, up to 100 at once and 10 a second. Only
   * with `handlers`, and none of them.
   * @defaultValue consoleHandler(): a failure must be seen somewhere
   */
  readonly fallbackHandler?: LogHandler;
  /** Attributes of the resource, such as `service.name`. Only with `handlers`; a provider has its own. @defaultValue none */
  readonly resource?: Attributes;
  /**
   * Calls of each handler that may be pending at once, 1 and up. Beyond it a new record does not get to that handler, and
   * counts there as `queue_full`. Only with `handlers`.
   * @defaultValue 1000: about a megabyte where a handler hangs
   */
  readonly maxPending?: number;
}

/** Options as they are used, and what is open for all children. */
export interface ResolvedLoggerOptions {
  readonly name: string;
  readonly version: string | undefined;
  readonly minSeverity: Severity['severityNumber'];
  readonly defaultTopic: string;
  readonly sink: LogSink;
}

const FIELDS: readonly (keyof LoggerOptions)[] = [
  'name',
  'version',
  'level',
  'defaultTopic',
  'provider',
  'handlers',
  'fallbackHandler',
  'resource',
  'maxPending',
];
/** Options without effect where a provider takes the records. */
const STANDALONE_FIELDS = ['fallbackHandler', 'resource', 'maxPending'] as const;

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveLoggerOptions(options: LoggerOptions): ResolvedLoggerOptions {
  checkOptions(options);
  checkFields('', options, FIELDS);
  const { version } = options;
  if (version !== undefined) checkString('version', version);
  return {
    name: joinTopic(checkText('name', options.name ?? '')),
    version,
    minSeverity: SEVERITIES[checkLevel('level', options.level ?? 'trace')].severityNumber,
    defaultTopic: checkText('defaultTopic', options.defaultTopic ?? 'general'),
    sink: options.handlers === undefined ? providerSink(options) : handlerSink(options),
  };
}

function providerSink(options: LoggerOptions): ProviderSink {
  const { provider } = options;
  for (const field of STANDALONE_FIELDS) {
    const rule = 'left out without `handlers`: it would have no effect';
    if (options[field] !== undefined) throw new RangeError(optionMessage(field, rule, options[field]));
  }
  if (provider !== undefined) checkMethods('provider', provider, ['getLogger']);
  return new ProviderSink(provider);
}

function handlerSink(options: LoggerOptions): HandlerSink {
  const { provider, fallbackHandler: fallback = consoleHandler(), resource = {} } = options;
  if (provider !== undefined) {
    throw new RangeError(
      optionMessage('provider', 'left out with `handlers`: records go to one or the other', provider),
    );
  }
  const handlers = checkHandlers(options.handlers);
  checkFunction('fallbackHandler', fallback);
  if (handlers.includes(fallback)) {
    const rule = 'none of the handlers, or it would be told of its own failures';
    throw new RangeError(optionMessage('fallbackHandler', rule, fallback));
  }
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) {
    throw new TypeError(optionMessage('resource', 'an object of attributes', resource));
  }
  return new HandlerSink({
    handlers,
    fallback,
    resource: standaloneResource(toPlainValue({ ...resource }) as Attributes),
    maxPending: checkInteger('maxPending', options.maxPending ?? 1000, { min: 1 }),
  });
}

/** A copy, which later changes to the array do not reach. */
function checkHandlers(value: unknown): readonly LogHandler[] {
  const rule = 'an array of at least one function; an exporter becomes one by `toHandler(exporter)`';
  if (!Array.isArray(value)) throw new TypeError(optionMessage('handlers', rule, value));
  if (value.length === 0) throw new RangeError(optionMessage('handlers', rule, value));
  const handlers: LogHandler[] = [...value];
  handlers.forEach((handler, index) => {
    const field = `handlers[${index}]`;
    if (typeof handler !== 'function') {
      throw new TypeError(
        optionMessage(field, 'a function; an exporter becomes one by `toHandler(exporter)`', handler),
      );
    }
    const first = handlers.indexOf(handler);
    if (first === index) return;
    const other = `another function than handlers[${first}], or it would get each record twice`;
    throw new RangeError(optionMessage(field, other, handler));
  });
  return handlers;
}

function checkText(field: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(optionMessage(field, 'a string', value));
  return value;
}
