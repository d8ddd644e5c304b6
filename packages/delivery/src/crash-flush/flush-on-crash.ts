import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import {
  checkFields,
  checkMethods,
  checkOptions,
  checkTimerMillis,
  optionMessage,
  ThrottledDiag,
} from '@spillway/core';

import { CrashFlush } from './crash-flush.ts';
import type { HostProcess } from './host-process.ts';
import { ProcessorFlush } from './processor-flush.ts';

export interface FlushOnCrashOptions {
  /**
   * The log-record processors to flush, one at least: those that the `LoggerProvider` was given. Those of this project can
   * let their exporters keep what they hold without asynchronous work (`flushSync`), which is all that a crash and
   * `process.exit()` leave time for; others are flushed on signals and where the event loop runs empty.
   */
  readonly processors: readonly LogRecordProcessor[];
  /**
   * Time that flushing may take from the end of the process, in milliseconds, 1 to 2147483647: on a signal for the
   * asynchronous flush, on a crash or an exit for the synchronous ones together, which block the thread, and before an exit
   * for all flushes together. More where an outbox on a slow disk needs it; less than what the supervisor of the process
   * leaves between SIGTERM and SIGKILL. @defaultValue 2000
   */
  readonly timeoutMillis?: number;
}

/**
 * Flushes log-record processors when the process ends: by a crash, by SIGTERM or SIGINT, by `process.exit()`, or because
 * nothing is left to do.
 *
 * - Signals: flushes, for `timeoutMillis` and at most 300 ms more, then lets the signal end the process as it would have,
 *   unless the application listens to it. Then the ending is the application's, and what it logs is flushed on exit.
 *   A second signal ends at once.
 * - Crashes that the application does not catch, and exits: `flushSync`, which blocks for `timeoutMillis` in all.
 *   What exit listeners log is flushed as well, unless they were added in the turn in which the process exits.
 * - Never ends the process by itself otherwise, never throws once it listens.
 * - In worker threads there are no signals; what else is described here happens when the worker ends. In pages it does
 *   nothing: processors flush by themselves when a page is hidden.
 * - SIGKILL and a fatal error of the engine, such as running out of memory, run nothing.
 *
 * @returns stops listening, for good; may be called again. The ending of a signal that is under way is not called off.
 * @throws TypeError or RangeError where an option is wrong.
 */
export function flushOnCrash(options: FlushOnCrashOptions): () => void {
  checkOptions(options);
  checkFields('', options, ['processors', 'timeoutMillis']);
  const processors = checkProcessors(options.processors);
  const timeoutMillis = checkTimerMillis('timeoutMillis', options.timeoutMillis ?? 2000, 1);
  const host = globalThis.process as unknown as Partial<HostProcess> | undefined;
  // Bundlers give pages a `process` that has next to nothing.
  if (typeof host?.prependListener !== 'function' || typeof host.kill !== 'function') return () => {};
  const diag = new ThrottledDiag({ namespace: '@spillway/delivery' });
  return new CrashFlush(host as HostProcess, new ProcessorFlush(processors, diag), timeoutMillis).start();
}

function checkProcessors(value: unknown): readonly LogRecordProcessor[] {
  if (!Array.isArray(value))
    throw new TypeError(optionMessage('processors', 'an array of log-record processors', value));
  if (value.length === 0) throw new RangeError(optionMessage('processors', 'an array that is not empty', value));
  value.forEach((processor: unknown, index) => checkProcessor(`processors[${index}]`, processor));
  return [...new Set(value as readonly LogRecordProcessor[])];
}

function checkProcessor(field: string, value: unknown): void {
  if (!has(value, 'onEmit')) {
    if (has(value, 'export')) throw mistaken(field, 'an exporter: give the processor that exports to it', value);
    if (has(value, 'getLogger')) throw mistaken(field, 'a provider: give the processors that it was made with', value);
  }
  checkMethods(field, value, ['onEmit', 'forceFlush', 'shutdown']);
}

function mistaken(field: string, what: string, value: unknown): TypeError {
  return new TypeError(optionMessage(field, `a log-record processor, not ${what}`, value));
}

function has(value: unknown, method: string): boolean {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, method) === 'function';
}
