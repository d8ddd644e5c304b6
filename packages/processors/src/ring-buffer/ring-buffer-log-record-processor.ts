import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  BackpressureWatch,
  componentAttributes,
  type DeadlineOptions,
  effectiveSeverity,
  type LogRecordSnapshot,
  onBeforeExit,
} from '@spillway/core';

import { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate, EnabledOptions } from '../decorator/delegate.ts';
import { observeLedger } from '../ledger-metrics.ts';
import { FlightRecorder } from './flight-recorder.ts';
import { HandOver } from './hand-over.ts';
import { holdLogRecord } from './held-log-record.ts';
import { GLOBAL_RING, RecordQuestions, toScopeKey } from './record-questions.ts';
import { type ResolvedRingBufferOptions, resolveRingBufferOptions } from './resolve-ring-buffer-options.ts';
import type { RingBufferLogRecordProcessorOptions } from './ring-buffer-options.ts';
import type { RingBufferStats } from './ring-buffer-stats.ts';

/**
 * A flight recorder: holds records below a severity, and releases those of a trace when something goes wrong in it.
 *
 * - Records below `holdBelowSeverity` (WARN) wait in the ring of their trace, those without a trace in one global ring.
 *   Others pass at once, within `onEmit`.
 * - A trigger, which is a record of `triggerMinSeverity` (ERROR) and above, releases what the ring of its trace holds: it
 *   is handed on in the order of emission, before the trigger, within `onEmit`. Then records of the trace pass at once,
 *   for `passThroughMillis`.
 * - A released record has the time, span context, resource and values that it was emitted with, and `log.buffered`.
 * - What is not released in time, or has to leave for others, goes to `untriggered` or is dropped and counted.
 * - What a delegate logs while records are handed on is taken like any other record, and handed on after them. Where
 *   that makes it log again, and so on, the ninth record in a row is dropped as `suppressed`.
 *
 * It belongs before samplers and the like, which would thin out what it holds. `forceFlush` and `flushSync` release
 * nothing: what waits for a trigger goes on waiting. It is in memory only: a crash loses it, unless `releaseAll` and
 * then `flushSync` are called before.
 */
