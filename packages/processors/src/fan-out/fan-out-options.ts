import type { MeterProvider } from '@opentelemetry/api';
import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { checkFields, checkFunction, checkOptions, optionMessage } from '@spillway/core';

import { checkMeterProvider, checkProcessor } from '../common-options.ts';
import type { FanOutError } from './fan-out-error.ts';

export interface FanOutLogRecordProcessorOptions {
  /**
   * Where each record goes, in this order: any log-record processors, at least one, each only once. They are flushed
   * and shut down with the fan-out.
   *
   * A processor shuts its exporter down, so an exporter that two delegates share would be shut down while the other one
   * still needs it: sharing is not supported. Give each delegate an exporter of its own.
   */
  readonly delegates: readonly LogRecordProcessor[];
  /**
   * Told of each call that went wrong in a delegate, while the application waits: it must be fast. What it logs itself
   * is handed on like any record, but a delegate that fails in that is only named in OpenTelemetry's diagnostics.
   * @defaultValue none: failures are logged through `diag`, every 30 s at most, unless there is a `fallback`
   */
  readonly onError?: (report: FanOutError) => void;
  /**
   * Gets a log record of severity ERROR for each call that went wrong in a delegate. It is not one of the delegates and
   * gets no other records. It is flushed with them and shut down after them. What goes wrong in itself is only logged
   * through `diag`.
   * @defaultValue none. Set it to find failures where the logs are; a way to another backend or to a file is best.
   */
  readonly fallback?: LogRecordProcessor;
  /** Where metrics about the processor itself go. @defaultValue nowhere */
  readonly selfObsMeterProvider?: MeterProvider;
}

/** Options that have no default. */
type Unset = 'onError' | 'fallback' | 'selfObsMeterProvider';

/** Options as they are used. */
export type ResolvedFanOutOptions = Required<Omit<FanOutLogRecordProcessorOptions, Unset>> & {
  readonly [Name in Unset]: FanOutLogRecordProcessorOptions[Name] | undefined;
};

const OPTIONS: readonly (keyof FanOutLogRecordProcessorOptions)[] = [
  'delegates',
  'onError',
  'fallback',
  'selfObsMeterProvider',
];

/** @throws TypeError or RangeError naming the option that is wrong. */
export function resolveFanOutOptions(options: FanOutLogRecordProcessorOptions): ResolvedFanOutOptions {
  checkOptions(options);
  checkFields('', options, OPTIONS);
  const { onError, fallback, selfObsMeterProvider } = options;
  const delegates = checkDelegates(options.delegates);
  checkFunction('onError', onError);
  if (fallback !== undefined) {
    checkProcessor('fallback', fallback);
    const rule = 'none of the delegates, or it would be told of its own failures';
    if (delegates.includes(fallback)) throw new RangeError(optionMessage('fallback', rule, fallback));
  }
  checkMeterProvider(selfObsMeterProvider);
  return { delegates, onError, fallback, selfObsMeterProvider };
}

/** A copy, which later changes to the array do not reach. */
function checkDelegates(value: unknown): readonly LogRecordProcessor[] {
  const rule = 'an array of at least one log-record processor';
  if (!Array.isArray(value)) throw new TypeError(optionMessage('delegates', rule, value));
  if (value.length === 0) throw new RangeError(optionMessage('delegates', rule, value));
  const delegates: LogRecordProcessor[] = [...value];
  delegates.forEach((delegate, index) => {
    const field = `delegates[${index}]`;
    checkProcessor(field, delegate);
    const first = delegates.indexOf(delegate);
    if (first === index) return;
    const other = `another processor than delegates[${first}], or it would get each record twice`;
    throw new RangeError(optionMessage(field, other, delegate));
  });
  return delegates;
}
