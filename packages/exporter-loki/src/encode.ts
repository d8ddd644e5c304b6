import { addQuickly } from '#fast-encoding';
import type { Drop, DropReason } from '@spillway/core';
import type { EncodeContext, Encoding } from '@spillway/delivery';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';

import { encodeCarefully } from './careful-record.ts';
import type { EncodeState } from './encode-state.ts';
import { PushBodyWriter } from './push-body-writer.ts';
import { readField } from './read-field.ts';
import { extraLabelValue, type RecordGroup, RecordGroups } from './record-groups.ts';

/**
 * Up to this many streams of a tenant, each gets requests of its own: Loki reports the errors of the last stream of a
 * request only, so that a 204 for several can hide what it refused of the others.
 * @see https://github.com/grafana/loki/blob/main/pkg/ingester/instance.go (`Push`; read 2026-11-21)
 */
const MAX_SEPARATE_STREAMS = 16;

/** Requests are not made smaller than this, however often a backend asks for less. */
const MIN_REQUEST_BYTES = 0x4000;

const MAX_SEVERITY = 24;
const NO_KEYS: ReadonlySet<string> = new Set();

/**
 * Encodes records as push requests for Loki, with the mapping of Loki's own OTLP endpoint. Never throws; each record is
 * in one of the payloads or in one of the drops. Deterministic: it reads no clock and draws no random number.
 */
export function encode(
  records: readonly ReadableLogRecord[],
  state: EncodeState,
  { nowMillis, sizeRatio }: EncodeContext,
): Encoding {
  const drops = new Map<DropReason, number>();
  const drop = (reason: DropReason): void => void drops.set(reason, (drops.get(reason) ?? 0) + 1);
  state.startBatch(nowMillis);
  const groups = new RecordGroups(state, drop);
  for (const record of records) groups.add(record);
  const payloads = [];
  for (const tenantGroups of groups.byTenant()) {
    const tenant = tenantGroups[0]?.stream.tenant;
    const maxBytes = Math.max(MIN_REQUEST_BYTES, Math.floor(state.options.maxRequestBytes * sizeRatio(tenant)));
    const writer = new PushBodyWriter(maxBytes);
    const isPacked = tenantGroups.length > MAX_SEPARATE_STREAMS;
    for (const group of tenantGroups) {
      encodeGroup(group, writer, state, nowMillis, drop);
      if (!isPacked) writer.finish();
    }
    writer.finish();
    payloads.push(...writer.payloads);
  }
  state.streams.endBatch();
  return { payloads, drops: Array.from(drops, ([reason, count]): Drop => ({ reason, count })) };
}

function encodeGroup(
  group: RecordGroup,
  writer: PushBodyWriter,
  state: EncodeState,
  nowMillis: number,
  drop: (reason: DropReason) => void,
): void {
  for (const record of group.records) {
    if (addQuickly(record, group, writer, state)) continue;
    const reason = addCarefully(record, group, writer, state, nowMillis);
    if (reason !== undefined) drop(reason);
  }
}

/** Returns why the record had to be dropped, if it had to. */
function addCarefully(
  record: ReadableLogRecord,
  { stream, demoted }: RecordGroup,
  writer: PushBodyWriter,
  state: EncodeState,
  nowMillis: number,
): DropReason | undefined {
  try {
    const origin = state.originOf(record);
    if (origin === undefined) return 'invalid';
    const labelKeys = demoted.has(record) ? NO_KEYS : labelledKeys(record, state.options.labels);
    const { time, rest } = encodeCarefully(record, origin, labelKeys, nowMillis);
    if (time.isExpired) return 'expired';
    const { millis, nanos } = time.moment;
    writer.add(stream, stream.clock.next(millis, nanos) + rest, severityOf(record), millis);
    return undefined;
  } catch {
    return 'invalid';
  }
}

/** Attributes that are labels of this record's stream already. */
function labelledKeys(record: ReadableLogRecord, labels: readonly string[]): ReadonlySet<string> {
  const attributes = readField(record, 'attributes');
  return new Set(labels.filter((key) => extraLabelValue(readField(attributes, key)) !== undefined));
}

function severityOf(record: ReadableLogRecord): number {
  const severity = readField(record, 'severityNumber');
  return typeof severity === 'number' && severity > 0 ? Math.min(MAX_SEVERITY, Math.floor(severity)) : 0;
}
