import type { EncodedPayload } from '@spillway/delivery';

import type { TimeSeries } from './time-series.ts';
import { timeSeriesBytes, TimeSeriesWriter } from './time-series-writer.ts';

/** How large one request may be. */
export interface RequestLimits {
  /** Samples, 1 and up. */
  readonly maxSamples: number;
  /** Bytes before compression; a series that is larger by itself goes alone. */
  readonly maxBytes: number;
}

/** Metrics are neither urgent nor dearer than logs, and of several pushes the oldest is given up first: a later one says more. */
const SEVERITY = 0;

/**
 * Writes samples into as few requests as the limits allow, in the order given. A record of such a payload is one series:
 * `recordOffsets` says where each begins.
 *
 * A request holds samples of one time only. So none has a series twice, and one that is sent again, because its answer was
 * lost, is stored again without complaint: receivers take equal samples for one, but refuse those that are no longer the
 * newest of their series.
 */
export function encodeWriteRequests(series: readonly TimeSeries[], limits: RequestLimits): readonly EncodedPayload[] {
  const payloads: EncodedPayload[] = [];
  let start = 0;
  while (start < series.length) {
    const { end, bytes } = measureRequest(series, start, limits);
    payloads.push(encodeRequest(series.slice(start, end), bytes));
    start = end;
  }
  return payloads;
}

/** Cuts a payload of several series in two; their bytes stay as they are, and each keeps all its samples. */
export function splitWriteRequest(payload: EncodedPayload): readonly EncodedPayload[] {
  const { body, recordOffsets } = payload;
  if (recordOffsets.length < 2) return [payload];
  const middle = recordOffsets.length >> 1;
  const cut = recordOffsets[middle] as number;
  return [
    { ...payload, body: body.slice(0, cut), recordOffsets: recordOffsets.slice(0, middle) },
    { ...payload, body: body.slice(cut), recordOffsets: recordOffsets.slice(middle).map((offset) => offset - cut) },
  ];
}

function measureRequest(
  series: readonly TimeSeries[],
  start: number,
  { maxSamples, maxBytes }: RequestLimits,
): { readonly end: number; readonly bytes: number } {
  const first = series[start] as TimeSeries;
  let bytes = timeSeriesBytes(first);
  let end = start + 1;
  for (const maxEnd = Math.min(series.length, start + maxSamples); end < maxEnd; end += 1) {
    const one = series[end] as TimeSeries;
    const size = timeSeriesBytes(one);
    if (one.timestampMillis !== first.timestampMillis || bytes + size > maxBytes) break;
    bytes += size;
  }
  return { end, bytes };
}

function encodeRequest(series: readonly TimeSeries[], bytes: number): EncodedPayload {
  const writer = new TimeSeriesWriter(bytes);
  const recordOffsets = new Uint32Array(series.length);
  for (const [index, one] of series.entries()) {
    recordOffsets[index] = writer.offset;
    writer.write(one);
  }
  const [{ timestampMillis: oldestTimeMillis }] = series as readonly [TimeSeries];
  return { body: writer.body, recordOffsets, highestSeverity: SEVERITY, oldestTimeMillis };
}
