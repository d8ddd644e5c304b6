import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

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
