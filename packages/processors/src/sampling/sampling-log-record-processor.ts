import type { Context } from '@opentelemetry/api';
import type { LogRecordProcessor, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import {
  componentAttributes,
  type DeadlineOptions,
  effectiveSeverity,
  type LedgerSnapshot,
  LogRecordSnapshot,
  severityIndex,
} from '@spillway/core';

import { DecoratorShell } from '../decorator/decorator-shell.ts';
import type { Delegate, EnabledOptions } from '../decorator/delegate.ts';
import { observeLedger } from '../ledger-metrics.ts';
import { type SeverityCounts, SeverityTally } from '../severity-tally.ts';
import { decide } from './consistent-decision.ts';
import { type ResolvedSamplingOptions, resolveSamplingOptions } from './resolve-sampling-options.ts';
import type { AskPredicate } from './rule-table.ts';
import type { SamplingLogRecordProcessorOptions } from './sampling-options.ts';
import { type Threshold, thresholdOfRatio } from './threshold.ts';

/**
 * Attributes of a sampled record, with the names and values of the OpenTelemetry Collector's `probabilistic_sampler`.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/probabilisticsamplerprocessor (read 2026-11-21)
 */
const ATTR_THRESHOLD = 'sampling.threshold';
const ATTR_RANDOMNESS = 'sampling.randomness';
const ATTR_PRIORITY = 'sampling.priority';

const NO_ANSWER = Symbol('no answer');

type Attributes = ReadWriteLogRecord['attributes'];

/** Account and state of a sampler at one moment. */
export interface SamplingStats extends LedgerSnapshot {
  /** Records dropped as `sampled`, by severity. */
  readonly droppedBySeverity: SeverityCounts;
  /** What pressure left of the ratios at the last record that it counted for, as far as a severity allows; 1 for all. */
  readonly pressureRatio: number;
}

/**
 * Keeps a part of the records and drops the rest, before they cost anything.
 *
 * - The decision by a ratio depends on the trace id alone, so that all records of a trace are kept or dropped together,
 *   here and in every service and collector that samples by the OpenTelemetry specification; a lower ratio keeps a subset
 *   of a higher.
 * - A kept record carries `sampling.threshold`, from which its backend can tell how many it stands for: a threshold `c`
 *   (25 %) makes it count for four. A record without a trace also carries `sampling.randomness`, so that a sampler behind
 *   this one decides alike.
 * - Order and concurrency are the delegate's: a record is passed on within `onEmit`, or dropped and counted as `sampled`.
 */
export class SamplingLogRecordProcessor implements LogRecordProcessor {
  readonly #options: ResolvedSamplingOptions;
  readonly #shell = new DecoratorShell();
  readonly #delegate: Delegate;
  readonly #tally = new SeverityTally();
  /** Where the predicate throws, there is no answer, and the record is kept. */
  readonly #askPredicate: AskPredicate = ({ predicate, predicateOption }, record) => {
    if (predicate === undefined) return true;
    const answer = this.#shell.ask<ReadWriteLogRecord, unknown>(predicateOption, predicate, record, NO_ANSWER);
    // One that is asynchronous answers with a promise, which does not count.
    return answer === NO_ANSWER ? undefined : answer === true;
  };
  /** A random number from 0 to below 1; of our own where the application has none to give. */
  readonly #draw = (): number => {
    const { random } = this.#options;
    if (random === undefined) return Math.random();
    const drawn = toNumber(this.#shell.ask('random', random, undefined, Number.NaN));
    if (drawn >= 0 && drawn < 1) return drawn;
    this.#shell.diag.error('random', 'The random callback did not answer with a number from 0 to below 1');
    return Math.random();
  };
  /** Of whole percentages that records ask for. */
  readonly #thresholdsByPriority = new Map<number, Threshold>();

  /** @throws TypeError or RangeError where an option is wrong. */
  constructor(options: SamplingLogRecordProcessorOptions) {
    this.#options = resolveSamplingOptions(options);
    this.#delegate = this.#shell.addDelegate('delegate', this.#options.delegate);
    const { selfObsMeterProvider: meterProvider } = this.#options;
    if (meterProvider === undefined) return;
    const { ledger, diag } = this.#shell;
    const component = componentAttributes('SamplingLogRecordProcessor');
    observeLedger({ meterProvider, diag, component, ledger, tally: { reason: 'sampled', counts: this.#tally } });
  }

  /** Decides about a record. Never throws, blocks or waits. */
  onEmit(record: ReadWriteLogRecord, emitContext?: Context): void {
    const shell = this.#shell;
    if (!shell.admit(emitContext)) return;
    const kept = this.#decide(record);
    if (kept !== undefined) shell.pass(this.#delegate, kept, emitContext);
  }

  /** False where no record of this kind can pass, or the delegate takes none. */
  enabled(options: EnabledOptions): boolean {
    return !this.#shell.isShutDown && this.#canKeep(options) && this.#delegate.enabled(options);
  }

  /**
   * Flushes the delegate. Never rejects.
   *
   * @param options `timeoutMillis`: budget of the whole flush, 30000 by default
   */
  forceFlush(options?: DeadlineOptions): Promise<void> {
    return this.#shell.forceFlush(options);
  }

  /**
   * Shuts the delegate down. Never rejects; a second call gets the same promise.
   *
   * @param options `timeoutMillis`: budget of the shutdown, 5000 by default
   */
  shutdown(options?: DeadlineOptions): Promise<void> {
    return this.#shell.shutdown(options);
  }

  /** Lets the delegate keep what it holds, without asynchronous work. Never throws. */
  flushSync(deadlineMillis: number): void {
    this.#shell.flushSync(deadlineMillis);
  }

  /** Account and state, for health checks and tests. */
  stats(): SamplingStats {
    return {
      ...this.#shell.ledger.snapshot(),
      droppedBySeverity: this.#tally.snapshot(),
      pressureRatio: 2 ** -this.#options.pressureLevel.level,
    };
  }

  /** The record as it is passed on; undefined where it was dropped. */
  #decide(record: ReadWriteLogRecord): ReadWriteLogRecord | undefined {
    try {
      const kept = this.#sample(record);
      if (kept !== undefined) return kept;
      this.#tally.add(record.severityNumber);
      this.#shell.ledger.drop('sampled');
      return undefined;
    } catch (error) {
      return this.#shell.dropInvalid(error);
    }
  }

  /** The record as it is passed on; undefined where it is to be dropped. */
  #sample(record: ReadWriteLogRecord): ReadWriteLogRecord | undefined {
    const { attributes, severityNumber } = record;
    const priority = this.#options.usePriority ? attributes[ATTR_PRIORITY] : undefined;
    if (typeof priority === 'number' && priority >= 0) {
      if (priority >= 100) return record;
      return priority === 0 ? undefined : this.#thin(record, attributes, this.#thresholdOfPriority(priority));
    }
    const rate = this.#options.rules.rateFor(effectiveSeverity(severityNumber), record, this.#askPredicate);
    if (rate === undefined) return record;
    if (rate.isNever || !rate.takeTurn()) return undefined;
    return this.#thin(record, attributes, rate.thresholdAt(this.#levelFor(severityNumber)));
  }

  #thin(
    record: ReadWriteLogRecord,
    attributes: Attributes,
    threshold: Threshold | undefined,
  ): ReadWriteLogRecord | undefined {
    if (threshold === undefined) return record;
    const prior = attributes[ATTR_THRESHOLD];
    const traceId = record.spanContext?.traceId;
    const evidence = { traceId, threshold: prior, randomness: attributes[ATTR_RANDOMNESS] };
    const kept = decide(threshold, evidence, this.#draw);
    if (kept === undefined) return undefined;
    const { text } = kept.threshold;
    if (kept.randomness === undefined) {
      return prior === text ? record : new LogRecordSnapshot(record, false, { ...attributes, [ATTR_THRESHOLD]: text });
    }
    const drawn = { ...attributes, [ATTR_THRESHOLD]: text, [ATTR_RANDOMNESS]: kept.randomness };
    return new LogRecordSnapshot(record, false, drawn);
  }

  /** How often the ratio is halved for a record of this severity now. */
  #levelFor(severityNumber: unknown): number {
    const { pressure, pressureLevel, maxLevels } = this.#options;
    if (pressure === undefined) return 0;
    const level = pressureLevel.update(toNumber(this.#shell.ask('pressure', pressure, undefined, Number.NaN)));
    return Math.min(level, maxLevels[severityIndex(severityNumber)] as number);
  }

  #thresholdOfPriority(priority: number): Threshold {
    const known = this.#thresholdsByPriority.get(priority);
    if (known !== undefined) return known;
    const threshold = thresholdOfRatio(priority / 100);
    // Whole ones alone, or records could make the table grow without end.
    if (Number.isInteger(priority)) this.#thresholdsByPriority.set(priority, threshold);
    return threshold;
  }

  #canKeep({ severityNumber, eventName, instrumentationScope }: EnabledOptions): boolean {
    // Any record may ask to be kept; and one of a severity that is not known yet may be severe.
    if (this.#options.usePriority || severityNumber === undefined) return true;
    return this.#options.rules.canKeep(effectiveSeverity(severityNumber), {
      scopeName: instrumentationScope?.name,
      eventName,
    });
  }
}

function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}
