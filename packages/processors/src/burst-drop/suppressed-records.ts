import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { estimateRecordBytes, LogRecordSnapshot } from '@spillway/core';

/**
 * Names of the OpenTelemetry Collector's log deduplication processor.
 * @see https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/processor/logdedupprocessor (read 2026-11-21)
 */
const ATTR_COUNT = 'log_count';
const ATTR_FIRST_OBSERVED = 'first_observed_timestamp';
const ATTR_LAST_OBSERVED = 'last_observed_timestamp';

const MILLIS_PER_SECOND = 1000;
const NANOS_PER_MILLI = 1e6;
/** A `Date` reaches no further. */
const MAX_DATE_MILLIS = 8.64e15;

type Time = ReadWriteLogRecord['hrTime'];

/** Records of one key that were suppressed in one window, and the record that will stand for them. */
export class SuppressedRecords {
  /** When the summary leaves at the latest, in milliseconds of a monotonic clock. */
  readonly dueAt: number;
  /** Estimated memory, in bytes. */
  readonly bytes: number;
  readonly #snapshot: LogRecordSnapshot;
  readonly #firstObserved: Time;
  #lastTime: Time;
  #lastObserved: Time;
  #count = 1;

  /** Takes a copy of the first record. @throws what the record throws, if it cannot be read */
  constructor(record: ReadWriteLogRecord, dueAt: number) {
    this.dueAt = dueAt;
    this.#snapshot = new LogRecordSnapshot(record, true, { ...record.attributes });
    this.bytes = estimateRecordBytes(this.#snapshot);
    this.#lastTime = this.#snapshot.hrTime;
    this.#firstObserved = this.#snapshot.hrTimeObserved;
    this.#lastObserved = this.#firstObserved;
  }

  /** Adds a further record. Allocates nothing. */
  add(record: ReadWriteLogRecord): void {
    this.#lastTime = record.hrTime;
    this.#lastObserved = record.hrTimeObserved;
    this.#count += 1;
  }

  /** The one record that stands for all: the first, with the number of them and the time of the last. To be called once. */
  toSummary(): LogRecordSnapshot {
    const summary = this.#snapshot;
    summary.hrTime = this.#lastTime;
    summary.hrTimeObserved = this.#lastObserved;
    summary.setAttribute(ATTR_COUNT, this.#count);
    setTime(summary, ATTR_FIRST_OBSERVED, this.#firstObserved);
    setTime(summary, ATTR_LAST_OBSERVED, this.#lastObserved);
    return summary;
  }
}

/** Leaves a time out that a record made up. */
function setTime(summary: LogRecordSnapshot, name: string, time: Time): void {
  const millis = readMillis(time);
  if (Math.abs(millis) <= MAX_DATE_MILLIS) summary.setAttribute(name, new Date(millis).toISOString());
}

function readMillis(time: Time): number {
  try {
    return time[0] * MILLIS_PER_SECOND + time[1] / NANOS_PER_MILLI;
  } catch {
    return Number.NaN;
  }
}