export class RingBufferLogRecordProcessor implements LogRecordProcessor {
  readonly #options: ResolvedRingBufferOptions;
  readonly #shell = new DecoratorShell({ beforeShutdown: () => this.#end() });
  readonly #stopListening: () => void;
  readonly #handOver = new HandOver(this.#shell);
  readonly #delegate: Delegate;
  readonly #untriggered: Delegate | undefined;
  readonly #questions: RecordQuestions;
  readonly #backpressure: BackpressureWatch | undefined;
  readonly #recorder: FlightRecorder;

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: RingBufferLogRecordProcessorOptions) {
    const resolved = resolveRingBufferOptions(options);
    const { delegate, untriggered } = resolved;
    const { ledger, diag } = this.#shell;
    this.#options = resolved;
    this.#delegate = this.#shell.addDelegate('delegate', delegate);
    // One that is both is flushed and shut down once.
    if (untriggered === delegate) this.#untriggered = this.#delegate;
    else if (untriggered !== undefined) this.#untriggered = this.#shell.addDelegate('untriggered', untriggered);
    this.#questions = new RecordQuestions(resolved, this.#shell);
    this.#backpressure = this.#watchBackpressure(resolved);
    this.#recorder = new FlightRecorder(resolved, {
      ledger,
      handOver: this.#handOver,
      backpressure: this.#backpressure,
      delegate: this.#delegate,
      untriggered: this.#untriggered,
    });
    this.#stopListening = untriggered === undefined ? () => {} : onBeforeExit(() => this.#handOnHeld());
    const { selfObsMeterProvider: meterProvider } = resolved;
    if (meterProvider === undefined) return;
    observeLedger({ meterProvider, diag, component: componentAttributes('RingBufferLogRecordProcessor'), ledger });
  }

  /** Holds a record, passes it on, or releases what was held before it passes. Never throws, blocks or waits. */
  onEmit(record: ReadWriteLogRecord, emitContext?: Context): void {
    if (!this.#shell.admit(emitContext)) return;
    if (!this.#handOver.takesMore) this.#suppress();
    else if (this.#options.mode === 'copy') this.#copy(record, emitContext);
    else this.#record(record, emitContext);
  }

  /** False after shutdown, or where neither the delegate nor `untriggered` takes records of this kind. */
  enabled(options: EnabledOptions): boolean {
    if (this.#shell.isShutDown) return false;
    return this.#delegate.enabled(options) || this.#untriggered?.enabled(options) === true;
  }

  /**
   * Releases what a scope holds, marked with `log.buffered`, and passes its records for `passThroughMillis`, as after any
   * trigger. Never throws; does nothing with `mode: 'copy'` or after shutdown.
   *
   * @param key of the scope, such as a trace id; undefined for the global ring
   * @returns how many records were released
   */
  release(key?: string): number {
    return this.#release((now) => this.#recorder.trigger(toScopeKey(key), now));
  }

  /**
   * Releases everything held, marked with `log.buffered`, in the order of emission. What comes then is held as before.
   * Never throws; does nothing with `mode: 'copy'` or after shutdown.
   *
   * @returns how many records were released
   */
  releaseAll(): number {
    return this.#release((now) => this.#recorder.triggerAll(now));
  }

  /**
   * Copies of what is held now, in the order of emission; nothing is changed by it. What has expired is among it until
   * its memory is freed, up to a sixteenth of `ttlMillis` later. Never throws.
   *
   * @param filter answers which records are wanted. Where it throws, the record is among them.
   */
  snapshot(filter: (record: ReadableLogRecord) => boolean = () => true): ReadableLogRecord[] {
    return this.#recorder.snapshot().filter((record) => {
      try {
        return filter(record);
      } catch (error) {
        this.#shell.diag.error('snapshot', 'The filter of snapshot() threw', error);
        return true;
      }
    });
  }

  /** Account and state, for health checks and tests. */
  stats(): RingBufferStats {
    return { ...this.#shell.ledger.snapshot(), ...this.#recorder.stats() };
  }

  /** Whether the pressure is below `backpressureThreshold`. Where it is not, records may have to leave early. */
  isHealthy(): boolean {
    return this.#recorder.pressure < this.#options.backpressureThreshold;
  }

  /**
   * Flushes the delegate and `untriggered`. What waits for a trigger is not released. Never rejects.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#shell.forceFlush(options);
  }

  /**
   * Hands what is held to `untriggered`, or else drops it as `shutdown`; then shuts the delegate and `untriggered` down.
   * Never rejects; a second call gets the same promise.
   *
   * @param options `timeoutMillis`: budget of the shutdown, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#shell.shutdown(options);
  }

  /** Lets the delegate and `untriggered` keep what they hold, without asynchronous work. Releases nothing. Never throws. */
  flushSync(deadlineMillis: number): void {
    this.#shell.flushSync(deadlineMillis);
  }

  #release(trigger: (now: number) => number): number {
    if (this.#options.mode === 'copy' || this.#shell.isShutDown) return 0;
    const count = trigger(performance.now());
    this.#handOver.run();
    return count;
  }

  #record(record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    let held: LogRecordSnapshot | undefined;
    let key = GLOBAL_RING;
    let now = 0;
    try {
      const severity = effectiveSeverity(record.severityNumber);
      const isTrigger = severity >= this.#options.triggerMinSeverity || this.#questions.isTrigger(record);
      if (isTrigger || severity < this.#options.holdBelowSeverity) {
        key = this.#questions.scopeKeyOf(record);
        now = performance.now();
        if (isTrigger) this.#recorder.trigger(key, now);
        else if (!this.#recorder.isPassing(key, now)) held = holdLogRecord(record);
      }
    } catch (error) {
      return this.#shell.dropInvalid(error);
    }
    if (held === undefined) return this.#handOver.pass(this.#delegate, record, emitContext);
    return this.#hold(key, held, now);
  }

  #hold(key: string, held: LogRecordSnapshot, now: number): void {
    this.#recorder.hold(key, held, now);
    this.#handOver.run();
    this.#backpressure?.update(this.#recorder.pressure);
  }

  /** Passes a record on and keeps a copy of it as it came. */
  #copy(record: ReadWriteLogRecord, emitContext: Context | undefined): void {
    try {
      this.#recorder.hold(GLOBAL_RING, holdLogRecord(record), performance.now());
    } catch (error) {
      this.#shell.diag.error('copy', 'A record that cannot be copied was passed on without a copy', error);
    }
    this.#handOver.pass(this.#delegate, record, emitContext);
    this.#backpressure?.update(this.#recorder.pressure);
  }

  #watchBackpressure(options: ResolvedRingBufferOptions): BackpressureWatch | undefined {
    const { onBackpressure, backpressureThreshold } = options;
    if (onBackpressure === undefined) return undefined;
    const tell = (): unknown => onBackpressure(this.stats());
    const onError = (error: unknown): void =>
      this.#shell.diag.error('onBackpressure', 'The onBackpressure callback threw', error);
    return new BackpressureWatch(backpressureThreshold, tell, onError);
  }

  /** Ends the loop of a delegate that logs because of what it has logged. */
  #suppress(): void {
    this.#shell.ledger.drop('suppressed');
    this.#shell.diag.warn(
      'loop',
      'A processor behind this one logs whenever it gets a record: some of what it logs is dropped',
    );
  }

  #end(): void {
    this.#stopListening();
    this.#handOnHeld();
  }

  /** Nothing more will come, for now or for good: what no trigger has released goes its way. */
  #handOnHeld(): void {
    this.#recorder.end(performance.now());
    this.#handOver.run();
  }
}
