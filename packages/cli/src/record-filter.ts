import type { LiveTailRecord } from '@spillway/exporter-live-tail/live-tail-client';

import type { TailFilter } from './command-line.ts';

/** INFO: what a record without a severity counts as. */
const UNSPECIFIED_COUNTS_AS = 9;

/** Whether a record is to be shown. */
export function isWanted(record: LiveTailRecord, { minSeverity, text, scope, traceId }: TailFilter): boolean {
  if ((record.severityNumber ?? UNSPECIFIED_COUNTS_AS) < minSeverity) return false;
  if (scope !== undefined && record.scope !== scope) return false;
  if (traceId !== undefined && record.traceId !== traceId) return false;
  return text === undefined || hasText(record, text.toLowerCase());
}

function hasText({ body, eventName, attributes }: LiveTailRecord, text: string): boolean {
  return [body, eventName, ...Object.entries(attributes).flat()].some((value) =>
    (typeof value === 'string' ? value : JSON.stringify(value ?? '')).toLowerCase().includes(text),
  );
}
