import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import type { EncodeState } from './encode-state.ts';
import type { PushBodyWriter } from './push-body-writer.ts';
import type { RecordGroup } from './record-groups.ts';

/** Writes a record from texts that were prepared; false where it takes a closer look. Never throws. */
export function addQuickly(
  record: ReadableLogRecord,
  { stream, demoted }: RecordGroup,
  writer: PushBodyWriter,
  state: EncodeState,
): boolean {
  const { fast } = state;
  const rest = encodeFast(record, demoted, state);
  if (rest === undefined) return false;
  const { millis, nanos } = fast.time;
  writer.add(stream, stream.clock.next(millis, nanos) + rest, fast.severity, millis);
  return true;
}

function encodeFast(
  record: ReadableLogRecord,
  demoted: RecordGroup['demoted'],
  state: EncodeState,
): string | undefined {
  try {
    const origin = state.originOf(record);
    if (origin === undefined) return undefined;
    const keys = demoted.size > 0 && demoted.has(record) ? origin.demotedKeys : origin.keys;
    return state.fast.encode(record, origin, keys);
  } catch {
    return undefined;
  }
}
