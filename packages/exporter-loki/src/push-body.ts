import { concatBytes, utf8Encoder } from '@spillway/core';
import type { EncodedPayload } from '@spillway/delivery';

/**
 * The layout of our push bodies, which any JSON parser reads:
 *
 *     {"streams":[
 *     {"stream":{"service_name":"shop"},"values":[
 *     ["1795224243463000000","a line",{"severity_number":"9"}],
 *     ["1795224243463000001","a line",{"severity_number":"9"}]]},
 *     {"stream":{"service_name":"mail"},"values":[
 *     ["1795224243463000000","a line",{}]]}]}
 *
 * Each stream and each record begins a line of its own, and JSON has no line break inside a string. So records can be
 * found and cut out without parsing.
 * @see https://grafana.com/docs/loki/latest/reference/loki-http-api/#ingest-logs (read 2026-11-21)
 */
export const BODY_START = '{"streams":[\n';
/** Ends a record that another one of its stream follows. */
export const RECORD_END = ',\n';
/** Ends the last record of a stream that another stream follows. */
export const STREAM_END = ']},\n';
/** Ends the last record. */
export const BODY_END = ']}]}';

export function streamStart(labels: string): string {
  return `{"stream":${labels},"values":[\n`;
}

const LINE_BREAK = 0x0a;
export const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;

const BODY_START_BYTES = utf8Encoder.encode(BODY_START);
export const BODY_END_BYTES: Uint8Array = utf8Encoder.encode(BODY_END);
export const RECORD_END_BYTES: Uint8Array = utf8Encoder.encode(RECORD_END);

/** Where records begin in a body, in bytes. */
export function findRecords(body: Uint8Array): number[] {
  const offsets: number[] = [];
  let at = 0;
  do {
    if (body[at] === OPENING_BRACKET) offsets.push(at);
    at = body.indexOf(LINE_BREAK, at) + 1;
  } while (at > 0);
  return offsets;
}

/** Cuts a payload of several records in two halves; the bytes of a record stay as they are. */
export function splitPayload(payload: EncodedPayload): readonly EncodedPayload[] {
  const { body, recordOffsets } = payload;
  if (recordOffsets.length < 2) return [payload];
  const middle = recordOffsets.length >> 1;
  const cut = recordOffsets[middle] as number;
  const head = streamStartBytes(payload, middle);
  const prefixBytes = BODY_START_BYTES.length + head.length;
  return [
    {
      ...payload,
      body: concatBytes([body.subarray(0, endOfRecordBefore(body, cut)), BODY_END_BYTES]),
      recordOffsets: recordOffsets.slice(0, middle),
    },
    {
      ...payload,
      body: concatBytes([BODY_START_BYTES, head, body.subarray(cut)]),
      recordOffsets: recordOffsets.slice(middle).map((offset) => offset - cut + prefixBytes),
    },
  ];
}

/** The line that opens the stream of a record, its line break included. */
function streamStartBytes({ body, recordOffsets }: EncodedPayload, record: number): Uint8Array {
  let index = record;
  while (body[(recordOffsets[index] as number) - 2] === COMMA) index -= 1;
  const end = recordOffsets[index] as number;
  return body.subarray(body.lastIndexOf(LINE_BREAK, end - 2) + 1, end);
}

function endOfRecordBefore(body: Uint8Array, recordStart: number): number {
  if (body[recordStart - 2] === COMMA) return recordStart - RECORD_END.length;
  return body.lastIndexOf(LINE_BREAK, recordStart - 2) + 1 - STREAM_END.length;
}
