import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { callSafely, type ThrottledDiag } from '@spillway/core';

import type { ResolvedHybridOptions } from './hybrid-options.ts';

/** Attribute by which an application chooses the lane of one record; it is not exported. */
export const LANE_ATTRIBUTE = 'spillway.lane';

type Attributes = ReadWriteLogRecord['attributes'];

/** What the attribute asks for: true for `immediate`, false for `batch`, undefined for anything else. */
export function requestedLane(value: unknown): boolean | undefined {
  if (value === 'immediate') return true;
  return value === 'batch' ? false : undefined;
}

/** A copy of the table without the lane attribute. */
export function withoutLaneAttribute(attributes: Attributes): Attributes {
  const { [LANE_ATTRIBUTE]: _lane, ...others } = attributes;
  return others;
}

/** Whether the severity alone puts a record into the immediate lane; a record without severity does not go there. */
export function isSevere(severityNumber: unknown, minSeverity: number): boolean {
  return typeof severityNumber === 'number' && severityNumber >= minSeverity;
}

/** Which lane a record goes to: that of its attribute, of its severity, or what the application says. */
export class LaneChoice {
  readonly #options: ResolvedHybridOptions;
  readonly #diag: ThrottledDiag;
  #isAsking = false;

  constructor(options: ResolvedHybridOptions, diag: ThrottledDiag) {
    this.#options = options;
    this.#diag = diag;
  }

  /**
   * Throws what a getter of the record throws.
   * @param lane value of the record's {@link LANE_ATTRIBUTE}
   */
  isImmediate(record: ReadWriteLogRecord, lane: unknown): boolean {
    const requested = lane === undefined ? undefined : requestedLane(lane);
    return requested ?? (isSevere(record.severityNumber, this.#options.immediateMinSeverity) || this.#ask(record));
  }

  /** A callback that logs would be asked about that record too, and so on. */
  #ask(record: ReadWriteLogRecord): boolean {
    const { isImmediate } = this.#options;
    if (isImmediate === undefined || this.#isAsking) return false;
    this.#isAsking = true;
    let answer: unknown;
    callSafely(
      () => (answer = isImmediate(record)),
      (error) => this.#diag.error('is-immediate', 'The isImmediate callback threw; the severity decides', error),
    );
    this.#isAsking = false;
    // An `async` callback answers with a promise, which is no answer.
    return answer === true;
  }
}
