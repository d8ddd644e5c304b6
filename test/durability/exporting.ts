import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { LokiLogRecordExporter, type LokiLogRecordExporterOptions } from '@spillway/exporter-loki';

import type { ApplicationOptions } from './application-options.ts';
import { placeOptions } from './place.ts';

/** An exporter with short waits, so that recovery takes milliseconds. */
export function openExporter(
  { url, place, directory }: ApplicationOptions,
  options: LokiLogRecordExporterOptions = {},
): LokiLogRecordExporter {
  const backoff = { delayMillis: (attempt: number): number => Math.min(5 * attempt, 50) };
  return new LokiLogRecordExporter({ url, backoff, ...placeOptions(place, directory), ...options });
}

const RESOURCE = { attributes: { 'service.name': 'durability' } };
const SCOPE = { name: 'durability' };

/** Records as the SDK hands them to an exporter. By hand: hundreds of processes that each load the SDK take their time. */
export function makeRecords(bodies: readonly string[]): ReadableLogRecord[] {
  const now = Date.now();
  const hrTime = [Math.floor(now / 1000), (now % 1000) * 1e6] as const;
  return bodies.map((body) => ({
    hrTime,
    hrTimeObserved: hrTime,
    severityNumber: 9,
    body,
    attributes: {},
    droppedAttributesCount: 0,
    resource: RESOURCE,
    instrumentationScope: SCOPE,
  })) as unknown as ReadableLogRecord[];
}
