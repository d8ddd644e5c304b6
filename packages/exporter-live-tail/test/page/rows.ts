import type { LiveTailRecord } from '@spillway/exporter-live-tail/live-tail-client';

import type { RecordRow } from '../../page/src/tail-row.ts';

/** A record with what a test says of it. */
export function record(fields: Partial<LiveTailRecord> = {}): LiveTailRecord {
  return { offset: 0, time: 0, scope: 'test', attributes: {}, resource: {}, ...fields };
}

export function recordRow(number: number, fields: Partial<LiveTailRecord> = {}, bytes = 1): RecordRow {
  return { kind: 'record', number, record: record(fields), bytes };
}
